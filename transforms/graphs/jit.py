"""The one way kernels are compiled: typed for mypy, cached so that a second process need not compile.

Numba's cache looks at the file of a kernel, not at those of the kernels it calls: so a kernel calls only kernels
of its own file, or it would go on running an old version of the other one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound=Callable[..., Any])

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


def compiled(function: Kernel) -> Kernel:
    """Compile `function` to machine code at its first call (one thread: results never depend on timing)."""
    return cast(Kernel, numba.njit(cache=True, nogil=True)(function))
