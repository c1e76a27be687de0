"""Times as integers: microseconds since 1970 (UTC), the clock of every kernel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from passerelle.tables import TIME
from passerelle.weeks import iso_weeks

HOUR = 3_600_000_000
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Every zone's clock is ahead of UTC by a multiple of this (since 1972): all moments of a quarter share a week.
_QUARTER = HOUR // 4


def micros(moment: datetime) -> int:
    """Microseconds since 1970 of an aware moment."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def clock(column: pa.ChunkedArray | pa.Array) -> NDArray[np.int64]:
    """A column of timestamps as integers. Raises pyarrow.ArrowInvalid if one is null."""
    if column.null_count:
        raise pa.ArrowInvalid(f"{column.null_count} times are missing")
    times: NDArray[np.int64] = column.cast(TIME).cast(pa.int64()).to_numpy()
    return times


def times(values: NDArray[np.int64]) -> pa.Array:
    """Integers as a column of timestamps."""
    return pa.array(values, pa.int64()).cast(TIME)


def weeks_of(values: NDArray[np.int64], zone: str = "UTC") -> pa.Array:
    """ISO weeks on a calendar in `zone`; each quarter of an hour is looked up once."""
    quarters, place = np.unique(values // _QUARTER, return_inverse=True)
    return pc.take(iso_weeks(times(quarters * _QUARTER), zone), pa.array(place))
