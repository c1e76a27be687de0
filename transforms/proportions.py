"""Wilson's interval of a proportion: one formula for labels and indicators."""

from __future__ import annotations

import math
from typing import NamedTuple

Z95 = 1.959963984540054


class Interval(NamedTuple):
    """Ends of a 95 % interval; None where it is not defined."""

    low: float | None
    high: float | None


UNKNOWN = Interval(None, None)


def wilson(successes: int, trials: int) -> Interval:
    """Wilson's (1927) score interval of a proportion, without continuity correction; unknown without trials."""
    return score_interval(successes / trials, trials) if trials else UNKNOWN


def score_interval(share: float, trials: float, quantile: float = Z95) -> Interval:
    """Wilson's interval of a `share` known as well as from so many independent `trials` (more than 0; any real number).

    `quantile`: of the normal distribution, or Student's where the spread was estimated too.
    """
    square = quantile * quantile / trials
    middle = share + square / 2
    reach = quantile * math.sqrt(share * (1 - share) / trials + square / (4 * trials))
    low, high = (middle - reach) / (1 + square), (middle + reach) / (1 + square)
    return Interval(max(low, 0.0) if share > 0 else 0.0, min(high, 1.0) if share < 1 else 1.0)
