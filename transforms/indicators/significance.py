"""The place of an observed value among draws of a null model."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transforms.graphs.jit import Floats


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
