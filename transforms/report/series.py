"""Weekly indicators as the page reads them: by week, name and stratum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import pyarrow as pa

from passerelle.weeks import week_after, week_range
from transforms.indicators.catalogue import EIGHT, checked
from transforms.report.chains import NUM_WEEKS

NUM_WEEKS_SHOWN = 26


@dataclass(frozen=True, slots=True)
class Estimate:
    """One value with its 95 % interval; `value` is None where undefined or of too few.

    `chance`: above, below or same, against what chance would give; `num_weeks`: 1, or 8 for a sum of final weeks.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    chance: str | None = None
    n: int | None = None
    status: str = "missing"
    num_weeks: int = 1


MISSING = Estimate()


class Series:
    """Look-up over the indicators of an edition (schema `PUBLIC_INDICATORS`).

    `spoken`: that of the public edition, by which the direction words of the other go too: one word for a week.
    """

    def __init__(self, indicators: pa.Table, spoken: Series | None = None) -> None:
        self.spoken = spoken
        fields = ("value", "low", "high", "chance", "n", "status")
        self._readings = {
            (row["iso_week"], row["indicator"], row["stratum"]): Estimate(
                **{name: row[name] for name in fields}, num_weeks=NUM_WEEKS if row["indicator"].endswith(EIGHT) else 1
            )
            for row in indicators.to_pylist()
        }
        self.weeks = sorted({week for week, _, _ in self._readings})

    def at(self, week: str | None, indicator: str, stratum: str = "all") -> Estimate:
        """The reading, with status ``missing`` where there is no such row.

        Raises KeyError for an indicator that the catalogue does not list.
        """
        checked(indicator)
        return self._readings.get((week or "", indicator, stratum), MISSING)

    def over_eight(self, week: str | None, indicator: str, stratum: str = "all") -> Estimate:
        """The reading of the 8 final weeks up to `week`."""
        return self.at(week, f"{indicator}{EIGHT}", stratum)

    def best(self, week: str | None, indicator: str, stratum: str = "all") -> Estimate:
        """The week's reading or, where the week alone tells too little, that of the 8 final weeks up to it."""
        alone, eight = self.at(week, indicator, stratum), self.over_eight(week, indicator, stratum)
        return alone if alone.value is not None or eight.value is None else eight

    def before(self, week: str, indicator: str, reading: Estimate) -> Estimate:
        """What `reading` of `week` compares with: the week before, or the 8 weeks before its 8."""
        if reading.num_weeks == 1:
            return self.at(week_after(week, -1), indicator)
        return self.over_eight(week_after(week, -NUM_WEEKS), indicator)

    def count(self, week: str | None, indicator: str, stratum: str = "all") -> int | None:
        """A count of the week as a whole number; None where it is missing."""
        value = self.at(week, indicator, stratum).value
        return None if value is None else round(value)

    def strata(self, week: str | None, indicator: str) -> list[str]:
        """Strata of an indicator in a week, in the order of the table."""
        return [stratum for at, name, stratum in self._readings if at == week and name == indicator]

    def shown(self, last: str | None) -> list[str]:
        """Every week of the pictures, gaps included: at most half a year up to `last`, from the first with a call."""
        with_calls = [week for week in self.weeks if self._has_calls(week)]
        if last is None or not with_calls:
            return []
        first = max(with_calls[0], week_after(last, 1 - NUM_WEEKS_SHOWN))
        return list(week_range(f"{first}/{last}")) if first <= last else [last]

    def _has_calls(self, week: str) -> bool:
        """There were calls, as far as is told."""
        calls = self.at(week, "calls")
        return calls.status != "missing" and calls.value != 0

    def median(self, last: str, indicator: str) -> float | None:
        """Median over the eight final weeks up to `last`; None with fewer than half of them known."""
        weeks = (week_after(last, -back) for back in range(NUM_WEEKS))
        known = known_values(self.at(week, indicator) for week in weeks)
        return median(known) if 2 * len(known) >= NUM_WEEKS else None


def known_values(readings: Iterable[Estimate]) -> list[float]:
    """Values of those readings that are final and known."""
    return [one.value for one in readings if one.value is not None and one.status == "final"]
