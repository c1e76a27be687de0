"""Is what came enough to publish on? The last good week stays where it is not."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import Any

import pyarrow.compute as pc

from flows.analyse import Analysed
from flows.clean import Cleaned
from passerelle.delta import among
from passerelle.errors import DamagedError, GateError, LockedError, ReplayError, UsageError
from passerelle.lake import Lake
from passerelle.weeks import iso_week, week_after
from passerelle.wording import english, french

COLLAPSE = 0.2
LEAST_USUAL = 10  # of fewer posts a week, a week of none is a quiet week as likely as a broken source
WEEKS_LOOKED_AT = 8


def refuse_empty(lake: Lake, done: Cleaned) -> None:
    """Raises GateError when the runs just committed brought no post at all, new or known."""
    runs = lake.read("runs", where=among("run_id", done.runs))
    if not pc.sum(runs["fetched"]).as_py():
        raise GateError(
            en=f"{lake.root}: the collection was empty; nothing is published, the last release stays",
            fr=f"{lake.root} : la collecte est vide ; rien n'est publié, la dernière publication reste en place",
        )


def refuse_collapse(analysed: Analysed) -> None:
    """Raises GateError when the week just ended has 80 % fewer campaign posts than the weeks before usually had.

    A campaign that usually has fewer than LEAST_USUAL posts a week is not checked: a quiet week is published as it is.
    """
    study = analysed.study
    counts = Counter(study.campaign_posts["iso_week"].to_pylist())
    last = week_after(iso_week(study.as_of, study.zone), -1)
    before = [counts[week_after(last, -step)] for step in range(1, WEEKS_LOOKED_AT + 1)]
    usual = median(before)
    if usual >= LEAST_USUAL and counts[last] < COLLAPSE * usual:
        raise GateError(
            en=f"week {last} has {english(counts[last], 'campaign post')}, usually there are {usual:g}: a source may "
            "be broken; nothing is published, the last release stays",
            fr=f"la semaine {last} compte {french(counts[last], 'publication')} de la campagne, "
            f"d'ordinaire {usual:g} : une source est peut-être en panne ; rien n'est publié, la dernière "
            "publication reste en place",
        )


def is_worth_retrying(state: Any) -> bool:
    """Whether a task that ended in `state` may succeed a little later; not after an error that a person must mend."""
    error = state.result(raise_on_failure=False)
    return not isinstance(error, UsageError | LockedError | GateError | DamagedError | ReplayError)
