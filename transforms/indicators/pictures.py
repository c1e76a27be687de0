"""Data behind the report's pictures that the table of indicators does not hold as they are drawn."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.graphs.jit import Floats
from transforms.help.study import Study
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import cut_study
from transforms.indicators.response import time_to_first
from transforms.indicators.yields import by_dose

DOSES = {"yield_by_days": "days", "yield_by_mutual": "mutual"}


def survival_curve(study: Study, week: str, stranger: bool, platform: str | None = None) -> pa.Table:
    """Share of the week's episodes still without a mobiliser (a stranger's help, if `stranger`) after some hours.

    Columns: hours, survival, low, high (95 % log-log; null where survival is 0), at_risk (episodes still watched just
    before). One row a moment at which somebody was first, after one for hour 0; no row for a week without episodes.
    """
    curve = time_to_first(Cohort(cut_study(study), week, platform), stranger)
    return pa.table(
        {
            "hours": curve.hours,
            "survival": curve.survival,
            "low": _nulls(curve.low),
            "high": _nulls(curve.high),
            "at_risk": curve.at_risk,
        }
    )


def dose_response(study: Study, week: str, platform: str | None = None) -> pa.Table:
    """Yield of observed ties by days of contact (`by` = days) and, apart, by mutual neighbours (`by` = mutual).

    Columns: by, bin, value (null for an empty bin), low, high (Wilson), alters (accounts with such a tie).
    """
    found = list(by_dose(Cohort(cut_study(study), week, platform)))
    return pa.table(
        {
            "by": pa.array([DOSES[one.indicator] for one in found], pa.string()),
            "bin": pa.array([one.stratum for one in found], pa.string()),
            "value": pa.array([one.value for one in found], pa.float64()),
            "low": pa.array([one.interval.low for one in found], pa.float64()),
            "high": pa.array([one.interval.high for one in found], pa.float64()),
            "alters": pa.array([one.n for one in found], pa.int64()),
        }
    )


def _nulls(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))
