"""Who reposted the campaign's posts. Where the platform gives no time, repeated polls bound it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import datetime

from passerelle.records import PollRecord, Record
from spiders.collecting.crawl import Crawl, Sight
from spiders.collecting.paging import Page
from spiders.collecting.progress import told
from spiders.collecting.shape import MALFORMED, NOT_OFFERED
from spiders.collecting.state import Followed, checks_due
from spiders.collecting.threads import is_closing, is_due, is_open, is_over
from spiders.collecting.walking import Walk


async def read_reposters(crawl: Crawl) -> AsyncIterator[Record]:
    """Polls of the posts whose counter changed, and of those whose follow-up closes."""
    sights = sorted(crawl.sights.values(), key=lambda sight: (sight.created_at, sight.native))
    for sight in told(crawl.run, "reposters", "qui a repartagé", sights):
        if not sight.author:
            continue  # the head of a thread, which is no post
        if sight.reposts == 0:
            # the counter itself is a whole poll: nobody
            crawl.polled.add(sight.native)
            yield _poll(crawl, sight, sight.captured_at, sight.captured_at, 0, complete=True)
        elif _wants_poll(crawl, sight):
            async for record in _poll_reposters(crawl, sight):
                yield record


def _wants_poll(crawl: Crawl, sight: Sight) -> bool:
    followed = crawl.state.followed.get(sight.native)
    if followed is None:
        return is_open(crawl, sight)
    if is_closing(crawl, followed) or sight.reposts != followed.reposts:
        return True
    return sight.reposts is None and is_due(crawl, followed)


async def _poll_reposters(crawl: Crawl, sight: Sight) -> AsyncIterator[Record]:
    if reason := crawl.ledger.why_not("reposters"):
        crawl.owe(sight.native, reason)
        yield crawl.ledger.coverage("engagement", sight.uri, sight.captured_at, 0, reason, expected=sight.reposts)
        return
    listing = crawl.platform.engagement(sight.native, "repost")
    if listing is None:
        yield crawl.ledger.coverage("engagement", sight.uri, sight.captured_at, 0, NOT_OFFERED, expected=sight.reposts)
        return
    walk = Walk(crawl.api, listing)
    got, began, ended = 0, None, sight.captured_at
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            began, ended = began or page.answer.captured_at, page.answer.captured_at
            got += len(page.items)
            for record in _reposters(crawl, sight, page):
                yield record
    if walk.failure is not None:
        crawl.ledger.note("reposters", walk.failure)
        crawl.owe(sight.native, walk.reason)
        at = walk.failure.captured_at
        yield crawl.ledger.coverage("engagement", sight.uri, at, got, walk.reason, expected=sight.reposts)
        return
    crawl.polled.add(sight.native)
    is_whole = walk.reason is None and got >= (sight.reposts or 0)
    yield _poll(crawl, sight, began or sight.captured_at, ended, got, complete=is_whole)


def _reposters(crawl: Crawl, sight: Sight, page: Page) -> Iterator[Record]:
    at = page.answer.captured_at
    for item in page.items:
        try:
            for seen in crawl.platform.read_engager(item, sight.uri, "repost", at):
                if seen.account is not None:
                    yield from crawl.account(seen.account)
                    crawl.take_part(seen.local, seen.account.account, sight.created_at)
                    _engage(crawl, sight, seen.local)
                if seen.record is not None:
                    yield seen.record
        except MALFORMED:
            yield crawl.ledger.malformed(page.answer)


def _engage(crawl: Crawl, sight: Sight, local: str | None) -> None:
    """Note that it is not known yet when somebody reposted a post."""
    followed = crawl.state.followed.get(sight.native)
    if local and not (followed and local in followed.timed):
        crawl.engaged.setdefault(local, set()).add(sight.native)


def _poll(crawl: Crawl, sight: Sight, at: datetime, ended: datetime, got: int, *, complete: bool) -> PollRecord:
    return PollRecord(
        platform=crawl.platform.name,
        post=sight.uri,
        kind="repost",
        captured_at=at,
        ended_at=ended,
        source=crawl.run.source,
        complete=complete,
        got=got,
        expected=sight.reposts,
    )


def follow(crawl: Crawl) -> None:
    """Open, move on or close the follow-up of every post seen, as of this run's clock."""
    collect = crawl.run.campaign.collect
    for sight in crawl.sights.values():
        post = crawl.state.followed.get(sight.native) or Followed(sight.uri, sight.created_at.isoformat())
        post.num_checks = checks_due(post, crawl.run.clock, collect.recheck_hours)
        if sight.native in crawl.read_threads or sight.replies == 0:
            post.replies = sight.replies
        if sight.native in crawl.polled:
            post.reposts = sight.reposts
        if sight.native in crawl.quoted:
            post.quotes = sight.quotes
        post.timed = sorted({*post.timed, *crawl.timed.get(sight.native, ())})
        crawl.state.followed[sight.native] = post
    for native, post in list(crawl.state.followed.items()):
        post.owed = native in crawl.owed
        if is_over(crawl, post):
            del crawl.state.followed[native]
