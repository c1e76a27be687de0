"""Weekly indicators as the page reads them: by week, name and stratum."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from statistics import median

import pyarrow as pa

from passerelle.weeks import week_after, week_range
from transforms.indicators.catalogue import checked

NUM_WEEKS_SHOWN = 26
NUM_WEEKS_MEDIAN = 8


@dataclass(frozen=True, slots=True)
class Estimate:
    """One value with its 95 % interval; `value` is None where undefined or suppressed."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    z: float | None = None
    n: int | None = None
    status: str = "missing"


MISSING = Estimate()


def platforms_among(readings: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """Platforms that have rows of their own among readings by week, indicator and stratum: there are several."""
    return frozenset(stratum for _, indicator, stratum in readings if indicator == "calls") - {"all"}


def is_of_platform(stratum: str, platforms: Container[str]) -> bool:
    """Whether a stratum is a platform or one of its own, such as ``PLATFORM:weak``."""
    return stratum.partition(":")[0] in platforms


class Series:
    """Look-up over a table `weekly_indicators` of one campaign."""

    def __init__(self, indicators: pa.Table) -> None:
        fields = ("value", "low", "high", "p", "z", "n", "status")
        self._readings = {
            (row["iso_week"], row["indicator"], row["stratum"]): Estimate(**{name: row[name] for name in fields})
            for row in indicators.to_pylist()
        }
        self.weeks = sorted({week for week, _, _ in self._readings})
        self.platforms = platforms_among(self._readings)

    def at(self, week: str | None, indicator: str, stratum: str = "all") -> Estimate:
        """The reading, with status ``missing`` where there is no such row.

        Raises KeyError for an indicator that the catalogue does not list.
        """
        return self._readings.get((week or "", checked(indicator).name, stratum), MISSING)

    def count(self, week: str | None, indicator: str, stratum: str = "all") -> int | None:
        """A count of the week as a whole number; None where it is missing or suppressed."""
        value = self.at(week, indicator, stratum).value
        return None if value is None else round(value)

    def strata(self, week: str | None, indicator: str) -> list[str]:
        """Strata of an indicator in a week, over all platforms, in the order of the table."""
        told = [stratum for at, name, stratum in self._readings if at == week and name == indicator]
        return [stratum for stratum in told if not is_of_platform(stratum, self.platforms)]

    def shown(self, last: str | None) -> list[str]:
        """Every week of the pictures, gaps included: at most half a year up to `last`, from the first with a call."""
        with_calls = [week for week in self.weeks if self._has_calls(week)]
        if last is None or not with_calls:
            return []
        first = max(with_calls[0], week_after(last, 1 - NUM_WEEKS_SHOWN))
        return list(week_range(f"{first}/{last}")) if first <= last else [last]

    def _has_calls(self, week: str) -> bool:
        """There were calls, be their number suppressed."""
        calls = self.at(week, "calls")
        return calls.status != "missing" and calls.value != 0

    def median(self, last: str, indicator: str) -> float | None:
        """Median over the eight final weeks up to `last`; None with fewer than half of them known."""
        weeks = (week_after(last, -back) for back in range(NUM_WEEKS_MEDIAN))
        known = known_values(self.at(week, indicator) for week in weeks)
        return median(known) if 2 * len(known) >= NUM_WEEKS_MEDIAN else None


def known_values(readings: Iterable[Estimate]) -> list[float]:
    """Values of those readings that are final and known."""
    return [one.value for one in readings if one.value is not None and one.status == "final"]
