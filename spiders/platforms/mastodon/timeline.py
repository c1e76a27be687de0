"""Hashtag timelines and participants' public timelines, read from the newest post back to what is known."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from passerelle.identity import fold_hashtag
from passerelle.records import Record
from spiders.asking.guard import hashtag_path
from spiders.collecting.refusals import NOTHING_KEPT, misread, refusal
from spiders.collecting.state import Cursor, History, Hole
from spiders.collecting.walking import Walk
from spiders.platforms.mastodon.crawl import Crawl
from spiders.platforms.mastodon.records import MALFORMED, created_at

# posts of other servers arrive late and are sorted in by their own time
OVERLAP = timedelta(hours=24)
# a job that runs every week begins some seconds, or a wait for the lock, earlier or later
EARLY = timedelta(hours=6)
_PASSING = ("unreachable", "malformed")  # worth asking again in the next run
PAGE = 40


def first_page(tag: str) -> str:
    """Path of a hashtag timeline's newest page."""
    return f"/api/v1/timelines/tag/{hashtag_path(tag)}?limit={PAGE}"


async def read_hashtag(crawl: Crawl, tag: str) -> AsyncIterator[Record]:
    """What is new under `tag`, then what an earlier run had to leave out (its holes)."""
    key, clock = f"timeline:{fold_hashtag(tag)}", crawl.run.clock
    known = crawl.state.cursors.get(key)
    oldest = clock - timedelta(days=crawl.run.campaign.collect.first_days)
    # what was read is read again where a clock went back, or where the campaign file asks for more first days
    is_whole = known is not None and _time(known.since) <= oldest + OVERLAP
    down_to = min(_time(known.until), clock) - OVERLAP if known and is_whole else oldest
    cursor = Cursor(since=known.since if known and is_whole else down_to.isoformat(), until=clock.isoformat())
    stretches = [Hole(first_page(tag), down_to.isoformat()), *(known.holes if known else [])]
    for number, stretch in enumerate(stretches):
        walk = Walk(crawl.api, stretch.url, max_pages=crawl.run.campaign.collect.max_pages, by_max_id=True)
        async for record in _stretch(crawl, tag, walk, datetime.fromisoformat(stretch.down_to)):
            yield record
        if walk.reason and walk.pending and (number > 0 or walk.num_pages > 1 or walk.reason == "limit"):
            cursor.holes.append(Hole(walk.pending, stretch.down_to))
        elif walk.reason and number == 0:
            return  # nothing was moved: the next run starts from where this one did
        elif walk.reason:
            cursor.holes.append(stretch)
    crawl.state.cursors[key] = cursor


async def _stretch(crawl: Crawl, tag: str, walk: Walk, down_to: datetime) -> AsyncIterator[Record]:
    got, reached, at = 0, crawl.run.clock, crawl.run.clock
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            at = page.captured_at
            ours = [status for status in page.payload if crawl.is_ours(status)]
            crawl.counts["not_our_hashtag"] += len(page.payload) - len(ours)
            got += len(ours)
            for record in crawl.read(ours, page, campaign=True):
                yield record
            if page.payload and not crawl.keeps_any(ours):
                crawl.losses.append(f"timeline {NOTHING_KEPT}")
            reached = min([reached, *_times(page.payload)])
            if _all_before(page.payload, down_to):
                break
    if walk.failure is not None:
        if walk.first == first_page(tag) and walk.num_pages == 1 and (refused := refusal(crawl.run, walk.failure)):
            raise refused
        if walk.failure.outcome in ("ok", "malformed"):
            crawl.told.append(misread(crawl.run, walk.failure))
            yield crawl.malformed_answer(walk.failure)
    is_read = walk.failure is None or walk.num_pages > 1
    span = (down_to if walk.reason is None else reached, crawl.run.clock)
    yield crawl.coverage("timeline", tag, at, got, walk.reason, span=span if is_read else None)


async def read_histories(crawl: Crawl) -> AsyncIterator[Record]:
    """The public timelines of those who took part: at their first act, and again when the last look is old."""
    collect = crawl.run.campaign.collect
    if collect.history_days == 0:
        return
    refreshed = timedelta(days=collect.history_refresh_days) - EARLY
    owed = {local: _time(act) for local, act in crawl.state.owed.items()}
    for local, act in sorted({**crawl.people, **owed}.items()):
        known = crawl.state.histories.get(local)
        if known and crawl.run.clock - _time(known.until) < refreshed:
            if act > _time(known.until):
                crawl.state.owed[local] = act.isoformat()  # the time until this act is looked at when it is due
            continue
        if reason := crawl.refusal_of_history(crawl.state.accounts[local]):
            crawl.state.owed.pop(local, None)
            yield crawl.coverage("history", crawl.state.accounts[local], crawl.run.clock, 0, reason)
            continue
        async for record in _history(crawl, local, known, act):
            yield record


def _history_begin(crawl: Crawl, known: History | None, act: datetime) -> datetime:
    begin = act - timedelta(days=crawl.run.campaign.collect.history_days)
    if known and (not known.complete or _time(known.since) <= begin + OVERLAP):
        return min(_time(known.until), crawl.run.clock) - OVERLAP
    return begin


async def _history(crawl: Crawl, local: str, known: History | None, act: datetime) -> AsyncIterator[Record]:
    got, reached, at = 0, crawl.run.clock, crawl.run.clock
    down_to = _history_begin(crawl, known, act)
    subject = crawl.state.accounts[local]
    if reason := crawl.why_not("history"):
        if crawl.api.lost:
            crawl.state.owed[local] = act.isoformat()
        yield crawl.coverage("history", subject, at, 0, reason)
        return
    path = f"/api/v1/accounts/{quote(local, safe='')}/statuses?limit={PAGE}"
    walk = Walk(crawl.api, path, max_pages=crawl.run.campaign.collect.history_max_pages, by_max_id=True)
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            crawl.note("history", page)
            at = page.captured_at
            got += len(page.payload)
            # what is older was read before, and what it answers asked for: not each week anew
            new = [status for status in page.payload if not _all_before([status], down_to)]
            for record in crawl.read(new, page, campaign=False, keep=False):
                yield record
            reached = min([reached, *_times(page.payload)])
            if _all_before(page.payload, down_to):
                break
    if walk.failure is not None:
        crawl.note("history", walk.failure)
    since = reached if walk.reason else min(down_to, _time(known.since)) if known else down_to
    crawl.state.owed.pop(local, None)
    if walk.reason in _PASSING:
        crawl.state.owed[local] = act.isoformat()
    elif walk.reason is None or got > 0:
        crawl.state.histories[local] = History(since.isoformat(), crawl.run.clock.isoformat(), walk.reason is None)
    span = (since, at) if walk.reason is None or got > 0 else None
    yield crawl.coverage("history", subject, at, got, walk.reason, span=span)


def _times(statuses: Iterable[Any]) -> list[datetime]:
    times = []
    for status in statuses:
        try:
            times.append(created_at(status))
        except MALFORMED:
            continue
    return times


def _all_before(statuses: list[Any], down_to: datetime) -> bool:
    times = _times(statuses)
    return len(times) == len(statuses) and all(at < down_to for at in times)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
