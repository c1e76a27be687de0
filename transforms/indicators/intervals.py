"""Intervals and tests that have a closed form or need nothing but counts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from transforms.graphs.jit import Floats

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


class Test(NamedTuple):
    """Place of an observed value among draws of a null model: z is None when these do not vary."""

    z: float | None
    p: float | None


UNTESTED = Test(None, None)


def against_draws(observed: float | None, draws: Floats) -> Test:
    """z = (observed - mean) / sd of the draws, and one-sided p = (1 + #draws >= observed) / (R + 1).

    Draws where the quantity is undefined (NaN) are left out of R. Unknown for an undefined observation.
    """
    defined = draws[np.isfinite(draws)]
    if observed is None or len(defined) < 2:
        return UNTESTED
    mean, sd = float(defined.mean()), float(defined.std(ddof=1))
    # Sums of the same floats in another order differ in the last bits: that is no variation.
    tolerance = 1e-12 * max(1.0, abs(mean))
    p = (1 + int(np.count_nonzero(defined >= observed - tolerance))) / (len(defined) + 1)
    return Test((observed - mean) / sd if sd > tolerance else None, p)
