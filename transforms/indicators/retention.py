"""Do those who once helped help again? Newcomers, and what became of each week's."""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.weeks import week_after, week_bounds
from transforms.indicators.cohort import Cohort
from transforms.indicators.intervals import wilson
from transforms.indicators.measure import Measure, count, ratio
from transforms.moments import micros

WEEKS_FOLLOWED = 12


def retention(cohort: Cohort) -> Iterator[Measure]:
    """Accounts whose first mobilisation falls in the calendar week, and the share that mobilises in week + k.

    Rule 31. Stratum: k = 1 to 12, for weeks that are over at as-of. A mobilisation counts in the week, in the
    campaign's zone, of its first act.
    """
    rows = cohort.cut(cohort.frames.turns)
    newcomers = set(rows.loc[rows["first_week"] == cohort.week, "account_id"])
    yield count("newcomers", len(newcomers))
    for later in range(1, WEEKS_FOLLOWED + 1):
        week = week_after(cohort.week, later)
        if micros(week_bounds(week, cohort.frames.study.zone)[1]) > cohort.as_of:
            return
        back = newcomers & set(cohort.in_week(cohort.frames.turns, week)["account_id"])
        interval = wilson(len(back), len(newcomers))
        yield Measure("retention", ratio(len(back), len(newcomers)), len(newcomers), str(later), interval)
