"""The change of a share from one set of episodes to another, where some people act in both."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from transforms.graphs.jit import Longs
from transforms.indicators.two_way import LEVEL, POWER, Cases, Spread, interval_of, jackknife, spread, student
from transforms.proportions import UNKNOWN, Interval


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """``now - before`` of a share of two disjoint sets of episodes (or of two weeks' actors).

    `variance` leaves a person out of both sets at once; `rho`: how far the two go together for it.
    """

    now: Cases
    before: Cases
    spreads: tuple[Spread, Spread]
    variance: float

    @property
    def value(self) -> float:
        return self.now.value - self.before.value

    @property
    def df(self) -> float:
        return min(one.df for one in self.spreads)

    @property
    def is_few(self) -> bool:
        """Too few clusters on a side of either set: no word about a direction."""
        return any(one.is_few for one in self.spreads)

    @property
    def rho(self) -> float:
        one, other = (found.variance for found in self.spreads)
        both = one + other - self.variance
        return max(-1.0, min(1.0, both / (2 * math.sqrt(one * other)))) if one * other > 0 else 0.0

    @property
    def smallest_visible(self) -> float:
        """What the change would have to be for four in five such weeks to show it; from 1 on, no change would."""
        return (student(self.df, (1 + LEVEL) / 2) + student(self.df, POWER)) * math.sqrt(self.variance)

    def interval(self, level: float = LEVEL) -> Interval:
        """MOVER (Zou & Donner 2008) of the two intervals, with their correlation."""
        (low1, high1), (low0, high0) = self._ends(level)
        if low1 is None or high1 is None or low0 is None or high0 is None:
            return UNKNOWN
        one, other = self.now.value, self.before.value
        below, above = self._reach(one - low1, high0 - other), self._reach(high1 - one, other - low0)
        return Interval(self.value - below, self.value + above)

    def _ends(self, level: float) -> tuple[Interval, Interval]:
        return interval_of(self.spreads[0], self.now, level), interval_of(self.spreads[1], self.before, level)

    def _reach(self, a: float, b: float) -> float:
        return math.sqrt(max(0.0, a * a + b * b - 2 * self.rho * a * b))


def difference(now: Cases, before: Cases) -> Difference | None:
    """The change from `before` to `now`; None where either tells no interval.

    The last side of both are persons, under the same numbers; episodes are others, whatever their numbers.
    """
    one, other = spread(now), spread(before)
    if one is None or other is None:
        return None
    apart = [_apart(left, right) for left, right in zip(now.sides[:-1], before.sides[:-1], strict=True)]
    sides = [jackknife([now, before], clusters) for clusters in (*apart, (now.sides[-1], before.sides[-1]))]
    row = jackknife([now, before], _apart(now.case, before.case))
    together = math.fsum(sides) - (len(sides) - 1) * row
    return Difference(now, before, (one, other), max(together, *sides, row, one.floor + other.floor))


def _apart(now: Longs, before: Longs) -> tuple[Longs, Longs]:
    """Numbers of two sets that have nothing in common."""
    return now, before + (now.max(initial=0) + 1 - np.minimum(before.min(initial=0), 0))
