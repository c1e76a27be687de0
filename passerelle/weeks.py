"""ISO weeks in a campaign's time zone. A week is written ``2026-W47``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from passerelle.errors import UsageError

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def iso_week(moment: datetime, zone: str = "UTC") -> str:
    """The ISO week of an aware `moment` as seen on a calendar in `zone`: Sunday 23:30Z is Monday in Paris."""
    year, week, _ = moment.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year:04d}-W{week:02d}"


def iso_weeks(moments: pa.ChunkedArray | pa.Array, zone: str = "UTC") -> pa.Array:
    """:func:`iso_week` for a whole column of UTC timestamps; null stays null."""
    local = pd.DatetimeIndex(moments.to_numpy(zero_copy_only=False)).tz_localize("UTC").tz_convert(zone)
    parts = local.isocalendar()
    names = np.full(len(local), None, dtype=object)
    known = ~pd.isna(local)
    year = parts["year"][known].astype(int).astype(str).str.zfill(4)
    week = parts["week"][known].astype(int).astype(str).str.zfill(2)
    names[known] = (year + "-W" + week).to_numpy()
    return pa.array(names, type=pa.string(), from_pandas=True)


def week_bounds(week: str, zone: str = "UTC") -> tuple[datetime, datetime]:
    """First moment of `week` and of the next one, in UTC. Weeks of a clock change have 167 or 169 hours."""
    monday = _monday(week)
    here = ZoneInfo(zone)
    first, after = (datetime.combine(day, time(), here) for day in (monday, monday + timedelta(days=7)))
    return first.astimezone(UTC), after.astimezone(UTC)


def week_after(week: str, steps: int = 1) -> str:
    """The ISO week `steps` weeks later (earlier when negative)."""
    year, number, _ = (_monday(week) + timedelta(weeks=steps)).isocalendar()
    return f"{year:04d}-W{number:02d}"


def week_range(span: str) -> Iterator[str]:
    """Every week of ``2026-W40/2026-W47``, both ends included; a single week is a span of one."""
    first, _, last = span.partition("/")
    last = last or first
    week = first
    if _monday(last) < _monday(first):
        raise UsageError(
            en=f"weeks '{span}': the last week is before the first; write them as 2026-W40/2026-W47",
            fr=f"semaines « {span} » : la dernière précède la première ; écrivez 2026-W40/2026-W47",
        )
    while _monday(week) <= _monday(last):
        yield week
        week = week_after(week)


def _monday(week: str) -> date:
    match = _WEEK.fullmatch(week)
    try:
        if match is None:
            raise ValueError(week)
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise UsageError(
            en=f"'{week}' is not an ISO week; write it as 2026-W47",
            fr=f"« {week} » n'est pas une semaine ISO ; écrivez par exemple 2026-W47",
        ) from None
