"""What was published and what it is now; and what either end of an uncertain time would have given."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import WEEKLY_INDICATORS

KEY = list(WEEKLY_INDICATORS.key)
TIMED = ("median_hours_to_first", "median_hours_to_first_stranger", "share_24h", "share_24h_stranger")
"""Indicators of elapsed time: an interval-censored repost moves them by as much as its time is uncertain."""


def compare_releases(old: pa.Table, new: pa.Table) -> pa.Table:
    """Rows of two tables of weekly indicators that differ in value or status, and rows that only one has.

    Columns: campaign, iso_week, indicator, stratum, published, published_status, now, now_status, difference
    (now - published; null where either is). Only weeks that the old table has are compared: a new week is no revision.
    """
    weeks = pc.unique(old["iso_week"])
    both = _beside(old, new.filter(pc.is_in(new["iso_week"], weeks)), ("published", "now"), ("value", "status"))
    same = pc.and_(_same(both, "published", "now"), _same(both, "published_status", "now_status"))
    changed = both.filter(pc.invert(same))
    return changed.append_column("difference", pc.subtract(changed["now"], changed["published"]))


def time_bounds(latest: pa.Table, earliest: pa.Table) -> pa.Table:
    """Rows whose value depends on which end of interval-censored times is taken, with both values.

    `latest`, `earliest`: tables of weekly indicators of studies built with either bound. Columns: campaign, iso_week,
    indicator, stratum, at_latest, at_earliest.
    """
    both = _beside(latest, earliest, ("at_latest", "at_earliest"), ("value",))
    return both.filter(pc.invert(_same(both, "at_latest", "at_earliest")))


def widen_by_bounds(latest: pa.Table, earliest: pa.Table) -> pa.Table:
    """`latest` with the intervals of the indicators of elapsed time widened to hold those of `earliest`.

    The value stays that of the latest possible times. An open end (null, no upper bound of a median) stays open.
    """
    rows, other = latest.to_pylist(), {tuple(row[name] for name in KEY): row for row in earliest.to_pylist()}
    for row in rows:
        twin = other.get(tuple(row[name] for name in KEY))
        if twin is None or row["indicator"] not in TIMED or row["value"] is None or twin["value"] is None:
            continue
        if row["low"] is not None:
            row["low"] = min(end for end in (row["low"], twin["low"], twin["value"]) if end is not None)
        if row["high"] is not None:
            row["high"] = max(end for end in (row["high"], twin["high"], twin["value"]) if end is not None)
            row["high"] = None if twin["high"] is None else row["high"]
    return pa.Table.from_pylist(rows, schema=latest.schema)


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
