"""Of the ties somebody has, which ones answer? Shares without yields would only mirror how many ties there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.graphs.jit import Floats
from transforms.indicators.bins import DAY_BINS, MUTUAL_BINS, Bins
from transforms.indicators.cohort import OBSERVED, Cohort, is_in
from transforms.indicators.measure import IndicatorRow, ratio
from transforms.indicators.resampling import Clusters, cluster_sums, expanded_interval, resampled_sums, wider
from transforms.indicators.sampled import Share, measured
from transforms.proportions import UNKNOWN, Interval, wilson


def yields(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Mobilisers with a tie of the class / accounts with one at t_call, over the cohort's episodes (rule 22)."""
    rows = cohort.alters
    acted = rows["is_mobiliser"].to_numpy(np.float64)
    tied = {name: is_in(rows, (name,)) for name in OBSERVED}
    cuts = cohort.cuts(rows["episode"], rows["alter"])
    shares = [Share("yield", name, acted * tied[name], tied[name]) for name in OBSERVED]
    draws, seed = cohort.analysis.bootstrap_draws, cohort.seed("yields")
    yield from measured(shares, cuts, draws, seed)
    columns = np.column_stack([acted * tied["weak"], tied["weak"], acted * tied["strong"], tied["strong"]])
    value = _log_ratio(columns.sum(axis=0)[None])[0]
    if np.isfinite(value):
        interval = wider(*(_log_interval(columns, cut, draws, seed + number) for number, cut in enumerate(cuts)))
        yield IndicatorRow("ln_yield_weak_over_strong", float(value), len(rows), interval=interval)
    else:
        yield IndicatorRow("ln_yield_weak_over_strong", None, len(rows))


def by_dose(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Yield by days of contact and, apart, by mutual neighbours, over all accounts with D >= 1; Wilson a bin."""
    rows = cohort.alters
    yield from _by_bin("yield_by_days", rows, "num_days", DAY_BINS)
    yield from _by_bin("yield_by_mutual", rows, "num_mutual", MUTUAL_BINS)


def _by_bin(name: str, rows: pd.DataFrame, column: str, bins: Bins) -> Iterator[IndicatorRow]:
    for stratum, (low, high) in bins.items():
        acted = rows.loc[rows[column].between(low, high), "is_mobiliser"]
        responders, alters = int(acted.sum()), len(acted)
        yield IndicatorRow(name, ratio(responders, alters), alters, stratum, wilson(responders, alters))


def _log_interval(columns: Floats, cut: Clusters, draws: int, seed: int) -> Interval:
    active = len(np.unique(cut.of))
    if active < 2:
        return UNKNOWN
    return expanded_interval(_log_ratio(resampled_sums(cluster_sums(columns, cut), draws, seed)), active)


def _log_ratio(sums: Floats) -> Floats:
    """ln(weak yield / strong yield) of rows (weak responders, weak, strong responders, strong); NaN if any is 0."""
    defined = np.all(sums > 0, axis=1)
    logs = np.log(np.where(defined[:, None], sums, 1.0))
    return np.where(defined, logs[:, 0] - logs[:, 1] - logs[:, 2] + logs[:, 3], np.nan)
