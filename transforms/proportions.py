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
    if trials == 0:
        return UNKNOWN
    share, square = successes / trials, Z95 * Z95 / trials
    middle = share + square / 2
    reach = Z95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials))
    low, high = (middle - reach) / (1 + square), (middle + reach) / (1 + square)
    return Interval(max(low, 0.0) if successes else 0.0, min(high, 1.0) if successes < trials else 1.0)
