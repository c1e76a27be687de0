"""Each phase of a crawl over canned answers: what is asked for, what comes of it, what is remembered."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from passerelle.errors import PasserelleError, UsageError
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    MalformedRecord,
    PollRecord,
    PostRecord,
)
from spiders.collecting.engagement import follow, read_reposters
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.histories import read_histories
from spiders.collecting.parents import read_parents
from spiders.collecting.reading import settle
from spiders.collecting.refusals import losses_told
from spiders.collecting.threads import look_again, read_threads
from spiders.collecting.walking import END_UNKNOWN
from tests.spiders.crawling import ANNE, BOB, CLEO, CLOCK, HOST, Page, Say, account, all_of, canned_crawl, status

TAG = "/api/v1/timelines/tag/i4emploi?limit=40"


def run(*phases: Any) -> list[Any]:
    return asyncio.run(all_of(*phases))


def of(kind: type, records: list[Any]) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def posts(records: list[Any]) -> list[str]:
    return [record.post.rpartition("/")[2] for record in of(PostRecord, records)]


def timeline(crawl: Any) -> list[Any]:
    return run(lambda: read_hashtag(crawl, "i4emploi"), lambda: _settled(crawl))


async def _settled(crawl: Any) -> Any:
    for record in settle(crawl):
        yield record


def everything(crawl: Any) -> list[Any]:
    records = run(
        lambda: read_hashtag(crawl, "i4emploi"),
        lambda: look_again(crawl),
        lambda: read_threads(crawl),
        lambda: read_reposters(crawl),
        lambda: read_histories(crawl),
        lambda: read_parents(crawl),
        lambda: _settled(crawl),
    )
    follow(crawl)
    return records


# --- timelines


def test_pages_follow_the_link_header_until_an_empty_page() -> None:
    crawl, api = canned_crawl(
        {TAG: Page([status(3), status(2)], "/two"), "/two": Page([status(1)], "/three"), "/three": []}
    )
    assert posts(timeline(crawl)) == ["3", "2", "1"]
    assert api.asked == [TAG, "/two", "/three"]


def test_a_server_without_link_headers_is_paged_by_max_id() -> None:
    first = Page([status("17.a2"), status("16.0f")], linked=False)
    crawl, api = canned_crawl({TAG: first, TAG + "&max_id=16.0f": Page([status("15.ff")], linked=False)})
    api.answers[TAG + "&max_id=15.ff"] = Page([], linked=False)
    assert posts(timeline(crawl)) == ["17.a2", "16.0f", "15.ff"]


def test_the_first_collection_stops_where_it_was_told_to() -> None:
    old = status(1, hours=24 * 90)
    crawl, api = canned_crawl({TAG: Page([status(2)], "/two"), "/two": Page([old], "/three")})
    [coverage] = of(CoverageRecord, timeline(crawl))
    assert api.asked == [TAG, "/two"]
    assert (coverage.complete, coverage.covered_from) == (True, CLOCK - timedelta(days=84))


def test_a_second_run_reads_back_to_what_is_known_even_over_several_pages() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1, hours=1)])})
    timeline(crawl)
    later = CLOCK + timedelta(days=3)
    new = [status(number, hours=-70 + number) for number in range(60, 20, -1)]
    pages = {TAG: Page(new, "/two"), "/two": Page([status(2, hours=-10), status(1, hours=26)], "/three"), "/three": []}
    again, api = canned_crawl(pages, clock=later, state=crawl.state)
    assert len(set(posts(timeline(again)))) == 42
    assert api.asked == [TAG, "/two", "/three"]
    quiet, api = canned_crawl({TAG: Page([status(1, hours=60)], "/two")}, clock=later, state=again.state)
    timeline(quiet)
    assert api.asked == [TAG]


def test_a_cut_timeline_says_so_and_the_next_run_fills_the_hole() -> None:
    pages = {
        TAG: Page([status(9, hours=30)], "/8"),
        "/8": Page([status(8)], "/7"),
        "/7": Page([status(7)], "/6"),
        "/6": [],
    }
    crawl, _ = canned_crawl(pages, max_pages=2)
    records = timeline(crawl)
    assert [(one.complete, one.reason) for one in of(CoverageRecord, records)] == [(False, "limit")]
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(days=3), state=crawl.state, max_pages=2)
    assert posts(timeline(again)) == ["9", "7"]
    assert api.asked == [TAG, "/7", "/6"]
    assert crawl.state.cursors["timeline:i4emploi"].holes == []


def test_an_unreachable_server_moves_no_cursor_and_loses_nothing() -> None:
    crawl, _ = canned_crawl({TAG: Say("unreachable")})
    records = timeline(crawl)
    assert [(one.reason, one.covered_from) for one in of(CoverageRecord, records)] == [("unreachable", None)]
    assert crawl.ledger.losses
    assert crawl.state.cursors == {}
    half, _ = canned_crawl({TAG: Page([status(2)], "/two"), "/two": Say("unreachable")})
    assert posts(timeline(half)) == ["2"]
    again, api = canned_crawl({TAG: Page([status(3, hours=-20)], "/x"), "/two": [status(1)]}, state=half.state)
    assert posts(timeline(again)) == ["3", "1"]
    assert "/two" in api.asked


@pytest.mark.parametrize(
    "pages",
    [
        {TAG: Page([status(1)], TAG), TAG + "&max_id=0": Page([status(1)], TAG)},
        {TAG: Page([status(1)], "/2")} | {f"/{n}": Page([status(1)], f"/{n + 1}") for n in range(2, 99)},
    ],
)
def test_cursors_that_lead_in_circles_are_left_and_said(pages: dict[str, Page]) -> None:
    crawl, api = canned_crawl(pages)
    records = timeline(crawl)
    assert posts(records) == ["1"]
    [coverage] = of(CoverageRecord, records)
    assert (coverage.complete, coverage.reason) == (False, END_UNKNOWN)
    assert len(api.asked) <= 4
    assert crawl.ledger.losses == ["timeline end_unknown"]


def test_an_endless_timeline_ends_at_max_pages() -> None:
    pages = {f"/{n}": Page([status(n)], f"/{n + 1}") for n in range(2, 99)} | {TAG: Page([status(1)], "/2")}
    crawl, api = canned_crawl(pages, max_pages=7)
    assert len(posts(timeline(crawl))) == len(api.asked) == 7


def test_look_alikes_are_not_ours_and_every_spelling_is() -> None:
    spelt = [
        status(n, tags=[{"name": tag}]) for n, tag in enumerate(["I4EMPLOI", "ｉ4emploi", "i4émploi", "i4emploiR"])
    ]
    crawl, _ = canned_crawl({TAG: Page(spelt)})
    assert posts(timeline(crawl)) == ["0", "1", "2"]
    assert crawl.ledger.counts["not_our_hashtag"] == 1


def test_a_boost_in_a_tag_timeline_is_unwrapped() -> None:
    original = status("17.a2", BOB)
    wrapper = status("17.a2", ANNE, reblog=original)
    crawl, _ = canned_crawl({TAG: Page([wrapper, original])})
    records = timeline(crawl)
    [post] = of(PostRecord, records)
    [engagement] = of(EngagementRecord, records)
    assert post.author == "acct:bob@autre.test"
    assert (engagement.account, engagement.post, engagement.at) == (f"acct:anne@{HOST}", post.post, None)


def test_a_post_that_is_no_status_goes_to_quarantine_and_the_others_land() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(3), {"id": "2"}, status(1) | {"created_at": None}, "junk"])})
    records = timeline(crawl)
    assert posts(records) == ["3"]
    assert len(of(MalformedRecord, records)) == 3
    assert any(record.where.endswith("#2") for record in of(MalformedRecord, records))


def test_an_answer_that_is_no_list_is_malformed_not_empty() -> None:
    crawl, _ = canned_crawl({TAG: {"error": "soon"}})
    records = timeline(crawl)
    assert of(MalformedRecord, records)
    assert of(CoverageRecord, records)[0].reason == "malformed"
    assert crawl.state.cursors == {}


def test_a_server_that_wants_a_login_is_told_with_the_variable() -> None:
    crawl, _ = canned_crawl({TAG: Say("login")})
    with pytest.raises(UsageError, match="token_variable"):
        timeline(crawl)


def test_a_server_that_is_no_mastodon_is_told() -> None:
    crawl, _ = canned_crawl({})
    with pytest.raises(PasserelleError, match="may not speak the Mastodon API"):
        timeline(crawl)


# --- threads


def context(number: int) -> str:
    return f"/api/v1/statuses/{number}/context"


def reply(number: int, to: int, author: dict[str, Any] = BOB, **more: Any) -> dict[str, Any]:
    return status(number, author, tags=[], in_reply_to_id=str(to), hours=0.5, **more)


def test_a_thread_is_read_once_and_replies_without_the_hashtag_come() -> None:
    below = [reply(2, 1, replies_count=1), reply(3, 2)]
    crawl, api = canned_crawl(
        {TAG: Page([status(1, replies_count=1)]), context(1): {"ancestors": [], "descendants": below}}, history_days=0
    )
    records = everything(crawl)
    assert posts(records) == ["1", "2", "3"]
    [thread] = [one for one in of(CoverageRecord, records) if one.scope == "thread"]
    assert (thread.complete, thread.got, thread.expected) == (True, 2, 2)
    again, api = canned_crawl({TAG: Page([status(1, replies_count=1)])}, state=crawl.state, history_days=0)
    everything(again)
    assert api.asked == [TAG]


def test_a_thread_that_shows_less_than_it_counts_is_incomplete() -> None:
    below = [reply(2, 1)]
    crawl, _ = canned_crawl(
        {TAG: Page([status(1, replies_count=30)]), context(1): {"ancestors": [], "descendants": below}}, history_days=0
    )
    [thread] = [one for one in of(CoverageRecord, everything(crawl)) if one.scope == "thread"]
    assert (thread.complete, thread.reason, thread.got, thread.expected) == (False, "missing_replies", 1, 30)


def test_a_deep_thread_is_asked_for_in_pieces() -> None:
    shallow = [reply(2, 1, replies_count=1)]
    crawl, api = canned_crawl(
        {
            TAG: Page([status(1, replies_count=1)]),
            context(1): {"ancestors": [], "descendants": shallow},
            context(2): {"ancestors": [status(1, replies_count=1)], "descendants": [reply(3, 2)]},
        },
        history_days=0,
    )
    assert posts(everything(crawl)) == ["1", "2", "3"]
    assert context(2) in api.asked


def test_an_unknown_parent_is_found_through_the_context() -> None:
    orphan = status(5, BOB, in_reply_to_id="4")
    crawl, _ = canned_crawl(
        {TAG: Page([orphan]), context(5): {"ancestors": [status(4, tags=[])], "descendants": []}}, history_days=0
    )
    [record] = [one for one in of(PostRecord, everything(crawl)) if one.post.endswith("/5")]
    assert record.reply_to == f"https://{HOST}/p/4"
    assert crawl.ledger.counts["unresolved_parents"] == 0


def test_a_parent_that_stays_unknown_is_counted_and_the_reply_still_lands() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(5, BOB, in_reply_to_id="4")])}, history_days=0)
    [record] = of(PostRecord, everything(crawl))
    assert record.reply_to == f"mastodon:{HOST}/4"
    assert crawl.ledger.counts["unresolved_parents"] == 1


def test_a_server_that_refuses_contexts_is_not_asked_for_every_post() -> None:
    page = Page([status(n, replies_count=1) for n in range(9)])
    crawl, api = canned_crawl({TAG: page} | {context(n): Say("login") for n in range(9)}, history_days=0)
    records = everything(crawl)
    assert sum("context" in path for path in api.asked) == 2
    assert [one.reason for one in of(CoverageRecord, records) if one.scope == "thread"] == ["login"] * 9
    assert crawl.ledger.unended == ["thread login"] * 9


def test_a_thread_that_is_gone_is_refused_only_where_no_post_was_ever_shown() -> None:
    def reason(answers: dict[str, Any]) -> str | None:
        crawl, _ = canned_crawl(answers, history_days=0)
        return [one.reason for one in of(CoverageRecord, everything(crawl)) if one.scope == "thread"][-1]

    page = Page([status(1, replies_count=1), status(2, replies_count=1)])
    assert reason({TAG: page}) == "refused"
    assert reason({TAG: page, context(1): {"ancestors": [], "descendants": []}}) == "gone"


def test_an_id_cannot_leave_its_place_in_the_url() -> None:
    crawl, api = canned_crawl({TAG: Page([status("../../admin?x=", replies_count=1)])}, history_days=0)
    everything(crawl)
    assert api.asked[1] == "/api/v1/statuses/..%2F..%2Fadmin%3Fx%3D/context"


# --- reposters and follow-ups


def reblogs(number: int) -> str:
    return f"/api/v1/statuses/{number}/reblogged_by?limit=80"


def test_reposters_page_by_link_only_and_are_compared_with_the_counter() -> None:
    answers = {
        TAG: Page([status(1, reblogs_count=2)]),
        reblogs(1): Page([BOB], "/by?max_id=777"),
        "/by?max_id=777": Page([CLEO]),
    }
    crawl, api = canned_crawl(answers, history_days=0)
    records = everything(crawl)
    assert [one.account for one in of(EngagementRecord, records)] == ["acct:bob@autre.test", f"acct:cleo@{HOST}"]
    [poll] = of(PollRecord, records)
    assert (poll.complete, poll.got, poll.expected, poll.source) == (True, 2, 2, HOST)
    shown = sorted(one.captured_at for one in of(EngagementRecord, records))
    assert (poll.captured_at, poll.ended_at) == (shown[0], shown[-1]), "from the first page to the last"
    assert poll.captured_at < poll.ended_at
    assert {one.account for one in of(AccountRecord, records)} == {
        f"acct:anne@{HOST}", "acct:bob@autre.test", f"acct:cleo@{HOST}"
    }  # fmt: skip
    assert not any("max_id=3" in path for path in api.asked)


def test_fewer_reposters_than_counted_is_no_complete_poll() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1, reblogs_count=5)]), reblogs(1): Page([BOB])}, history_days=0)
    assert [(one.complete, one.got) for one in of(PollRecord, everything(crawl))] == [(False, 1)]


def test_a_counter_of_zero_is_a_complete_poll_without_a_request() -> None:
    crawl, api = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    assert [(one.complete, one.got) for one in of(PollRecord, everything(crawl))] == [(True, 0)]
    assert api.asked == [TAG]


def test_reposters_are_asked_again_only_when_the_counter_moved_or_the_follow_up_closes() -> None:
    answers = {TAG: Page([status(1, reblogs_count=1)]), reblogs(1): Page([BOB])}
    crawl, _ = canned_crawl(answers, history_days=0)
    everything(crawl)
    same, api = canned_crawl(answers, clock=CLOCK + timedelta(hours=5), state=crawl.state, history_days=0)
    everything(same)
    assert reblogs(1) not in api.asked
    moved = {TAG: Page([status(1, reblogs_count=2)]), reblogs(1): Page([BOB, CLEO])}
    more, api = canned_crawl(moved, clock=CLOCK + timedelta(hours=9), state=same.state, history_days=0)
    everything(more)
    assert reblogs(1) in api.asked
    last, api = canned_crawl(moved, clock=CLOCK + timedelta(days=8), state=more.state, history_days=0)
    everything(last)
    assert reblogs(1) in api.asked
    over, api = canned_crawl(moved, clock=CLOCK + timedelta(days=9), state=last.state, history_days=0)
    everything(over)
    assert api.asked == [TAG]


def test_a_post_no_longer_on_the_timeline_is_looked_at_when_due() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    everything(crawl)
    look = {
        TAG: [],
        "/api/v1/statuses/1": status(1, edited_at="2026-11-22T06:30:00Z", reblogs_count=1),
        reblogs(1): [BOB],
    }
    early, api = canned_crawl(look, clock=CLOCK + timedelta(hours=20), state=crawl.state, history_days=0)
    everything(early)
    assert api.asked == [TAG]
    due, api = canned_crawl(look, clock=CLOCK + timedelta(hours=25), state=early.state, history_days=0)
    records = everything(due)
    assert api.asked == [TAG, "/api/v1/statuses/1", reblogs(1)]
    assert of(PostRecord, records)[0].edited_at is not None
    again, api = canned_crawl(look, clock=CLOCK + timedelta(hours=26), state=due.state, history_days=0)
    everything(again)
    assert api.asked == [TAG]


def test_gone_is_a_deletion_only_where_posts_were_shown_and_unreachable_never() -> None:
    def looked(answer: Any, *, shows_posts: bool, by_own: bool = True) -> list[Any]:
        crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
        everything(crawl)
        crawl.state.shows_posts = shows_posts
        look = {TAG: []} | ({"/api/v1/statuses/1": answer} if answer else {})
        due, _ = canned_crawl(look, clock=CLOCK + timedelta(hours=25), state=crawl.state, history_days=0)
        return [one.post for one in of(DeletionRecord, everything(due)) if one.by_own is by_own]

    assert looked(None, shows_posts=True) == [f"https://{HOST}/p/1"]
    assert looked(None, shows_posts=True, by_own=False) == []
    assert looked(None, shows_posts=False) == []
    assert looked(Say("unreachable"), shows_posts=True) == []


@pytest.mark.parametrize(("uri", "by_own"), [(f"https://{HOST}/p/1", True), ("https://autre.test/p/1", False)])
def test_a_server_that_drops_a_copy_of_a_post_does_not_speak_for_its_own_server(uri: str, by_own: bool) -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1, uri=uri)])}, history_days=0)
    everything(crawl)
    crawl.state.shows_posts = True
    due, _ = canned_crawl({TAG: []}, clock=CLOCK + timedelta(hours=25), state=crawl.state, history_days=0)
    [deletion] = of(DeletionRecord, everything(due))
    assert (deletion.post, deletion.by_own) == (uri, by_own)


# --- histories


def history(local: int) -> str:
    return f"/api/v1/accounts/{local}/statuses?limit=40"


def test_a_participants_timeline_is_read_for_the_days_before_and_boosts_carry_times() -> None:
    boost = status(50, ANNE, hours=100, tags=[], uri="https://x/50", reblog=status(40, CLEO, hours=200, tags=[]))
    too_old = status(30, ANNE, hours=24 * 90, tags=[])
    crawl, api = canned_crawl(
        {TAG: Page([status(60)]), history(1): Page([status(60), boost], "/h2"), "/h2": Page([too_old], "/h3")}
    )
    records = everything(crawl)
    [repost] = [one for one in of(PostRecord, records) if one.repost_of]
    assert (repost.created_at, repost.repost_of_author) == (CLOCK - timedelta(hours=100), f"acct:cleo@{HOST}")
    [coverage] = [one for one in of(CoverageRecord, records) if one.scope == "history"]
    assert (coverage.subject, coverage.complete) == (f"acct:anne@{HOST}", True)
    assert coverage.covered_from == CLOCK - timedelta(hours=1, days=84)
    assert api.asked == [TAG, history(1), "/h2"]


def test_reposters_take_part_too() -> None:
    answers = {TAG: Page([status(1, reblogs_count=1)]), reblogs(1): Page([BOB]), history(1): [], history(2): []}
    crawl, api = canned_crawl(answers)
    everything(crawl)
    assert api.asked[-2:] == [history(1), history(2)]


def test_a_history_is_read_again_only_after_a_while_and_only_back_to_what_is_known() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)]), history(1): []})
    everything(crawl)
    soon, api = canned_crawl({TAG: Page([status(2, hours=-24)])}, clock=CLOCK + timedelta(days=2), state=crawl.state)
    everything(soon)
    assert history(1) not in api.asked
    pages = {
        TAG: Page([status(3, hours=-200)]),
        history(1): Page([status(3, hours=-200), status(1, hours=1)], "/older"),
        "/older": Page([status(0, hours=30)], "/oldest"),
    }
    late, api = canned_crawl(pages, clock=CLOCK + timedelta(days=9), state=soon.state)
    records = everything(late)
    assert "/oldest" not in api.asked
    [coverage] = [one for one in of(CoverageRecord, records) if one.scope == "history"]
    assert coverage.covered_from == CLOCK - timedelta(hours=1, days=84)


def test_a_refused_history_is_not_covered() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)]), history(1): Say("refused")})
    [coverage] = [one for one in of(CoverageRecord, everything(crawl)) if one.scope == "history"]
    assert (coverage.complete, coverage.reason, coverage.covered_from) == (False, "refused", None)
    assert crawl.state.histories == {}


def test_a_history_that_could_not_be_had_is_owed_to_the_next_run() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)]), history(1): Say("unreachable")})
    everything(crawl)
    again, _ = canned_crawl({TAG: [], history(1): []}, clock=CLOCK + timedelta(days=1), state=crawl.state)
    [coverage] = [one for one in of(CoverageRecord, everything(again)) if one.scope == "history"]
    assert coverage.covered_from == CLOCK - timedelta(hours=1, days=84)
    assert again.state.owed == {}


def test_a_busy_automaton_does_not_take_the_whole_crawl() -> None:
    pages = {f"/h{n}": Page([status(1000 - n, tags=[])], f"/h{n + 1}") for n in range(1, 60)}
    crawl, api = canned_crawl(
        {TAG: Page([status(1)]), history(1): Page([status(1)], "/h1")} | pages, history_max_pages=5
    )
    [coverage] = [one for one in of(CoverageRecord, everything(crawl)) if one.scope == "history"]
    assert coverage.reason == "limit"
    assert coverage.covered_from == CLOCK - timedelta(hours=1)
    assert len(api.asked) == 6


# --- from one run to the next


def test_gone_is_believed_once_the_server_has_shown_a_post_that_is_there() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    everything(crawl)
    pages = {TAG: Page([status(2, hours=-24)]), "/api/v1/statuses/2": status(2, hours=-24)}
    due, api = canned_crawl(pages, clock=CLOCK + timedelta(hours=25), state=crawl.state, history_days=0)
    assert [one.post for one in of(DeletionRecord, everything(due))] == [f"https://{HOST}/p/1"]
    assert api.asked[1:] == ["/api/v1/statuses/1", "/api/v1/statuses/2"]


def days_later(crawl: Any, days: float, answers: dict[str, Any], **collect: Any) -> tuple[list[str], Any]:
    again, api = canned_crawl(answers, clock=CLOCK + timedelta(days=days), state=crawl.state, **collect)
    everything(again)
    return [path for path in api.asked if path.startswith("/api/v1/accounts/")], again


def test_a_history_is_read_again_every_week_though_the_job_begins_some_seconds_early() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)]), "/api/v1/accounts/1/statuses?limit=40": []})
    everything(crawl)
    week = 7 - 30 / 86400
    acted = {TAG: Page([status(2, hours=-24 * week + 1)])}
    asked, _ = days_later(crawl, week, acted)
    assert asked == ["/api/v1/accounts/1/statuses?limit=40"]
    crawl, _ = canned_crawl({TAG: Page([status(1)]), "/api/v1/accounts/1/statuses?limit=40": []})
    everything(crawl)
    assert days_later(crawl, 5, {TAG: Page([status(2, hours=-24 * 5 + 1)])})[0] == []


def test_whoever_acts_between_two_looks_is_looked_at_when_the_next_is_due_and_then_no_more() -> None:
    empty = {TAG: [], "/api/v1/accounts/1/statuses?limit=40": []}
    crawl, _ = canned_crawl({**empty, TAG: Page([status(1)])})
    everything(crawl)
    asked, later = days_later(crawl, 3, {TAG: Page([status(2, hours=-70)])})
    assert asked == []
    asked, due = days_later(later, 7, empty)
    assert asked == ["/api/v1/accounts/1/statuses?limit=40"]
    assert days_later(due, 14, empty)[0] == []


def test_a_history_is_read_back_over_what_may_have_arrived_late() -> None:
    history = "/api/v1/accounts/1/statuses?limit=40"
    crawl, _ = canned_crawl({TAG: Page([status(1)]), history: Page([status(1)], "/older"), "/older": []})
    everything(crawl)
    late = status(7, hours=5, tags=[])
    pages = {
        TAG: Page([status(8, hours=-24 * 7 + 1)]),
        history: Page([status(8, hours=-24 * 7 + 1), status(6, hours=1, tags=[])], "/more"),
        "/more": Page([late], "/old"),
        "/old": Page([status(5, hours=50, tags=[])], "/never"),
    }
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(days=7), state=crawl.state)
    assert "7" in posts(everything(again))
    assert "/never" not in api.asked


def test_a_hashtag_that_is_added_is_read_over_its_first_days_and_the_known_one_is_not() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    everything(crawl)
    other = TAG.replace("i4emploi", "autre")
    old = status(3, hours=24 * 50, tags=[{"name": "autre"}])
    pages = {TAG: Page([status(1, hours=30)], "/deep"), other: Page([old], "/two"), "/two": []}
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(days=1), state=crawl.state, history_days=0)
    again._tags = frozenset({"i4emploi", "autre"})
    run(lambda: read_hashtag(again, "i4emploi"), lambda: read_hashtag(again, "autre"))
    assert api.asked == [TAG, other, "/two"]


def test_more_first_days_are_read_where_the_campaign_file_asks_for_more() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0, first_days=7)
    everything(crawl)
    pages = {TAG: Page([status(1, hours=30)], "/deep"), "/deep": []}
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(days=1), state=crawl.state, history_days=0, first_days=60)
    everything(again)
    assert "/deep" in api.asked
    third, api = canned_crawl(pages, clock=CLOCK + timedelta(days=2), state=again.state, history_days=0, first_days=60)
    everything(third)
    assert "/deep" not in api.asked


def test_a_clock_that_goes_back_reads_on_from_the_moment_it_went_back_to() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, clock=CLOCK + timedelta(hours=9), history_days=0)
    everything(crawl)
    pages = {TAG: Page([status(2, hours=2)], "/two"), "/two": Page([status(3, hours=40)], "/never")}
    again, api = canned_crawl(pages, state=crawl.state, history_days=0)
    assert set(posts(timeline(again))) == {"2", "3"}
    assert api.asked == [TAG, "/two"]


# --- what is answered and what is ours


def asked(api: Any) -> list[str]:
    return [path for path in api.asked if not path.endswith("/context")]


def test_a_parent_that_stands_in_anybodys_history_is_found_in_whatever_order_histories_are_read() -> None:
    question = status(10, CLEO, tags=[], hours=9)
    answer = reply(11, 10, ANNE)
    pages = {
        TAG: Page([status(1), status(3, CLEO), status(12, BOB, in_reply_to_id="10")]),
        history(1): Page([answer]),
        history(3): Page([question]),
    }
    crawl, api = canned_crawl(pages)
    records = everything(crawl)
    parents = {one.post.rpartition("/")[2]: one.reply_to for one in of(PostRecord, records)}
    assert parents["11"] == parents["12"] == f"https://{HOST}/p/10"
    assert (crawl.ledger.counts["unresolved_parents"], crawl.ledger.counts["parents_asked"]) == (0, 0)
    assert "/api/v1/statuses/10" not in api.asked


def test_a_parent_that_nobody_showed_is_asked_for_once_and_known_from_then_on() -> None:
    orphan = status(5, BOB, in_reply_to_id="4", in_reply_to_account_id="3")
    pages = {TAG: Page([orphan]), "/api/v1/statuses/4": status(4, CLEO, tags=[])}
    crawl, api = canned_crawl(pages, history_days=0)
    [parent, answer] = of(PostRecord, everything(crawl))
    assert (answer.reply_to, answer.reply_to_author) == (parent.post, f"acct:cleo@{HOST}")
    assert asked(api) == [TAG, "/api/v1/statuses/4"]
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(hours=2), state=crawl.state, history_days=0)
    assert [one.reply_to for one in of(PostRecord, everything(again))] == [parent.post]
    assert asked(api) == [TAG]


def test_a_parent_that_is_not_public_is_asked_for_once_and_counted_every_time() -> None:
    pages = {TAG: Page([status(5, BOB, in_reply_to_id="4")])}
    crawl, api = canned_crawl(pages, history_days=0)
    everything(crawl)
    assert asked(api) == [TAG, "/api/v1/statuses/4"]
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(hours=2), state=crawl.state, history_days=0)
    [record] = of(PostRecord, everything(again))
    assert (record.reply_to, again.ledger.counts["unresolved_parents"]) == (f"mastodon:{HOST}/4", 1)
    assert asked(api) == [TAG]


def test_no_more_parents_are_asked_for_than_is_polite_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.collecting.parents.MAX_ASKED", 3)
    page = Page([status(20 + n, BOB, in_reply_to_id=str(n)) for n in range(1, 9)])
    answers = {f"/api/v1/statuses/{n}": status(n, CLEO, tags=[]) for n in range(1, 9)}
    crawl, api = canned_crawl({TAG: page, **answers}, history_days=0)
    records = everything(crawl)
    assert len(asked(api)) == 4
    assert (crawl.ledger.counts["parents_asked"], crawl.ledger.counts["parents_not_asked"]) == (3, 5)
    assert crawl.ledger.counts["unresolved_parents"] == 5
    assert len(of(PostRecord, records)) == 8 + 3


def test_strangers_whom_somebody_answers_in_a_history_are_not_asked_for() -> None:
    stranger = reply(7, 6, ANNE, in_reply_to_account_id="99")
    crawl, api = canned_crawl({TAG: Page([status(1)]), history(1): Page([stranger])})
    everything(crawl)
    assert "/api/v1/statuses/6" not in api.asked


def test_what_a_participant_wrote_elsewhere_is_not_asked_for_where_the_profile_refuses_the_history() -> None:
    shy = account("shy", 4, indexable=False)
    answer = reply(7, 6, ANNE, in_reply_to_account_id="4")
    pages = {TAG: Page([status(1), status(2, shy)]), history(1): Page([answer]), "/api/v1/statuses/6": status(6, shy)}
    crawl, api = canned_crawl(pages)
    records = everything(crawl)
    assert "/api/v1/statuses/6" not in api.asked
    assert set(posts(records)) == {"1", "2", "7"}


def test_the_old_part_of_a_page_of_a_history_is_not_read_again_and_asks_for_nothing() -> None:
    old = status(7, hours=80, tags=[], in_reply_to_id="6", in_reply_to_account_id="3")
    new = status(8, hours=-2, tags=[])
    question = status(6, CLEO, hours=90, tags=[])
    pages = {TAG: Page([status(1), status(2, CLEO)]), history(1): Page([old]), history(3): Page([question])}
    first, _ = canned_crawl(pages)
    assert "7" in posts(everything(first))
    later = {TAG: Page([status(9, hours=-215)]), history(1): Page([new, old])}
    again, api = canned_crawl(later, clock=CLOCK + timedelta(days=9), state=first.state)
    assert "7" not in posts(everything(again))
    assert "/api/v1/statuses/6" not in api.asked


def test_what_a_history_answers_is_asked_for_once_whoever_answers_it_later() -> None:
    answer = reply(7, 6, ANNE, in_reply_to_account_id="3")
    pages = {TAG: Page([status(1), status(2, CLEO)]), history(1): Page([answer]), "/api/v1/statuses/6": status(6, CLEO)}
    first, api = canned_crawl(pages)
    everything(first)
    assert api.asked.count("/api/v1/statuses/6") == 1
    later = status(8, hours=-200, tags=[], in_reply_to_id="6", in_reply_to_account_id="3")
    pages |= {TAG: Page([status(9, hours=-215)]), history(1): Page([later])}
    again, api = canned_crawl(pages, clock=CLOCK + timedelta(days=9), state=first.state)
    [record] = [one for one in of(PostRecord, everything(again)) if one.post.endswith("/8")]
    assert record.reply_to == f"https://{HOST}/p/6"
    assert "/api/v1/statuses/6" not in api.asked


@pytest.mark.parametrize("tags", [[], None, "none", "gone"])
def test_a_post_without_a_list_of_hashtags_is_ours_by_its_words(tags: Any) -> None:
    def words(number: int, content: str) -> dict[str, Any]:
        post = status(number, content=content, tags=tags)
        if tags == "gone":
            del post["tags"]
        return post

    ours = words(1, '<p>voir</p><p><a href="https://x.test/tags/i4emploi">#<span>I4Émploi</span></a> !</p>')
    others = [words(2, "<p>i4emploi sans dièse, https://x.test/#i4emploi</p>"), words(3, "<p>#i4emploifaux</p>")]
    crawl, _ = canned_crawl({TAG: Page([ours, *others])}, history_days=0)
    records = timeline(crawl)
    assert posts(records) == ["1"]
    assert of(PostRecord, records)[0].hashtags == ("I4Émploi",)


@pytest.mark.parametrize("tags", [["i4emploi"], ["#I4Emploi", 7], [{"name": "#i4emploi"}], [None, "i4emploi"]])
def test_a_post_whose_hashtags_are_plain_words_is_ours(tags: list[Any]) -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1, tags=tags)])}, history_days=0)
    [record] = of(PostRecord, timeline(crawl))
    assert [tag.lower() for tag in record.hashtags] == ["i4emploi"]
    assert (crawl.ledger.losses, crawl.ledger.counts["not_our_hashtag"]) == ([], 0)


def test_a_post_whose_server_spells_its_hashtag_in_a_way_of_its_own_is_ours_by_its_words() -> None:
    post = status(1, content="<p>#i4emploi et #autre</p>", tags=[{"name": "i-4-emploi"}])
    crawl, _ = canned_crawl({TAG: Page([post])}, history_days=0)
    [record] = of(PostRecord, timeline(crawl))
    assert record.hashtags == ("i-4-emploi", "i4emploi")


@pytest.mark.parametrize("page", [[status(1, tags=[{"name": "autre"}])], [{"id": "2"}, "junk"]])
def test_a_page_of_which_nothing_is_kept_makes_the_run_partial_and_says_so(page: list[Any]) -> None:
    crawl, _ = canned_crawl({TAG: Page(page)}, history_days=0)
    timeline(crawl)
    assert crawl.ledger.losses == ["timeline nothing_kept"]
    [(english, french)] = losses_told(crawl.run, crawl.ledger.losses)
    assert "1 page held posts of which none could be kept" in english
    assert "aucune n'est gardée" in french


def test_a_page_that_an_earlier_hashtag_has_brought_already_is_no_loss() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    run(lambda: read_hashtag(crawl, "i4emploi"), lambda: read_hashtag(crawl, "i4emploi"))
    assert crawl.ledger.losses == []
