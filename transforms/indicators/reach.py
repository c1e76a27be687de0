"""How widely help is spread: communities, instances and languages that mobilisers come from, and their followers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.graphs.jit import Longs
from transforms.indicators.cohort import Cohort
from transforms.indicators.communities import Groups
from transforms.indicators.concentration import reversed_interval
from transforms.indicators.measure import IndicatorRow, count, ratio
from transforms.indicators.resampling import Clusters, cluster_sums, resampled_sums, wider
from transforms.indicators.spread import effective_number, rarefied_richness
from transforms.proportions import UNKNOWN, Interval
from transforms.ties.coverage import NEVER


def followers(cohort: Cohort) -> IndicatorRow:
    """Sum of the followers of the week's distinct mobilisers: an upper bound of the audience, which overlaps.

    Never settled: followers are those of the last look at an account.
    """
    known = cohort.frames.followers.reindex(cohort.actors).dropna()
    return IndicatorRow("reach_followers", float(known.sum()) if len(known) else None, len(known), settled=NEVER)


def spread(cohort: Cohort, groups: Groups) -> Iterator[IndicatorRow]:
    """exp(entropy) of the mobilisers over communities, instances and languages (rule 35).

    Further strata: `observed`, the number of groups; `rarefied`, that expected among 20 mobilisers; `unknown`, the
    share of mobilisers whose group is not known.
    """
    rows = cohort.mobilisers
    community = groups.of[cohort.frames.contacts.numbers(rows["account_id"])]
    yield from _of_groups(cohort, "reach_communities", community)
    yield from _of_groups(cohort, "reach_instances", _codes(rows["account_id"].map(cohort.frames.instances)))
    spoken = _codes(rows["account_id"].map(languages(cohort)))
    said = max(cohort.settled, cohort.bounds[1] + cohort.follow_up)
    yield from (one._replace(settled=said) for one in _of_groups(cohort, "reach_languages", spoken))


def languages(cohort: Cohort) -> pd.Series[str]:
    """Each account's most frequent language in its own posts, from the history to the follow-up.

    Of equally frequent languages, the first by name.
    """
    words, (begin, end) = cohort.frames.words, cohort.bounds
    span = slice(*np.searchsorted(words["time"], [begin - cohort.window, end + cohort.follow_up]))
    used = words.iloc[span].groupby(["account_id", "language"]).size().rename("size").reset_index()
    used = used.sort_values(["account_id", "size", "language"], ascending=[True, False, True])
    return used.drop_duplicates("account_id").set_index("account_id")["language"]


def _codes(names: pd.Series[str]) -> Longs:
    """Groups numbered in the order of their names; -1 for an unknown one."""
    return np.asarray(pd.factorize(names, sort=True)[0], dtype=np.int64)


def _of_groups(cohort: Cohort, name: str, group: Longs) -> Iterator[IndicatorRow]:
    known = group >= 0
    numbers, code = np.unique(group[known], return_inverse=True)
    counts = np.bincount(code, minlength=len(numbers)).astype(np.float64)
    cases = int(known.sum())
    value = float(effective_number(counts)) if cases else None
    interval = UNKNOWN if value is None else _interval(cohort, name, known, code, value)
    yield IndicatorRow(name, value, cases, "all", interval)
    yield count(name, len(numbers), "observed")
    yield IndicatorRow(name, rarefied_richness(counts), cases, "rarefied")
    yield IndicatorRow(name, ratio(len(group) - cases, len(group)), len(group), "unknown")


def _interval(cohort: Cohort, name: str, known: np.ndarray, code: Longs, value: float) -> Interval:
    rows = cohort.mobilisers[known]
    groups = np.eye(int(code.max()) + 1)[code]
    found = []
    for number, cut in enumerate(cohort.cuts(rows["episode"], rows["actor"])):
        found.append(_by_cluster(groups, cut, cohort, cohort.seed(name) + number, value))
    return wider(*found)


def _by_cluster(groups: np.ndarray, cut: Clusters, cohort: Cohort, seed: int, value: float) -> Interval:
    totals = resampled_sums(cluster_sums(groups, cut), cohort.analysis.bootstrap_draws, seed)
    draws, richness = effective_number(totals), float(groups.shape[1])
    return reversed_interval(value, draws, len(np.unique(cut.of)), most=max(value, 2 * richness))
