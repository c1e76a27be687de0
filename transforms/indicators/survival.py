"""Kaplan-Meier: how long until something happens, without dropping those to whom it has not happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.graphs.jit import Floats, Longs
from transforms.proportions import UNKNOWN, Z95, Interval, wilson

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """A survival curve: one entry a moment at which something happened, the first being hour 0.

    `survival`: share to whom it has not happened by then; `low`, `high`: 95 % log-log interval (NaN where the
    share is 0); `at_risk`: how many were still watched just before. `lost`: when others were last watched, ascending;
    `watched_until`: last moment known of anybody.
    """

    hours: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Longs
    lost: Floats
    watched_until: float

    @property
    def median(self) -> float | None:
        """Smallest hour at which at most half are left; None if more than half are left at the end."""
        return _first_at_most_half(self.hours, self.survival)

    @property
    def median_interval(self) -> Interval:
        """Where the two bounds of the curve come down to a half (Brookmeyer & Crowley 1982)."""
        return Interval(_first_at_most_half(self.hours, self.low), _first_at_most_half(self.hours, self.high))

    def share_by(self, hour: float) -> float | None:
        """Share to whom it has happened by `hour`, itself included; None if nobody was watched so long."""
        at = self._index(hour)
        if len(self.at_risk) == 0 or (hour > self.watched_until and self.survival[at] > ROUNDING):
            return None
        return float(1 - self.survival[at])

    def share_interval(self, hour: float) -> Interval:
        """Log-log interval of :meth:`share_by`; Wilson's on those watched till then where the share is 0 or 1."""
        share, at = self.share_by(hour), self._index(hour)
        if share is None:
            return UNKNOWN
        if share < ROUNDING or share > 1 - ROUNDING:
            watched = int(self.at_risk[0] - np.searchsorted(self.lost, hour))
            return wilson(round(share) * watched, watched)
        return Interval(float(1 - self.high[at]), float(1 - self.low[at]))

    def _index(self, hour: float) -> int:
        return int(np.searchsorted(self.hours, hour, side="right")) - 1


def kaplan_meier(hours: Floats, happened: NDArray[np.bool_]) -> Survival:
    """Kaplan & Meier (1958): `hours[i]` until it happened to i, or until i was last watched (``happened[i]`` false).

    Somebody last watched at the very hour of an event was still at risk. Interval: log(-log S) with Greenwood's
    variance (Kalbfleisch & Prentice 1980).
    """
    moments, count = np.unique(hours[happened], return_counts=True)
    at_risk = len(hours) - np.searchsorted(np.sort(hours), moments, side="left")
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.cumprod(1 - count / at_risk)
        left[left < ROUNDING] = 0.0
        spread = np.sqrt(np.cumsum(count / (at_risk * (at_risk - count)))) / np.abs(np.log(left))
        low, high = left ** np.exp(Z95 * spread), left ** np.exp(-Z95 * spread)
    low[left == 0] = high[left == 0] = np.nan
    one = np.ones(min(len(hours), 1))
    if len(moments) and moments[0] == 0:
        one = one[:0]
    return Survival(
        np.r_[np.zeros(len(one)), moments],
        np.r_[one, left],
        np.r_[one, low],
        np.r_[one, high],
        np.r_[np.full(len(one), len(hours)), at_risk].astype(np.int64),
        np.sort(hours[~happened]),
        float(hours.max(initial=0.0)),
    )


def _first_at_most_half(hours: Floats, share: Floats) -> float | None:
    reached = np.flatnonzero(share <= 0.5 + ROUNDING)
    return float(hours[reached[0]]) if len(reached) else None
