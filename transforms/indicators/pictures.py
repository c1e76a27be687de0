"""How soon the first answer comes, as a curve: what a picture of the report is drawn from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.graphs.jit import Floats
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import Frames
from transforms.indicators.response import time_to_first

SURVIVAL = pa.schema(
    [
        ("hours", pa.float64()),
        ("survival", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("at_risk", pa.int64()),
    ]
)


def survival_curve(frames: Frames, week: str, stranger: bool, platform: str | None = None) -> pa.Table:
    """Share of the week's episodes still without a mobiliser (a stranger's help, if `stranger`) after some hours.

    Schema `SURVIVAL`; low and high are 95 % log-log limits, null where survival is 0; at_risk are episodes still
    watched just before. One row a moment at which somebody was first, after one for hour 0; no row for a week without
    episodes.
    """
    curve = time_to_first(Cohort(frames, week, platform), stranger)
    return pa.table(
        {
            "hours": curve.hours,
            "survival": curve.survival,
            "low": _nulls(curve.low),
            "high": _nulls(curve.high),
            "at_risk": curve.at_risk,
        },
        schema=SURVIVAL,
    )


def _nulls(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))
