"""Hashtag timelines, read from the newest post back to what is known, and what earlier runs had to leave out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

from passerelle.identity import fold_hashtag
from passerelle.records import CoverageRecord, PostRecord, Record
from spiders.asking.answers import Answer
from spiders.asking.ask import asked
from spiders.asking.run import Run
from spiders.collecting.crawl import Crawl
from spiders.collecting.reading import read_items
from spiders.collecting.refusals import NOTHING_KEPT, misread, refusal
from spiders.collecting.shape import AS_FAR_AS_SHOWN, NEWEST, NOT_OFFERED, SEARCH, Item, Listing
from spiders.collecting.state import CrawlState, Cursor, Hole
from spiders.collecting.times import OVERLAP, all_before, moment_of, times_of
from spiders.collecting.walking import Walk


async def read_hashtag(crawl: Crawl, tag: str) -> AsyncIterator[Record]:
    """What is new under `tag`, then what an earlier run had to leave out (its holes), list by list."""
    listings = await crawl.platform.hashtag(crawl.api, tag)
    if isinstance(listings, Answer):
        async for record in _unnamed(crawl, tag, listings):
            yield record
        return
    told: list[list[CoverageRecord]] = []
    for listing in listings:
        told.append([])
        async for record in _read(crawl, tag, listing):
            if isinstance(record, CoverageRecord):
                told[-1].append(record)
            else:
                yield record
    if told:
        yield _together([_of_list(stretches) for stretches in told])
    else:
        yield crawl.ledger.coverage("timeline", tag, crawl.run.clock, 0, NOT_OFFERED)


def _of_list(stretches: Sequence[CoverageRecord]) -> CoverageRecord:
    """Of a list and its holes: read whole it is known from the oldest of them on; else as far as its newest part."""
    one = _summed(stretches)
    begins = [stretch.covered_from for stretch in stretches if stretch.covered_from]
    return replace(one, covered_from=min(begins)) if one.complete and begins else one


def _together(lists: Sequence[CoverageRecord]) -> CoverageRecord:
    """What is known of a hashtag: the time that all of its lists cover."""
    begins, ends = [one.covered_from for one in lists], [one.covered_until for one in lists]
    since, until = max(filter(None, begins), default=None), min(filter(None, ends), default=None)
    is_known = None not in begins and None not in ends and since is not None and until is not None and since <= until
    return replace(_summed(lists), covered_from=since if is_known else None, covered_until=until if is_known else None)


def _summed(parts: Sequence[CoverageRecord]) -> CoverageRecord:
    """The first of `parts`, complete where all are, with what came of all and why one of them is not."""
    lacking = [part for part in parts if not part.complete]
    # that all was read which is shown is no reason beside another
    told = next((part for part in lacking if part.reason not in AS_FAR_AS_SHOWN), next(iter(lacking), parts[0]))
    at, got = max(part.captured_at for part in parts), sum(part.got for part in parts)
    return replace(parts[0], captured_at=at, got=got, complete=told.complete, reason=told.reason)


async def _unnamed(crawl: Crawl, tag: str, answer: Answer) -> AsyncIterator[Record]:
    """Nothing of `tag` can be read: the server does not say where it stands."""
    if refused := refusal(crawl.run, answer):
        raise refused
    reason = "malformed" if answer.outcome == "ok" else answer.outcome
    if reason == "malformed":
        crawl.ledger.told.append(misread(crawl.run, answer))
        yield crawl.ledger.malformed(answer)
    yield crawl.ledger.coverage("timeline", tag, answer.captured_at, 0, reason)


def timeline(tag: str, part: str) -> str:
    """What the cursor of a list of posts under `tag` is called."""
    return ":".join(filter(None, ("timeline", fold_hashtag(tag), part)))


def known_cursor(run: Run, state: CrawlState, key: str) -> Cursor | None:
    """How far a list was read, where that goes back as far as the campaign file asks for; else it is read again."""
    known = state.cursors.get(key)
    return known if known is not None and moment_of(known.since) <= _oldest(run) + OVERLAP else None


def _oldest(run: Run) -> datetime:
    return run.clock - timedelta(days=run.campaign.collect.first_days)


async def _read(crawl: Crawl, tag: str, listing: Listing) -> AsyncIterator[Record]:
    key, clock = timeline(tag, listing.part), crawl.run.clock
    before, known = crawl.state.cursors.get(key), known_cursor(crawl.run, crawl.state, key)
    # where a clock went back what was read is read again
    down_to = min(moment_of(known.until), clock) - OVERLAP if known else _oldest(crawl.run)
    cursor = Cursor(since=known.since if known else down_to.isoformat(), until=clock.isoformat())
    stretches = [Hole(asked(listing.first).text, down_to.isoformat()), *(before.holes if before else [])]
    for number, stretch in enumerate(stretches):
        walk = Walk(crawl.api, listing, stretch.url)
        async for record in _stretch(crawl, tag, listing, walk, datetime.fromisoformat(stretch.down_to)):
            if known and isinstance(record, CoverageRecord) and record.reason == NEWEST:
                crawl.ledger.losses.append(f"timeline {NEWEST}")  # at first nobody could have seen what is older
            yield record
        if walk.reason and walk.pending and (number > 0 or walk.num_pages > 1 or walk.reason == "limit"):
            cursor.holes.append(Hole(walk.pending, stretch.down_to))
        elif walk.reason and number == 0:
            return  # nothing was moved: the next run starts from where this one did
        elif walk.reason:
            cursor.holes.append(stretch)
    crawl.state.cursors[key] = cursor


async def _stretch(crawl: Crawl, tag: str, listing: Listing, walk: Walk, down_to: datetime) -> AsyncIterator[Record]:
    got, reached, newest, at = 0, crawl.run.clock, down_to, crawl.run.clock
    async with aclosing(walk.pages()) as pages:
        async for page in pages:
            at = page.answer.captured_at
            new = [item for item in page.items if not (listing.oldest_first and _is_before(crawl, item, down_to))]
            ours = [item for item in new if crawl.is_ours(item)]
            crawl.ledger.counts["not_our_hashtag"] += len(new) - len(ours)
            got += len(ours)
            is_kept = False
            for record in read_items(crawl, ours, page.answer, campaign=True):
                is_kept |= isinstance(record, PostRecord)
                yield record
            is_kept |= crawl.keeps_any(ours)
            if (ours if listing.is_search or listing.by_words else new) and not is_kept:
                crawl.ledger.losses.append(f"timeline {NOTHING_KEPT}")
            reached = min([reached, *times_of(crawl.platform, page.items)])
            newest = max([newest, *times_of(crawl.platform, page.items)])
            if not listing.oldest_first and all_before(crawl.platform, page.items, down_to):
                break
    if walk.failure is not None:
        is_first = walk.first.text == asked(listing.first).text and walk.num_pages == 1 and not listing.is_beside
        if is_first and (refused := refusal(crawl.run, walk.failure)):
            raise refused
        if walk.failure.outcome in ("ok", "malformed"):
            crawl.ledger.told.append(misread(crawl.run, walk.failure))
            yield crawl.ledger.malformed(walk.failure)
    is_read = walk.failure is None or walk.num_pages > 1
    reason = walk.reason or (SEARCH if listing.is_search else _newest_only(listing, walk, reached, down_to))
    span = (down_to if reason in (None, SEARCH) else reached, crawl.run.clock)
    if reason == NEWEST and listing.reach is not None:
        span = (min(reached, listing.reach), crawl.run.clock)
    if walk.reason and listing.oldest_first:
        span = (down_to, newest)
    yield crawl.ledger.coverage("timeline", tag, at, got, reason, span=span if is_read else None)


def _newest_only(listing: Listing, walk: Walk, reached: datetime, down_to: datetime) -> str | None:
    """That there may be more than the server shows, unless what it shows reaches back to what was read before."""
    if listing.shows_newest is None or walk.last is None or reached < down_to:
        return None
    return NEWEST if listing.shows_newest(walk.last.answer.payload) else None


def _is_before(crawl: Crawl, item: Item, down_to: datetime) -> bool:
    return all_before(crawl.platform, [item], down_to)
