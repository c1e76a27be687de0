"""Who reposted, and the looks at posts that have left the timeline."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from passerelle.records import (
    AccountRecord,
    DeletionRecord,
    EngagementRecord,
    PollRecord,
    PostRecord,
)
from tests.spiders.crawling import BOB, CLEO, CLOCK, HOST, Page, Say, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, everything, of, reblogs


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
