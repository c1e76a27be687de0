"""Do those who once helped help again? Newcomers, and what became of each week's."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.weeks import week_after, week_bounds
from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import IndicatorRow, count, ratio
from transforms.moments import clock, micros
from transforms.proportions import wilson

WEEKS_FOLLOWED = 12


def retention(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Accounts whose first mobilisation falls in the calendar week, and the share that mobilises in week + k.

    Rule 31. Stratum: k = 1 to 12, for weeks that are over at as-of, and then settled. A mobilisation counts in the
    week, in the campaign's zone, of its first act.
    """
    rows = cohort.cut(cohort.frames.turns)
    newcomers = set(rows.loc[rows["first_week"] == cohort.week, "account_id"])
    yield count("newcomers", len(newcomers), settled=_answered(cohort))
    for later in range(1, WEEKS_FOLLOWED + 1):
        week = week_after(cohort.week, later)
        over = micros(week_bounds(week, cohort.frames.study.zone)[1])
        if over > cohort.as_of:
            return
        back = newcomers & set(cohort.in_week(cohort.frames.turns, week)["account_id"])
        share, interval = ratio(len(back), len(newcomers)), wilson(len(back), len(newcomers))
        yield IndicatorRow("retention", share, len(newcomers), str(later), interval, settled=over)


def _answered(cohort: Cohort) -> int:
    """When the week is over and so are the follow-ups of all calls that could be answered in it.

    Till then an author of a repeated call may yet turn out to be no mobiliser.
    """
    t_call = clock(cohort.frames.study.episodes["t_call"])
    open_ = t_call[(t_call < cohort.bounds[1]) & (t_call + cohort.follow_up > cohort.bounds[0])]
    return max(cohort.bounds[1], int(open_.max(initial=0)) + cohort.follow_up)
