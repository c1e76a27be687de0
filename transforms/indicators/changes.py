"""How every share of rows changed from the week before: what organisers may read into it. Restricted data."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from passerelle.weeks import week_after
from transforms.indicators.difference import Difference, difference
from transforms.indicators.frames import Frames
from transforms.indicators.samples import Key, week_cases

SCHEMA = pa.schema(
    [
        ("iso_week", pa.string()),
        ("before", pa.string()),
        ("indicator", pa.string()),
        ("stratum", pa.string()),
        *((name, pa.float64()) for name in ("value", "low", "high", "low_90", "high_90", "smallest_visible", "rho")),
        ("is_few", pa.bool_()),
    ]
)


def changes(frames: Frames, week: str, before: str) -> Mapping[Key, Difference]:
    """By (indicator, stratum): the change of every share of rows from the ISO week `before` to `week`.

    All platforms together; shares without an interval in either week are left out.
    """
    earlier = {(share.indicator, share.stratum): cut for share, cut, _ in week_cases(frames, before)}
    found = {
        (share.indicator, share.stratum): difference(cut, earlier[share.indicator, share.stratum])
        for share, cut, _ in week_cases(frames, week)
    }
    return {key: one for key, one in found.items() if one is not None}


def change_table(frames: Frames, week: str) -> pa.Table:
    """The changes to `week` from the week before it, with 95 % and 90 % intervals: schema `SCHEMA`.

    `smallest_visible`: the change that four in five such weeks would show; `rho`: how far both weeks go together for
    having the same people; `is_few`: too few episodes or people for a word about a direction.
    """
    before = week_after(week, -1)
    rows = [_row(week, before, *key, one) for key, one in sorted(changes(frames, week, before).items())]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _row(week: str, before: str, indicator: str, stratum: str, one: Difference) -> dict[str, object]:
    (low, high), (low_90, high_90) = one.interval(), one.interval(0.9)
    return {
        "iso_week": week,
        "before": before,
        "indicator": indicator,
        "stratum": stratum,
        "value": one.value,
        "low": low,
        "high": high,
        "low_90": low_90,
        "high_90": high_90,
        "smallest_visible": one.smallest_visible,
        "rho": one.rho,
        "is_few": one.is_few,
    }
