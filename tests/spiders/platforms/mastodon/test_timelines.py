"""What a hashtag's timeline brings over pages, runs and servers that behave oddly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from passerelle.errors import PasserelleError, UsageError
from passerelle.records import (
    CoverageRecord,
    EngagementRecord,
    MalformedRecord,
    PostRecord,
)
from spiders.collecting.walking import END_UNKNOWN
from tests.spiders.crawling import ANNE, BOB, CLOCK, HOST, Page, Say, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, of, posts, timeline


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
