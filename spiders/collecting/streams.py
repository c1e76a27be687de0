"""A hashtag as a stream tells it: what was recorded first, then live, then what is covered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

from passerelle.errors import PasserelleError
from passerelle.hashtags import fold_hashtag
from passerelle.records import CoverageRecord, Record
from spiders.asking.run import Run
from spiders.collecting.crawl import Crawl
from spiders.collecting.hearing import Hearing
from spiders.collecting.shape import NOT_OFFERED
from spiders.collecting.walking import END_UNKNOWN
from spiders.streaming.live import LOST, TOLD, UNTIL, Live
from spiders.streaming.sequence import StreamTape
from spiders.streaming.shape import EPOCH

GAP = "gap"
_TOLD = {"elsewhere": "refused", "too_old": "unreachable"}
"""What coverage calls a refusal before the first frame."""


async def read_stream(crawl: Crawl, backoff: float) -> AsyncIterator[Record]:
    """Every record of the stream, from where the last run was on."""
    stream = crawl.platform.stream()
    if stream is None:
        for tag in crawl.run.campaign.hashtags:
            yield crawl.ledger.coverage("timeline", tag, crawl.run.clock, 0, NOT_OFFERED)
        return
    hearing, tape = Hearing(crawl, stream), StreamTape(crawl.run)
    for attempt in tape.on_record():
        async for record in hearing.take(attempt):
            yield record
    if not crawl.run.tape.replaying:
        live = Live(crawl.run, stream, hearing, tape, backoff)
        async for attempt in live.attempts():
            async for record in hearing.take(attempt):
                yield record
        crawl.is_told_to_end = live.is_told_to_end
        crawl.is_behind = crawl.run.to_present and live.ended == UNTIL
    for record in _concluded(crawl, hearing):
        yield record


def _concluded(crawl: Crawl, hearing: Hearing) -> Iterator[CoverageRecord]:
    """What is covered now, and where the next run goes on."""
    track = hearing.track
    if track.since_us is None and hearing.ended == LOST:
        raise _unheard(crawl.run)
    if track.place is not None:
        heard = crawl.state.stream
        heard.at_us, heard.number, heard.server = track.place.at_us, track.place.number, track.place.server
    crawl.state.stream.hidden = hearing.hidden()
    crawl.ledger.told += [_gap_told(crawl.run, *map(_moment, gap)) for gap in track.gaps]
    for tag in crawl.run.campaign.hashtags:
        span = (_moment(track.since_us), _moment(track.place.at_us)) if track.since_us and track.place else None
        got, reason = hearing.got[fold_hashtag(tag)], _reason(hearing)
        yield crawl.ledger.coverage("timeline", tag, crawl.run.clock, got, reason, span=span)


def _reason(hearing: Hearing) -> str | None:
    """Why not all is known, in a word."""
    track = hearing.track
    if track.gaps:
        return GAP
    if track.failure is not None:
        return _TOLD.get(track.failure, track.failure)
    if hearing.ended == TOLD:
        return "limit"
    return END_UNKNOWN if track.since_us is None else None


def _moment(at_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=at_us)


def _gap_told(run: Run, begin: datetime, end: datetime) -> tuple[str, str]:
    en = f"the stream no longer held what happened from {begin:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC"
    fr = f"le flux ne gardait plus ce qui s'est passé du {begin:%d/%m/%Y %H:%M:%S} au {end:%d/%m/%Y %H:%M:%S} UTC"
    return (
        f"{run.source}: {en}; collect without --stream: a search may show some of it",
        f"{run.source} : {fr} ; collectez sans --stream : une recherche peut en montrer une partie",
    )


def _unheard(run: Run) -> PasserelleError:
    return PasserelleError(
        en=f"{run.source}: no server of its stream answers; try again later, it goes on from where it was",
        fr=f"{run.source} : aucun serveur du flux ne répond ; réessayez plus tard, la collecte reprendra où elle était",
    )
