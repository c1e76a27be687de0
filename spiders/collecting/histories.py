"""Participants' public timelines, read from the newest post back to what is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime, timedelta

from passerelle.records import Record
from spiders.collecting.crawl import Crawl
from spiders.collecting.ledger import PASSING
from spiders.collecting.progress import told
from spiders.collecting.reading import read_items
from spiders.collecting.shape import NOT_OFFERED
from spiders.collecting.state import History
from spiders.collecting.times import OVERLAP, all_before, moment_of, times_of
from spiders.collecting.walking import Walk

# a job that runs every week begins some seconds, or a wait for the lock, earlier or later
EARLY = timedelta(hours=6)


async def read_histories(crawl: Crawl) -> AsyncIterator[Record]:
    """The public timelines of those who took part: at their first act, and again when the last look is old."""
    collect = crawl.run.campaign.collect
    if collect.history_days == 0:
        return
    refreshed = timedelta(days=collect.history_refresh_days) - EARLY
    owed = {local: moment_of(act) for local, act in crawl.state.owed.items()}
    people = sorted({**crawl.people, **owed}.items())
    for local, act in told(crawl.run, "people's timelines", "historiques de personnes", people):
        known = crawl.state.histories.get(local)
        if known and crawl.run.clock - moment_of(known.until) < refreshed:
            if act > moment_of(known.until):
                crawl.state.owed[local] = act.isoformat()  # the time until this act is looked at when it is due
            continue
        if reason := crawl.refusal_of_history(crawl.state.accounts[local]):
            crawl.state.owed.pop(local, None)
            yield crawl.ledger.coverage("history", crawl.state.accounts[local], crawl.run.clock, 0, reason)
            continue
        async for record in _history(crawl, local, known, act):
            yield record


def _history_begin(crawl: Crawl, known: History | None, act: datetime) -> datetime:
    begin = act - timedelta(days=crawl.run.campaign.collect.history_days)
    if known and (not known.complete or moment_of(known.since) <= begin + OVERLAP):
        return min(moment_of(known.until), crawl.run.clock) - OVERLAP
    return begin


async def _history(crawl: Crawl, local: str, known: History | None, act: datetime) -> AsyncIterator[Record]:
    got, reached, at = 0, crawl.run.clock, crawl.run.clock
    down_to = _history_begin(crawl, known, act)
    subject = crawl.state.accounts[local]
    if reason := crawl.ledger.why_not("history"):
        if crawl.api.lost:
            crawl.state.owed[local] = act.isoformat()
        yield crawl.ledger.coverage("history", subject, at, 0, reason)
        return
    listing = crawl.platform.history(local)
    if listing is None:
        crawl.state.owed.pop(local, None)
        yield crawl.ledger.coverage("history", subject, at, 0, NOT_OFFERED)
        return
    walk = Walk(crawl.api, listing)
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            crawl.ledger.note("history", page.answer)
            at = page.answer.captured_at
            got += len(page.items)
            # what is older was read before, and what it answers asked for: not each week anew
            new = [item for item in page.items if not all_before(crawl.platform, [item], down_to)]
            for record in read_items(crawl, new, page.answer, campaign=False, keep=False):
                yield record
            reached = min([reached, *times_of(crawl.platform, page.items)])
            if all_before(crawl.platform, page.items, down_to):
                break
    if walk.failure is not None:
        crawl.ledger.note("history", walk.failure)
    since = reached if walk.reason else min(down_to, moment_of(known.since)) if known else down_to
    crawl.state.owed.pop(local, None)
    if walk.reason in PASSING:
        crawl.state.owed[local] = act.isoformat()
    elif walk.reason is None or got > 0:
        crawl.state.histories[local] = History(since.isoformat(), crawl.run.clock.isoformat(), walk.reason is None)
    span = (since, at) if walk.reason is None or got > 0 else None
    yield crawl.ledger.coverage("history", subject, at, got, walk.reason, span=span)
