"""Import: files that the user already has, through the same landing as what is collected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.job import Job
from passerelle import clock as clocks
from passerelle.campaign import Mapping
from passerelle.errors import UsageError
from pipelines.landing import Landing
from spiders.archives import Format, read_archives
from spiders.archives.detect import detect


def import_files(
    job: Job,
    paths: Sequence[Path],
    *,
    form: Format | None = None,
    mapping: str | None = None,
    captured_at: datetime | None = None,
    clock: datetime | None = None,
) -> dict[str, Any]:
    """Land `paths`, several overlapping ones in any order, as one run in staging. Returns its manifest.

    `mapping` names one of the campaign's column mappings; a campaign that has only one need not be told for files
    of no known format. Raises UsageError for a file that cannot be read whole: nothing is landed then.
    """
    clock = clock or clocks.now()
    chosen = _mapping(job, paths, form, mapping)
    records = read_archives(paths, clock=clock, form=form, mapping=chosen, captured_at=captured_at)
    run_id = f"{clock:%Y%m%dT%H%M%S%fZ}-import"
    with Landing(job.lake, run_id, "import", job.campaign, job.pseudonyms, clock) as landing:
        landing.add_many(records)
        return landing.finish(None)


def _mapping(job: Job, paths: Sequence[Path], form: Format | None, name: str | None) -> Mapping | None:
    known = job.campaign.mappings
    if name is not None:
        if name not in known:
            listed = ", ".join(known) or "-"
            raise UsageError(
                en=f"{job.campaign_file}: there is no [mappings.{name}]; there are: {listed}",
                fr=f"{job.campaign_file} : il n'y a pas de [mappings.{name}] ; il y a : {listed}",
            )
        return known[name]
    if len(known) != 1 or form not in (None, "mapped"):
        return None
    return next(iter(known.values())) if form == "mapped" or not _has_known_format(paths) else None


def _has_known_format(paths: Sequence[Path]) -> bool:
    try:
        return all(detect(path) for path in paths)
    except UsageError:
        return False
