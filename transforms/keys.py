"""Rows by key: what MERGE needs, since a doubled key makes it fail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def first_by_key(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The first row of each key, in the order of `rows`."""
    return rows.take(_positions(rows, key, "min"))


def last_by_key(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The last row of each key, in the order of `rows`."""
    return rows.take(_positions(rows, key, "max"))


def without_keys(rows: pa.Table, known: pa.Table, key: Sequence[str]) -> pa.Table:
    """Rows whose key does not stand in `known`."""
    place = pa.array(np.arange(rows.num_rows))
    left = rows.select(list(key)).append_column("_row", place)
    new = left.join(known.select(list(key)), list(key), join_type="left anti")
    return rows.take(np.sort(new["_row"].to_numpy()))


def in_order_of(rows: pa.Table, others: pa.Table, key: Sequence[str]) -> pa.Table:
    """`rows` in the order in which their keys stand in `others`: what Arrow groups, sorts or joins has none to trust.

    Raises KeyError where `rows` lacks a key of `others` or has one twice.
    """
    left = others.select(list(key)).append_column("_place", pa.array(np.arange(others.num_rows)))
    right = rows.select(list(key)).append_column("_row", pa.array(np.arange(rows.num_rows)))
    pairs = left.join(right, list(key), join_type="inner").sort_by("_place")
    if not np.array_equal(pairs["_place"].to_numpy(), np.arange(others.num_rows)):
        raise KeyError(f"rows do not hold every {'/'.join(key)} once")
    return rows.take(pairs["_row"])


def _positions(rows: pa.Table, key: Sequence[str], which: str) -> np.ndarray:
    numbered = rows.select(list(key)).append_column("_row", pa.array(np.arange(rows.num_rows)))
    places = numbered.group_by(list(key), use_threads=False).aggregate([("_row", which)])[f"_row_{which}"]
    return np.sort(places.to_numpy())
