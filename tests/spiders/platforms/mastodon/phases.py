"""Phases of a crawl over canned answers, and the addresses that they ask."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from passerelle.records import PostRecord
from spiders.collecting.engagement import follow, read_reposters
from spiders.collecting.hashtags import read_hashtag
from spiders.collecting.histories import read_histories
from spiders.collecting.looking import look_again
from spiders.collecting.parents import read_parents
from spiders.collecting.reading import settle
from spiders.collecting.threads import read_threads
from tests.spiders.crawling import BOB, CLOCK, all_of, canned_crawl, status

TAG = "/api/v1/timelines/tag/i4emploi?limit=40"
TAG = "/api/v1/timelines/tag/i4emploi?limit=40"


def run(*phases: Any) -> list[Any]:
    return asyncio.run(all_of(*phases))


def of(kind: type, records: list[Any]) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def posts(records: list[Any]) -> list[str]:
    return [record.post.rpartition("/")[2] for record in of(PostRecord, records)]


def timeline(crawl: Any) -> list[Any]:
    return run(lambda: read_hashtag(crawl, "i4emploi"), lambda: settled(crawl))


async def settled(crawl: Any) -> Any:
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
        lambda: settled(crawl),
    )
    follow(crawl)
    return records


def context(number: int) -> str:
    return f"/api/v1/statuses/{number}/context"


def reply(number: int, to: int, author: dict[str, Any] = BOB, **more: Any) -> dict[str, Any]:
    return status(number, author, tags=[], in_reply_to_id=str(to), hours=0.5, **more)


def reblogs(number: int) -> str:
    return f"/api/v1/statuses/{number}/reblogged_by?limit=80"


def history(local: int) -> str:
    return f"/api/v1/accounts/{local}/statuses?limit=40"


def days_later(crawl: Any, days: float, answers: dict[str, Any], **collect: Any) -> tuple[list[str], Any]:
    again, api = canned_crawl(answers, clock=CLOCK + timedelta(days=days), state=crawl.state, **collect)
    everything(again)
    return [path for path in api.asked if path.startswith("/api/v1/accounts/")], again


def asked(api: Any) -> list[str]:
    return [path for path in api.asked if not path.endswith("/context")]
