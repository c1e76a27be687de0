"""Do ties grow stronger after someone helped? Compared with like ties of people who did not; descriptive."""

from __future__ import annotations

import numpy as np
import pandas as pd

from passerelle.allowed import TIE_CLASSES
from transforms.graphs.jit import Floats, Longs
from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import IndicatorRow
from transforms.indicators.sampled import Sample, Share, measured
from transforms.ties.coverage import NEVER

WEAKER = ("weak", "moderately_weak")
QUINTILES = (0.2, 0.4, 0.6, 0.8)


def conversion(cohort: Cohort) -> IndicatorRow:
    """P(strong 84 days after t_call) of weaker ties that mobilised, minus that of matched ties that did not (rule 32).

    Matched ties are of the same episode, tie class and quintile of activity: the interactions begun in the history
    before the call, among persons who began any. Mobilisers without a match are left out, and so are episodes of the
    last 84 days. The row is settled once the 84 days of every episode are over.
    """
    rows = _followed(cohort)
    other = ~rows["is_mobiliser"].to_numpy(bool)
    strong = _is_strong_later(cohort, rows)
    like = rows.assign(activity=_quintiles(cohort, rows), others=other.astype(float), strong=strong * other)
    sums = like.groupby(["episode", "tie_class", "activity"])[["others", "strong"]].transform("sum").to_numpy(float)
    matched = ~other & (sums[:, 0] > 0)
    pairs = rows[matched]
    gain = strong[matched] - sums[matched, 1] / sums[matched, 0]
    share = Share("conversion_difference", "all", gain, np.ones(len(pairs)), (-1.0, 1.0), "mean")
    last = int(cohort.episodes["t_call"].max()) + cohort.window if len(cohort.episodes) else 0
    return measured(Sample([share], cohort.sides(pairs), settled=max(cohort.settled, last)))[0]


def _followed(cohort: Cohort) -> pd.DataFrame:
    """Weaker ties of the episodes whose next 84 days are over at as-of, with the time of the call."""
    rows = cohort.alters[cohort.alters["tie_class"].isin(WEAKER)]
    t_call = cohort.episodes["t_call"].to_numpy(np.int64)[rows["episode"].to_numpy(np.int64)]
    rows = rows.assign(t_call=t_call)
    return rows[rows["t_call"] + cohort.window <= cohort.as_of]


def _is_strong_later(cohort: Cohort, rows: pd.DataFrame) -> Floats:
    helped = cohort.episodes["beneficiary_id"].to_numpy()[rows["episode"].to_numpy(np.int64)]
    later = rows["t_call"].to_numpy(np.int64) + cohort.window
    ties = cohort.frames.study.ties
    ends = ties.numbers(rows["account_id"]), ties.numbers(helped)
    found = ties.strength(*ends, later, np.full(len(rows), NEVER))
    return np.asarray(found.tie_class == TIE_CLASSES.index("strong"), dtype=np.float64)


def _quintiles(cohort: Cohort, rows: pd.DataFrame) -> Longs:
    """Quintile of activity, 0 to 4, of the person of each row in the history before the episode's call.

    Where nobody began anything there are no limits, and all are in the lowest.
    """
    found = np.zeros(len(rows), np.int64)
    person = rows["person"].to_numpy(np.int64)
    for t_call in np.unique(rows["t_call"]):
        sent = cohort.frames.contacts.sent(int(t_call) - cohort.window, int(t_call))
        active = sent[sent > 0]
        if not len(active):
            continue
        mine = (rows["t_call"] == t_call).to_numpy(bool)
        # the last place is of somebody who never had a contact with a person: number -1
        done = np.append(sent, 0)[person[mine]]
        found[mine] = np.searchsorted(np.quantile(active, QUINTILES), done, side="left")
    return found
