"""From one run to the next: late posts, clocks that go back, hashtags and days that are added."""

from __future__ import annotations

from datetime import timedelta

from passerelle.records import DeletionRecord
from spiders.collecting.hashtags import read_hashtag
from tests.spiders.crawling import CLOCK, HOST, Page, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, days_later, everything, of, posts, run, timeline


def test_gone_is_believed_once_the_server_has_shown_a_post_that_is_there() -> None:
    crawl, _ = canned_crawl({TAG: Page([status(1)])}, history_days=0)
    everything(crawl)
    pages = {TAG: Page([status(2, hours=-24)]), "/api/v1/statuses/2": status(2, hours=-24)}
    due, api = canned_crawl(pages, clock=CLOCK + timedelta(hours=25), state=crawl.state, history_days=0)
    assert [one.post for one in of(DeletionRecord, everything(due))] == [f"https://{HOST}/p/1"]
    assert api.asked[1:] == ["/api/v1/statuses/1", "/api/v1/statuses/2"]


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
