"""When posts were reposted: each who did is asked once. Quotes are asked for when their number moves."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from passerelle.records import PostRecord, Record
from spiders.collecting.acts import read_acts
from spiders.collecting.crawl import Crawl
from spiders.collecting.engagement import follow, read_reposters
from spiders.collecting.quotes import read_quotes
from spiders.collecting.reading import read_items
from spiders.collecting.state import CrawlState
from spiders.platforms.bluesky.api import Bluesky
from tests.spiders.crawling import CLOCK, Canned, Say, all_of, canned_crawl

ADA, BOB = "did:plc:ada", "did:plc:bob"
POST = f"at://{ADA}/app.bsky.feed.post/3mvi63jz7222b"  # of 2026-09-14T13:00Z by its key
QUOTE = f"at://{BOB}/app.bsky.feed.post/3mvi63jz7222c"
LISTS = "/xrpc/app.bsky.feed."
REPOSTERS = f"{LISTS}getRepostedBy?uri={POST.replace(':', '%3A').replace('/', '%2F')}&limit=100"
QUOTES = f"{LISTS}getQuotes?uri={POST.replace(':', '%3A').replace('/', '%2F')}&limit=100"
DOCUMENT = f"https://plc.directory/{BOB}"
ACTS = (
    f"https://pds.test/xrpc/com.atproto.repo.listRecords?repo={BOB.replace(':', '%3A')}"
    "&collection=app.bsky.feed.repost&limit=100"
)
SERVER = {"service": [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.test"}]}


def author(did: str) -> dict[str, Any]:
    return {"did": did, "handle": "x.test", "labels": []}


def post(**counts: int) -> dict[str, Any]:
    at = (CLOCK - timedelta(days=1)).isoformat()
    made = {"text": "#i4emploi", "tags": ["i4emploi"], "createdAt": at}
    return {"uri": POST, "author": author(ADA), "record": made, "indexedAt": at, **counts}


def act(days: float, of: str = POST) -> dict[str, Any]:
    at = (CLOCK - timedelta(days=days)).isoformat()
    uri = f"at://{BOB}/app.bsky.feed.repost/{abs(hash((days, of)))}"
    return {"uri": uri, "value": {"subject": {"uri": of}, "createdAt": at}}


def crawled(
    answers: dict[str, Any], state: CrawlState, *, is_lost_after: str = "", **counts: int
) -> tuple[list[Record], Canned]:
    """What one run of quotes, polls and acts gives, after which `state` is that of the next."""
    crawl, api = canned_crawl(answers, state=state)
    api.lost_after = is_lost_after
    network = Bluesky(crawl.run, state, dict(state.posts))
    crawl = Crawl(crawl.run, api, network, state)  # type: ignore[arg-type]
    answer = asyncio.run(api.ask("/shown"))
    list(read_items(crawl, [post(**counts)], answer, campaign=True))
    phases = (lambda: read_quotes(crawl), lambda: read_reposters(crawl), lambda: read_acts(crawl))
    records = asyncio.run(all_of(*phases))
    follow(crawl)
    return records, api


def times(records: list[Record]) -> list[datetime]:
    return [one.created_at for one in records if isinstance(one, PostRecord) and one.repost_of == POST]


def test_a_repost_has_the_time_of_its_record_and_nobody_is_asked_twice() -> None:
    state, engaged = CrawlState(), {"repostedBy": [author(BOB)]}
    pages = {"records": [act(0.5), act(0.6, QUOTE), act(2.0, QUOTE)], "cursor": "more"}
    first, api = crawled({REPOSTERS: engaged, DOCUMENT: SERVER, ACTS: pages}, state, repostCount=1)
    assert times(first) == [CLOCK - timedelta(days=0.5)]
    assert [path for path in api.asked if "listRecords" in path] == [ACTS]  # what is older than the post ends it
    again, api = crawled({REPOSTERS: engaged, DOCUMENT: SERVER, ACTS: pages}, state, repostCount=2)
    assert (REPOSTERS in api.asked, DOCUMENT in api.asked, times(again)) == (True, False, [])


@pytest.mark.parametrize(("answer", "is_asked_again"), [(Say("unreachable"), True), (Say("refused"), False)])
def test_who_could_not_be_asked_is_asked_at_the_next_poll(answer: Any, is_asked_again: bool) -> None:
    state, answers = CrawlState(), {REPOSTERS: {"repostedBy": [author(BOB)]}, DOCUMENT: SERVER}
    first, _ = crawled({**answers, ACTS: answer}, state, repostCount=1)
    second, _ = crawled({**answers, ACTS: {"records": [act(0.5)]}}, state, repostCount=2)
    assert (times(first), bool(times(second))) == ([], is_asked_again)


def test_quotes_are_read_when_their_number_moves_and_their_authors_take_part() -> None:
    state, made = CrawlState(), {"text": "lisez", "createdAt": CLOCK.isoformat(), "embed": {"record": {"uri": POST}}}
    quote = {"uri": QUOTE, "author": author(BOB), "record": made, "indexedAt": CLOCK.isoformat()}
    for count, is_asked in ((1, True), (1, False), (2, True), (0, False)):
        records, api = crawled({QUOTES: {"posts": [quote]}}, state, quoteCount=count, repostCount=0)
        assert (QUOTES in api.asked) is is_asked
        assert [one.quote_of for one in records if isinstance(one, PostRecord)] == [POST] * is_asked
    assert BOB in state.accounts


def test_a_list_of_quotes_that_fails_is_a_hole_and_asked_for_again() -> None:
    state = CrawlState()
    for _ in range(2):
        records, api = crawled({QUOTES: Say("unreachable")}, state, quoteCount=1, repostCount=0)
        assert QUOTES in api.asked
        assert [one.reason for one in records if hasattr(one, "reason")] == ["unreachable"]


def test_times_that_nobody_could_be_asked_for_are_asked_for_in_the_next_run() -> None:
    state, answers = CrawlState(), {REPOSTERS: {"repostedBy": [author(BOB)]}, DOCUMENT: SERVER}
    first, _ = crawled(answers, state, is_lost_after=REPOSTERS, repostCount=1)
    second, _ = crawled({**answers, ACTS: {"records": [act(0.5)]}}, state, repostCount=1)
    assert (times(first), times(second)) == ([], [CLOCK - timedelta(days=0.5)])
