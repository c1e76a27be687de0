"""Rows by key: what MERGE needs, since a doubled key makes it fail."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def first_by_key(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The first row of each key, in the order of `rows`."""
    return rows.take(_positions(rows, key, "min"))


def last_by_key(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The last row of each key, in the order of `rows`."""
    return rows.take(_positions(rows, key, "max"))


def numbered(rows: pa.Table, key: Sequence[str], column: str) -> pa.Table:
    """`rows` with `` (2)``, `` (3)``... after the text in `column` where a row has the key of one before it."""
    again = rows.select(list(key)).to_pandas().groupby(list(key), dropna=False).cumcount().to_numpy() + 1
    told = [f"{text} ({n})" if n > 1 else text for text, n in zip(rows[column].to_pylist(), again, strict=True)]
    place = rows.schema.get_field_index(column)
    return rows.set_column(place, rows.schema.field(place), pa.array(told, pa.string()))


def without_keys(rows: pa.Table, known: pa.Table, key: Sequence[str]) -> pa.Table:
    """Rows whose key does not stand in `known`."""
    place = pa.array(np.arange(rows.num_rows))
    left = rows.select(list(key)).append_column("_row", place)
    new = left.join(known.select(list(key)), list(key), join_type="left anti")
    return rows.take(np.sort(new["_row"].to_numpy()))


def in_order_of(rows: pa.Table, others: pa.Table, key: Sequence[str]) -> pa.Table:
    """`rows` in the order in which their keys stand in `others`: Arrow promises no order after grouping or joining.

    Raises KeyError where `rows` lacks a key of `others` or has one twice.
    """
    left = others.select(list(key)).append_column("_place", pa.array(np.arange(others.num_rows)))
    right = rows.select(list(key)).append_column("_row", pa.array(np.arange(rows.num_rows)))
    pairs = left.join(right, list(key), join_type="inner").sort_by("_place")
    if not np.array_equal(pairs["_place"].to_numpy(), np.arange(others.num_rows)):
        raise KeyError(f"rows do not hold every {'/'.join(key)} once")
    return rows.take(pairs["_row"])


def news(rows: pa.Table, known: pa.Table, key: Sequence[str]) -> pa.Table:
    """Those of `rows` that are new or differ from the row of `known` with their key: all that need be written.

    `known` has the same schema, and each key once.
    """
    left = rows.select(list(key)).append_column("_row", pa.array(np.arange(rows.num_rows)))
    right = known.select(list(key)).append_column("_known", pa.array(np.arange(known.num_rows)))
    pairs = left.join(right, list(key), join_type="inner")
    here, there = rows.take(pairs["_row"]), known.take(pairs["_known"])
    is_new = np.ones(rows.num_rows, np.bool_)
    is_new[pairs["_row"].to_numpy()] = False
    for name in rows.column_names:
        is_new[pairs["_row"].to_numpy()[~same_values(here[name], there[name])]] = True
    return rows.filter(pa.array(is_new))


def same_values(one: pa.ChunkedArray, other: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Whether two columns of equal length say the same, row by row; two nulls do."""
    left, right = comparable(one), comparable(other)
    equal = pc.fill_null(pc.equal(left, right), False)
    both_null = pc.and_(pc.is_null(left), pc.is_null(right))
    return np.asarray(pc.or_(equal, both_null).to_numpy(zero_copy_only=False), np.bool_)


def comparable(column: pa.ChunkedArray) -> pa.Array:
    """A column as Arrow can compare it: lists of texts as one text."""
    whole = column.combine_chunks()
    return pc.binary_join(whole, "\x1f") if pa.types.is_list(whole.type) else whole


def _positions(rows: pa.Table, key: Sequence[str], which: str) -> np.ndarray:
    numbered = rows.select(list(key)).append_column("_row", pa.array(np.arange(rows.num_rows)))
    places = numbered.group_by(list(key), use_threads=False).aggregate([("_row", which)])[f"_row_{which}"]
    return np.sort(places.to_numpy())
