"""Into what bins ties are told apart: the strata of some indicators, each from the first to the last value in it."""

from __future__ import annotations

import math
from collections.abc import Mapping

Bins = Mapping[str, tuple[float, float]]
MUTUAL_BINS: Bins = {"0": (0, 0), "1-2": (1, 2), "3+": (3, math.inf)}
RANGE_BINS: Bins = {"2": (2, 2), "3": (3, 3), "4+": (4, 1e300), "inf": (math.inf, math.inf)}
DAY_BINS: Bins = {"1": (1, 1), "2": (2, 2), "3": (3, 3), "4-6": (4, 6), "7+": (7, math.inf)}
