"""Data behind the report's pictures that the table of indicators does not hold as they are drawn."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.graphs.jit import Floats
from transforms.help.study import Study
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import cut_study
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


def survival_curve(study: Study, week: str, stranger: bool, platform: str | None = None) -> pa.Table:
    """Share of the week's episodes still without a mobiliser (a stranger's help, if `stranger`) after some hours.

    Schema `SURVIVAL`; low and high are 95 % log-log limits, null where survival is 0; at_risk are episodes still
    watched just before. One row a moment at which somebody was first, after one for hour 0; no row for a week without
    episodes.
    """
    curve = time_to_first(Cohort(cut_study(study), week, platform), stranger)
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
