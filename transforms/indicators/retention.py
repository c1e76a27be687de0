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
    newcomers, returned = newcomers_back(cohort)
    yield count("newcomers", newcomers, settled=_answered(cohort))
    for later, back in returned.items():
        share, interval = ratio(back, newcomers), wilson(back, newcomers)
        yield IndicatorRow("retention", share, newcomers, str(later), interval, settled=_over(cohort, later))


def newcomers_back(cohort: Cohort) -> tuple[int, dict[int, int]]:
    """How many came, and by k how many of them mobilised in week + k, for weeks that are over at as-of."""
    rows = cohort.cut(cohort.frames.turns)
    newcomers = set(rows.loc[rows["first_week"] == cohort.week, "account_id"])
    back = {}
    for later in range(1, WEEKS_FOLLOWED + 1):
        if _over(cohort, later) > cohort.as_of:
            break
        week = week_after(cohort.week, later)
        back[later] = len(newcomers & set(cohort.in_week(cohort.frames.turns, week)["account_id"]))
    return len(newcomers), back


def _over(cohort: Cohort, later: int) -> int:
    """The end of week + k (microseconds)."""
    return micros(week_bounds(week_after(cohort.week, later), cohort.frames.study.zone)[1])


def _answered(cohort: Cohort) -> int:
    """When the week is over and so are the follow-ups of all calls that could be answered in it.

    Till then an author of a repeated call may yet turn out to be no mobiliser.
    """
    t_call = clock(cohort.frames.study.episodes["t_call"])
    open_ = t_call[(t_call < cohort.bounds[1]) & (t_call + cohort.follow_up > cohort.bounds[0])]
    return max(cohort.bounds[1], int(open_.max(initial=0)) + cohort.follow_up)
