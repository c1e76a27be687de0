"""Hear what streams tell: run after run, each landed and committed before the next, the lake free in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from flows.clean import Cleaned, clean
from flows.collect import Outcome, chosen_sources, hear_sources, none_collected
from flows.job import LOCK_WAIT, Job
from passerelle import clock
from passerelle.campaign import Campaign, Source
from passerelle.errors import UsageError

LONGEST_RUN = timedelta(minutes=10)
"""What is heard lands at least this often."""
_SHORTEST_RUN = timedelta(seconds=1)
_PAUSE, _PAUSE_WHEN_LOST = 2.0, 30.0  # seconds; whoever waits for the lake looks every second


def hear(
    job: Job, hosts: Sequence[str] = (), lasting: timedelta | None = None
) -> Iterator[tuple[list[Outcome], Cleaned]]:
    """Hear every source that has a stream, or those of `hosts`, and commit what came; one item a round.

    Up to the present, or for as long as `lasting`. Raises UsageError where no source has a stream, PasserelleError
    where none could be heard in the first round, LockedError where another run holds the lake.
    """
    sources = heard_sources(job.campaign, hosts)
    end = clock.now() + lasting if lasting else None
    wait = 0.0
    while True:
        with job.lake.lock(wait_seconds=wait):
            job.may_take_in()
            lasts = max(_SHORTEST_RUN, min(LONGEST_RUN, end - clock.now())) if end else LONGEST_RUN
            outcomes = hear_sources(job, sources, lasts.total_seconds(), goes_on=end is not None)
            is_lost = all(outcome.run_id is None for outcome in outcomes)
            if is_lost and wait == 0 and not any(outcome.is_interrupted for outcome in outcomes):
                raise none_collected(outcomes)
            done = clean(job.lake)
        yield outcomes, done
        is_at_end = clock.now() >= end if end else not any(outcome.is_behind for outcome in outcomes)
        if is_at_end or any(outcome.is_interrupted for outcome in outcomes):
            return
        clock.sleep(_PAUSE_WHEN_LOST if is_lost else _PAUSE)
        wait = LOCK_WAIT.total_seconds()


def heard_sources(campaign: Campaign, hosts: Sequence[str] = ()) -> list[Source]:
    """The campaign's sources that have a stream. Raises UsageError where there is none, or one of `hosts` has none."""
    sources = chosen_sources(campaign, hosts)
    silent = [source.host for source in sources if not source.streams]
    if len(silent) == len(sources) or (hosts and silent):
        raise UsageError(
            en=f"no stream at {', '.join(silent)}: collect it without --stream",
            fr=f"pas de flux pour {', '.join(silent)} : collectez-le sans --stream",
        )
    return [source for source in sources if source.streams]
