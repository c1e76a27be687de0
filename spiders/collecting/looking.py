"""Second looks at posts that are known: edited, counted, or deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta

from passerelle.records import DeletionRecord, Record
from spiders.asking.answers import Answer
from spiders.collecting.crawl import Crawl
from spiders.collecting.progress import told
from spiders.collecting.reading import read_items
from spiders.collecting.threads import is_due
from spiders.collecting.walking import Walk

# a job that runs every week must look before the time is up
_EARLY = timedelta(days=8)


async def look_again(crawl: Crawl) -> AsyncIterator[Record]:
    """A cheap look at the known posts that are due and were not seen in this run."""
    due = [native for native, post in sorted(crawl.state.followed.items()) if is_due(crawl, post)]
    due += _stale(crawl)
    async for record in _together(crawl, due):
        yield record
    for native in told(crawl.run, "second looks", "deuxièmes regards", due):
        if native in crawl.sights:
            continue
        if reason := crawl.ledger.why_not("status"):
            crawl.owe(native, reason)
            continue
        answer = await crawl.api.ask(crawl.platform.post(native))
        crawl.ledger.note("status", answer)
        crawl.owe(native, answer.outcome)
        if answer.outcome == "gone" and not crawl.state.shows_posts:
            crawl.state.shows_posts = await _shows_posts(crawl)
        for record in _looked(crawl, native, answer):
            yield record
    _forget_expired(crawl, due)


def _stale(crawl: Crawl) -> list[str]:
    """Posts no longer followed that must be looked at again, or what they said may not be kept."""
    if crawl.platform.refresh_days is None:
        return []
    oldest = crawl.run.clock - max(timedelta(days=1), timedelta(days=crawl.platform.refresh_days) - _EARLY)
    times = sorted(crawl.state.post_times.items())
    return [native for native, at in times if native not in crawl.state.followed and _moment(at) <= oldest]


def _forget_expired(crawl: Crawl, natives: Sequence[str]) -> None:
    """What was written longer ago than rows are kept is looked at no more."""
    kept = timedelta(days=crawl.run.campaign.retention_days)
    for native in natives:
        sight = crawl.sights.get(native)
        if sight is not None and native not in crawl.state.followed and crawl.run.clock - sight.created_at > kept:
            crawl.state.forget_post(native)


async def _together(crawl: Crawl, due: Sequence[str]) -> AsyncIterator[Record]:
    """Those that the platform shows many at a time; what is not among them is asked for by itself."""
    wanted = [native for native in due if native not in crawl.sights]
    listing = crawl.platform.several(wanted) if wanted else None
    if listing is None or crawl.ledger.why_not("status"):
        return
    walk = Walk(crawl.api, listing)
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            crawl.state.shows_posts = True
            for record in read_items(crawl, page.items, page.answer, campaign=True):
                yield record
    if walk.failure is not None:
        crawl.ledger.note("status", walk.failure)


async def _shows_posts(crawl: Crawl) -> bool:
    """Whether the server shows a post that was seen a moment ago: some say 404 to everyone who is not logged in."""
    native = next(iter(crawl.sights), None)
    if native is None:
        return False
    answer = await crawl.api.ask(crawl.platform.post(native))
    crawl.ledger.note("status", answer)
    return answer.outcome == "ok"


def _looked(crawl: Crawl, native: str, answer: Answer) -> Iterator[Record]:
    if answer.outcome == "ok":
        crawl.state.shows_posts = True
        yield from read_items(crawl, [answer.payload], answer, campaign=True)
    elif answer.outcome == "gone" and crawl.state.shows_posts:
        # believed only where posts have been shown
        followed = crawl.state.followed.pop(native, None)
        uri = followed.uri if followed else crawl.state.posts[native]
        if crawl.platform.refresh_days is not None:
            crawl.state.forget_post(native)
        yield DeletionRecord(
            platform=crawl.platform.name,
            post=uri,
            captured_at=answer.captured_at,
            source=crawl.run.source,
            by_own=crawl.names.is_own(uri),
        )
    elif answer.outcome == "malformed":
        yield crawl.ledger.malformed(answer)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
