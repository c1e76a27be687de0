"""Rows that did not pass the gate: told apart from the others, and written down with place and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from flows.inspection import Look
from flows.staged import StagedRun, rows_with_run, staged_rows
from passerelle.tables import QUARANTINE
from transforms.merging.keys import numbered


def split(rows: pa.Table, reasons: Mapping[int, str]) -> tuple[pa.Table, pa.Table]:
    """The rows that pass, and those whose position is in `reasons`."""
    bad = pa.array([i in reasons for i in range(rows.num_rows)], pa.bool_())
    return (rows.filter(pc.invert(bad)), rows.filter(bad)) if reasons else (rows, rows.slice(0, 0))


def rejected_rows(runs: Sequence[StagedRun], told: Look) -> pa.Table:
    """One row of `quarantine` for each row that `runs` could not keep, each with a place of its own."""
    rejected = [staged_rows(runs, "quarantine")]
    for part, reasons in told.posts:
        rejected += _told(runs, "post_versions", part.where, reasons)
    for part, reasons in told.accounts:
        rejected += _told(runs, "accounts", part.where, reasons)
    rejected += _told(runs, "engagements", None, told.engagements)
    return numbered(pa.concat_tables(rejected), QUARANTINE.key, "place")


def _told(
    runs: Sequence[StagedRun], name: str, where: pc.Expression | None, reasons: Mapping[int, str]
) -> list[pa.Table]:
    if not reasons:
        return []
    rows, run_ids = rows_with_run(runs, name, where)
    places = pa.array(sorted(reasons))
    bad = rows.take(places)
    label, place, when = _PLACES[name]
    columns = {
        "run_id": run_ids.take(places),
        "source": (bad["source"] if "source" in bad.column_names else bad["platform"]).combine_chunks(),
        "place": pc.binary_join_element_wise(label, pc.fill_null(bad[place], "?"), " ").combine_chunks(),
        "reason": pa.array([reasons[i] for i in sorted(reasons)]),
        "stage": pa.array(["clean"] * bad.num_rows),
        "quarantined_at": bad[when].combine_chunks(),
    }
    return [QUARANTINE.conform(pa.table(columns))]


_PLACES = {
    "post_versions": ("post", "post_id", "captured_at"),
    "accounts": ("accounts", "account_id", "last_seen_at"),
    "engagements": ("engagements", "post_id", "first_seen"),
}
