"""Rows that did not pass the gate: told apart from the others, and written down with place and reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from flows.inspection import Look
from flows.staged import StagedRun, rows_with_run, staged_rows
from passerelle.tables import QUARANTINE
from transforms.keys import first_by_key, in_order_of


def split(rows: pa.Table, reasons: Mapping[int, str]) -> tuple[pa.Table, pa.Table]:
    """The rows that pass, and those whose position is in `reasons`."""
    bad = pa.array([i in reasons for i in range(rows.num_rows)], pa.bool_())
    return (rows.filter(pc.invert(bad)), rows.filter(bad)) if reasons else (rows, rows.slice(0, 0))


def rejected_rows(runs: Sequence[StagedRun], told: Look) -> pa.Table:
    """Rows of `quarantine` for all that `runs` could not keep, each key once with how often it came."""
    rejected = [_once(staged_rows(runs, "quarantine"))]
    for part, reasons in told.posts:
        rejected += _told(runs, "post_versions", part.where, reasons)
    for part, reasons in told.accounts:
        rejected += _told(runs, "accounts", part.where, reasons)
    rejected += _told(runs, "engagements", None, told.engagements)
    return _once(pa.concat_tables(rejected))


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
        "times": pa.array([1] * bad.num_rows),
    }
    return [QUARANTINE.conform(pa.table(columns))]


_PLACES = {
    "post_versions": ("post", "post_id", "captured_at"),
    "accounts": ("accounts", "account_id", "last_seen_at"),
    "engagements": ("engagements", "post_id", "first_seen"),
}


def _once(rows: pa.Table) -> pa.Table:
    """Each place and reason once, `times` it came: no row is lost because another has its key."""
    key = list(QUARANTINE.key)
    first = first_by_key(rows, key)
    counted = rows.select(key).append_column("times", pc.fill_null(rows["times"], 1))
    times = in_order_of(counted.group_by(key, use_threads=False).aggregate([("times", "sum")]), first, key)
    place = first.schema.get_field_index("times")
    return first.set_column(place, first.schema.field(place), times["times_sum"])
