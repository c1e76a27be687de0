"""A whole crawl over shapes met in the field: wishes are honoured before asking, relations settled at the end."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from passerelle.records import AccountRecord, CoverageRecord, MalformedRecord, PostRecord, Record
from spiders.collecting.crawl import Crawl
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.histories import read_histories
from spiders.collecting.reading import settle
from spiders.platforms.mastodon.api import first_page
from tests.spiders.crawling import BOB, CLEO, HOST, Canned, Page, account, all_of, canned_crawl, status

TAG = first_page("i4emploi")


def crawled(
    page: list[Any], answers: dict[str, Any] | None = None, **collect: Any
) -> tuple[list[Record], Crawl, Canned]:
    crawl, api = canned_crawl({TAG: Page(page), **(answers or {})}, **collect)
    records = asyncio.run(all_of(partial(read_hashtag, crawl, "i4emploi"), partial(read_histories, crawl)))
    return [*records, *settle(crawl)], crawl, api


def posts(records: list[Record]) -> dict[str, PostRecord]:
    return {r.post.rpartition("/")[2]: r for r in records if isinstance(r, PostRecord)}


def histories(records: list[Record]) -> dict[str, str | None]:
    return {r.subject: r.reason for r in records if isinstance(r, CoverageRecord) and r.scope == "history"}


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"indexable": False}, "indexable"),
        ({"noindex": True}, "noindex"),
        ({"note": "<p>#<span>nobot</span></p>"}, "nobot"),
        ({"indexable": None}, None),
        ({"indexable": True}, None),
    ],
)
def test_the_history_of_who_does_not_want_it_is_not_asked_for_and_that_is_told(
    wish: dict[str, object], reason: str | None
) -> None:
    shy = account("shy", 7, **wish)
    path = "/api/v1/accounts/7/statuses?limit=40"
    records, _, api = crawled([status(1, shy)], {path: Page([])})
    assert (path in api.asked) == (reason is None)
    assert histories(records) == {f"acct:shy@{HOST}": reason}
    assert set(posts(records)) == {"1"}


def test_a_wish_is_remembered_for_a_history_that_is_still_owed() -> None:
    shy = account("shy", 7, indexable=False)
    crawl, api = canned_crawl({TAG: Page([status(1, shy)])})
    crawl.state.accounts["7"], crawl.state.owed["7"] = f"acct:shy@{HOST}", "2026-11-20T00:00:00+00:00"
    records = asyncio.run(all_of(partial(read_hashtag, crawl, "i4emploi"), partial(read_histories, crawl)))
    assert histories(records) == {f"acct:shy@{HOST}": "indexable"}
    assert not [path for path in api.asked if "/accounts/" in path]
    assert crawl.state.owed == {}


def test_a_quoted_author_is_heard_too() -> None:
    quoted = status(900, account("shy", 7, noindex=True), hours=30)
    records, _, _ = crawled([status(1, BOB, quote=quoted)])
    [shy] = [r for r in records if isinstance(r, AccountRecord) and r.account == f"acct:shy@{HOST}"]
    assert shy.evidence.noindex


def test_what_somebodys_history_quotes_of_the_unwilling_is_left_out() -> None:
    quoting = status(1, BOB, quote=status(900, account("shy", 7, indexable=False), hours=30), tags=[])
    under_the_tag, _, _ = crawled([quoting | {"tags": [{"name": "i4emploi"}]}])
    elsewhere, _, _ = crawled([status(5, CLEO)], {"/api/v1/accounts/3/statuses?limit=40": Page([quoting])})
    assert set(posts(under_the_tag)) == {"1", "900"}
    assert set(posts(elsewhere)) == {"5", "1"}


def test_a_quote_by_id_finds_a_post_that_is_shown_later() -> None:
    newer, older = status(9, BOB, quote_id="2"), status(2, CLEO, hours=9)
    first, second = Page([newer], next=f"https://{HOST}{TAG}&max_id=9"), Page([older])
    records, _, _ = crawled([], {TAG: first, f"{TAG}&max_id=9": second})
    assert posts(records)["9"].quote_of == posts(records)["2"].post


def test_a_quoted_post_that_is_none_costs_the_quoting_one_nothing() -> None:
    broken = status(900, CLEO) | {"created_at": "never"}
    records, _, _ = crawled([status(1, BOB, quote={"state": "accepted", "quoted_status": broken})])
    [aside] = [r for r in records if isinstance(r, MalformedRecord)]
    assert aside.reason == "post without a possible time"
    assert posts(records)["1"].quote_of == f"https://{HOST}/p/900"


def test_somebody_without_an_id_takes_part_without_a_history() -> None:
    nameless = account("anne", 1) | {"id": None}
    records, _, api = crawled([status(1, nameless)])
    assert posts(records)["1"].author == f"acct:anne@{HOST}"
    assert not [path for path in api.asked if "/accounts/" in path]


def test_boosts_whose_uris_are_empty_have_times_of_their_own() -> None:
    boosts = [status(n, BOB, reblog=status(1, CLEO, hours=9), uri="", tags=[]) for n in (5, 6)]
    records, _, _ = crawled(boosts)
    reposts = [r for r in records if isinstance(r, PostRecord) and r.repost_of]
    assert {r.post for r in reposts} == {f"mastodon:{HOST}/5", f"mastodon:{HOST}/6"}
