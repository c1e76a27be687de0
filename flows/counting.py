"""Which staged looks at posts are news, by run: counted once, before anything is written, and kept beside the run.

A clean that was killed may have written some of the rows. Counted again after that, they would all look known.
"""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from flows.inspection import Look
from flows.known import known_looks
from flows.rejects import split
from flows.staged import StagedRun, staged_rows
from passerelle.lake import Lake, write_whole
from transforms.merging.versions import FATES, fates

Counts = dict[str, dict[str, int]]
COLUMNS = ["platform", "post_id", "version_id", "embedded", "captured_at", "iso_week", "source", "run_id"]


def count_posts(lake: Lake, runs: Sequence[StagedRun], told: Look) -> Counts:
    """Accepted, updated, duplicate and quarantined rows of `post_versions`, by run."""
    kept = {run.run_id: counts for run in runs if (counts := counts_of_run(run)) is not None}
    if len(kept) == len(runs):
        return kept
    counters: Counts = {run.run_id: dict.fromkeys([*FATES, "quarantined"], 0) for run in runs}
    for part, reasons in told.posts:
        staged, bad = split(staged_rows(runs, "post_versions", COLUMNS, part.where), reasons)
        known = known_looks(lake, staged, COLUMNS)
        others = known.filter(pc.invert(pc.is_in(known["run_id"], pa.array(list(kept), pa.string()))))
        for run_id, fate in zip(staged["run_id"].to_pylist(), fates(staged, others), strict=True):
            counters[run_id][fate] += 1
        for run_id in bad["run_id"].to_pylist():
            counters[run_id]["quarantined"] += 1
    counters |= kept
    for run in runs:
        write_whole(run.folder / "counts.json", orjson.dumps(counters[run.run_id]))
    return counters


def counts_of_run(run: StagedRun) -> dict[str, int] | None:
    """What an unfinished clean had counted of `run`; None where no clean had begun."""
    path = run.folder / "counts.json"
    return {str(name): int(count) for name, count in orjson.loads(path.read_bytes()).items()} if path.exists() else None
