"""Is there an answer, and how soon?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from transforms.indicators.cohort import ABSENT, Cohort
from transforms.indicators.measure import IndicatorRow, ratio
from transforms.indicators.survival import Survival, kaplan_meier
from transforms.moments import HOUR
from transforms.proportions import Interval, wilson

DAY_HOURS = 24.0


def response(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Response rate over mature episodes (rule 23), and times to the first mobiliser and the first stranger."""
    episodes = cohort.episodes
    mature = episodes.index[episodes["is_mature"].to_numpy(bool)]
    answered = int(mature.isin(cohort.mobilisers["episode"]).sum())
    yield IndicatorRow(
        "response_rate", ratio(answered, len(mature)), len(mature), interval=wilson(answered, len(mature))
    )
    yield from _times(time_to_first(cohort, stranger=False), "", len(episodes))
    yield from _times(time_to_first(cohort, stranger=True), "_stranger", len(episodes))


def time_to_first(cohort: Cohort, stranger: bool) -> Survival:
    """Hours from the call to the first mobiliser's first act (of those without observed tie, if `stranger`).

    All episodes; censored at the end of the follow-up or at as-of, whichever is first (rule 24).
    """
    rows = cohort.mobilisers
    rows = rows[rows["tie_class"].isin(ABSENT)] if stranger else rows
    first = rows.groupby("episode")["hours"].min().reindex(cohort.episodes.index)
    seen = (cohort.as_of - cohort.episodes["t_call"].to_numpy(np.int64)) / HOUR
    watched = np.minimum(seen, float(cohort.analysis.follow_up_hours))
    happened = first.notna().to_numpy(bool)
    return kaplan_meier(np.where(happened, first.to_numpy(np.float64), watched), happened)


def _times(curve: Survival, suffix: str, episodes: int) -> Iterator[IndicatorRow]:
    yield IndicatorRow(f"median_hours_to_first{suffix}", curve.median, episodes, interval=curve.median_interval)
    yield IndicatorRow(
        f"share_24h{suffix}", curve.share_by(DAY_HOURS), episodes, interval=curve.share_interval(DAY_HOURS)
    )


def widened(measure: IndicatorRow, earliest: IndicatorRow | None) -> IndicatorRow:
    """`measure`, its interval widened to hold what the earliest possible times give; the value stays.

    A repost known from two polls happened somewhere between them. An open end (a median's, never reached) stays open.
    """
    if earliest is None or measure.value is None or earliest.value is None or measure.interval.low is None:
        return measure
    lows = (measure.interval.low, earliest.interval.low, earliest.value)
    highs = (measure.interval.high, earliest.interval.high)
    low = min(end for end in lows if end is not None)
    high = None if None in highs else max(earliest.value, *(end for end in highs if end is not None))
    return measure._replace(interval=Interval(low, high))
