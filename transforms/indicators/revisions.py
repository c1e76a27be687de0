"""What was published, and what it is now."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import WEEKLY_INDICATORS
from transforms.indicators.catalogue import CATALOGUE, EIGHT

KEY = list(WEEKLY_INDICATORS.key)


def compare_releases(old: pa.Table, new: pa.Table) -> pa.Table:
    """Rows of two tables of weekly indicators that differ in value or status, and rows that only one has.

    Columns: campaign, iso_week, indicator, stratum, published, published_status, now, now_status, difference
    (now - published; null where either is). Only weeks that the old table has are compared: a new week is no revision.
    Nor is an indicator that an earlier version of the program knew and this one does not.
    """
    known = [f"{name}{end}" for name in CATALOGUE for end in ("", EIGHT)]
    old = old.filter(pc.is_in(old["indicator"], pa.array(known, pa.string())))
    weeks = pc.unique(old["iso_week"])
    both = _beside(old, new.filter(pc.is_in(new["iso_week"], weeks)), ("published", "now"), ("value", "status"))
    same = pc.and_(_same(both, "published", "now"), _same(both, "published_status", "now_status"))
    changed = both.filter(pc.invert(same))
    return changed.append_column("difference", pc.subtract(changed["now"], changed["published"]))


def _beside(one: pa.Table, other: pa.Table, names: tuple[str, str], columns: tuple[str, ...]) -> pa.Table:
    """Both tables by key; `value` is called by the table's name, other columns by name and column."""
    parts = []
    for table, name in zip((one, other), names, strict=True):
        titles = [name if column == "value" else f"{name}_{column}" for column in columns]
        parts.append(table.select([*KEY, *columns]).rename_columns([*KEY, *titles]))
    joined = parts[0].join(parts[1], KEY, join_type="full outer")
    order = [*KEY, *parts[0].column_names[len(KEY) :], *parts[1].column_names[len(KEY) :]]
    return joined.select(order).sort_by([(name, "ascending") for name in KEY])


def _same(rows: pa.Table, one: str, other: str) -> pa.ChunkedArray:
    """Whether two columns are equal; two nulls are."""
    equal = pc.fill_null(pc.equal(rows[one], rows[other]), False)
    return pc.or_(equal, pc.and_(pc.is_null(rows[one]), pc.is_null(rows[other])))
