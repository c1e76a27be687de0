"""The daily collect as a Prefect flow: what is new lands and is committed; nothing is published."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.clean import Cleaned
from flows.job import open_job
from flows.weekly import clean_task, collect_task


@flow(name="collect", log_prints=True, validate_parameters=False)
def daily(campaign: str = "campaign.toml", lake: str | None = None) -> Cleaned:
    """Collect and commit. Gives way at once, with LockedError, to another run on the same lake.

    Raises GateError where runs were set aside; the others are committed.
    """
    job = open_job(Path(campaign), Path(lake) if lake else None)
    with job.lake.lock():
        collect_task(job, None)
        done = clean_task(job)
        done.refuse_set_aside()
        return done
