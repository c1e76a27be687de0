"""One row of the table of indicators, before week and status are known."""

from __future__ import annotations

from typing import NamedTuple

from transforms.indicators.significance import UNTESTED, Test
from transforms.proportions import UNKNOWN, Interval


class IndicatorRow(NamedTuple):
    """`value` is None where it is undefined. Counts are never suppressed in the (restricted) table.

    `settled`: moment (microseconds) from which nothing that happens changes the row; None: that of its cohort.
    """

    indicator: str
    value: float | None
    n: int
    stratum: str = "all"
    interval: Interval = UNKNOWN
    test: Test = UNTESTED
    is_count: bool = False
    settled: int | None = None


def count(indicator: str, number: int, stratum: str = "all", settled: int | None = None) -> IndicatorRow:
    """A number of cases: it has no sampling error, is never undefined and never suppressed."""
    return IndicatorRow(indicator, float(number), int(number), stratum, is_count=True, settled=settled)


def ratio(above: float, below: float) -> float | None:
    """`above` / `below`; None, not 0, when there is nothing below."""
    return float(above / below) if below else None
