"""The stream as a Prefect flow: what happened since the last time lands and is committed; nothing is published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.job import Job, open_job
from flows.run_lines import run_line
from flows.stream import hear


@task(name="hear", cache_policy=NO_CACHE)
def hear_task(job: Job, lasting: timedelta | None) -> list[str]:
    """Hear and commit; returns the runs. Raises GateError where some were set aside; the others are committed."""
    runs: list[str] = []
    aside = None
    for outcomes, done in hear(job, lasting=lasting):
        for outcome in outcomes:
            print(f"{outcome.source}: {f'not whole: {outcome.reason}' if outcome.is_lost else 'heard'}")
        for row in done.rows:
            print(f"{row['run_id']}: {run_line(row, 'en')}")
        runs += done.runs
        aside = done if done.set_aside else aside
    if aside is not None:
        aside.refuse_set_aside()
    return runs


@flow(name="stream", log_prints=True, validate_parameters=False)
def hourly(campaign: str = "campaign.toml", lake: str | None = None, minutes: float | None = None) -> list[str]:
    """Hear what streams told since the last time, up to now, or for some `minutes`; returns the runs.

    Gives way at once, with LockedError, to another run on the same lake: a stream goes back far enough. A campaign
    whose sources have none is said to have none.
    """
    job = open_job(Path(campaign), Path(lake) if lake else None)
    if not any(source.streams for source in job.campaign.sources):
        print("no source of this campaign has a stream")
        return []
    return hear_task(job, timedelta(minutes=minutes) if minutes else None)
