"""How sure a ratio of cases is, when cases share an episode or a person: a jackknife of clusters, two ways at once.

Cameron, Gelbach & Miller 2011; MacKinnon, Nielsen & Webb 2024. What is assumed: cases that share neither are
independent. Nothing is drawn by chance, and neither the order of cases nor the names of clusters change a digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from transforms.graphs.jit import Floats, Longs
from transforms.indicators.resampling import Clusters, cluster_sums
from transforms.proportions import UNKNOWN, Interval, score_interval

FEWEST_CLUSTERS, FEWEST_EFFECTIVE = 10, 5
LEVEL, POWER = 0.95, 0.80


class Cases(NamedTuple):
    """``sum(above) / sum(below)`` over cases: one entry a case, none with nothing `below`.

    `sides`: the cluster of each case, episode and person or the person alone; `case`: which case an entry belongs to,
    where one comes in parts. `limits`: what the ratio can be; `is_proportion`: each case counts whole or not at all.
    """

    above: Floats
    below: Floats
    sides: tuple[Longs, ...]
    case: Longs
    limits: tuple[float, float] = (0.0, 1.0)
    is_proportion: bool = True

    @property
    def value(self) -> float:
        return math.fsum(self.above) / math.fsum(self.below)


def cases(
    above: Floats,
    below: Floats,
    sides: Sequence[Longs],
    case: Longs | None = None,
    limits: tuple[float, float] = (0.0, 1.0),
    is_proportion: bool = True,
) -> Cases:
    """Only what counts: entries with nothing `below` are no cases, and their clusters none either."""
    counts = below > 0
    named = np.arange(len(below)) if case is None else case
    return Cases(
        above[counts], below[counts], tuple(side[counts] for side in sides), named[counts], limits, is_proportion
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """The variance of a ratio (or of a change): `sides` by the clusters of each side, `row` by cases alone.

    `clusters`, `effective` (Kish 1965), one entry a side: as many equal ones would say the same.
    """

    value: float
    size: float
    sides: tuple[float, ...]
    row: float
    clusters: tuple[int, ...]
    effective: tuple[float, ...]
    floor: float = 0.0

    @property
    def together(self) -> float:
        """V_E + V_P - V_R, or V_P: not yet kept from being too small."""
        return math.fsum(self.sides) - (len(self.sides) - 1) * self.row

    @property
    def variance(self) -> float:
        """The largest of all that may be said for it: never below that of independent cases."""
        return max(self.together, *self.sides, self.row, self.floor)

    @property
    def df(self) -> float:
        return max(1.0, min(self.effective) - 1)

    @property
    def is_few(self) -> bool:
        """Too few clusters on either side for a word about a direction."""
        return min(self.clusters) < FEWEST_CLUSTERS or min(self.effective) < FEWEST_EFFECTIVE

    def quantile(self, level: float = LEVEL) -> float:
        """Student's, two-sided."""
        return student(self.df, (1 + level) / 2)


def student(df: float, probability: float) -> float:
    """Quantile of Student's t."""
    return float(stdtrit(df, probability))


def spread(sample: Cases) -> Spread | None:
    """Variance of the ratio of `sample`; None with fewer than two clusters on a side."""
    clusters = tuple(len(np.unique(side)) for side in sample.sides)
    if min(clusters) < 2:
        return None
    value, size = sample.value, math.fsum(sample.below)
    return Spread(
        value,
        size,
        tuple(jackknife([sample], [side]) for side in sample.sides),
        jackknife([sample], [sample.case]),
        clusters,
        tuple(_effective(sample.below, side) for side in sample.sides),
        value * (1 - value) / size if sample.is_proportion else 0.0,
    )


def interval(sample: Cases, level: float = LEVEL) -> Interval:
    """Wilson's of as many independent cases as are as sure; of other ratios, value ± q sqrt(V) within its limits."""
    found = spread(sample)
    return UNKNOWN if found is None else interval_of(found, sample, level)


def interval_of(found: Spread, sample: Cases, level: float = LEVEL) -> Interval:
    """:func:`interval`, the spread being known. Where nothing varies, cases are as many as the clusters."""
    value, q, (least, most) = found.value, found.quantile(level), sample.limits
    if sample.is_proportion or (found.variance == 0 and value in (0.0, 1.0) and (least, most) == (0.0, 1.0)):
        certain = value in (0.0, 1.0)
        return score_interval(value, min(found.clusters) if certain else value * (1 - value) / found.variance, q)
    reach = q * math.sqrt(found.variance)
    return Interval(max(least, value - reach), min(most, value + reach))


def jackknife(samples: Sequence[Cases], clusters: Sequence[Longs]) -> float:
    """Variance of the first ratio, less the second where there are two, from leaving out each cluster in turn.

    `clusters`: of each sample's cases, the same numbers in both. A cluster without which nothing is left is skipped.
    """
    names, of = np.unique(np.concatenate(clusters), return_inverse=True)
    left_out, first = np.zeros(len(names)), 0
    for sign, sample in zip((1, -1), samples, strict=False):
        mine = of[first : first + len(sample.below)]
        left_out += sign * _without(sample, mine, len(names))
        first += len(mine)
    moved = left_out[np.isfinite(left_out)]
    return (len(moved) - 1) / len(moved) * math.fsum(moved**2) if len(moved) else 0.0


def _without(sample: Cases, of: Longs, size: int) -> Floats:
    """How far the ratio moves when each cluster is left out; NaN where nothing is left."""
    above, below = cluster_sums(np.column_stack((sample.above, sample.below)), Clusters(of, size)).T
    rest = math.fsum(sample.below) - below
    moved: Floats = np.divide(sample.value * below - above, rest, out=np.full(size, np.nan), where=rest > 0)
    return np.where(below == 0, 0.0, moved)


def _effective(below: Floats, side: Longs) -> float:
    names, of = np.unique(side, return_inverse=True)
    sums = cluster_sums(below[:, None], Clusters(of, len(names)))[:, 0]
    return math.fsum(sums) ** 2 / math.fsum(sums**2)
