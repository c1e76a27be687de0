"""The public timelines of those who take part: how far back, how often, and whose not."""

from __future__ import annotations

from datetime import timedelta

from passerelle.records import CoverageRecord, PostRecord
from tests.spiders.crawling import ANNE, BOB, CLEO, CLOCK, HOST, Page, Say, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, everything, history, of, reblogs


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
