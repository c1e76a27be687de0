"""Of the ties somebody has, which ones answer? Shares without yields would only mirror how many ties there are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from transforms.graphs.jit import Floats
from transforms.indicators.bins import DAY_BINS, MUTUAL_BINS
from transforms.indicators.cohort import OBSERVED, Cohort, is_in
from transforms.indicators.measure import IndicatorRow
from transforms.indicators.resampling import Clusters, cluster_sums, expanded_interval, resampled_sums, wider
from transforms.indicators.sampled import Sample, Share, measured
from transforms.proportions import UNKNOWN, Interval


def yields(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Mobilisers with a tie of the class / accounts with one at t_call, over the cohort's episodes (rule 22)."""
    rows = cohort.alters
    acted = rows["is_mobiliser"].to_numpy(np.float64)
    tied = {name: is_in(rows, (name,)) for name in OBSERVED}
    yield from measured(yield_sample(cohort))
    cuts = cohort.cuts(rows["episode"], rows["alter"])
    draws, seed = cohort.analysis.bootstrap_draws, cohort.seed("yields")
    columns = np.column_stack([acted * tied["weak"], tied["weak"], acted * tied["strong"], tied["strong"]])
    value = _log_ratio(columns.sum(axis=0)[None])[0]
    if np.isfinite(value):
        interval = wider(*(_log_interval(columns, cut, draws, seed + number) for number, cut in enumerate(cuts)))
        yield IndicatorRow("ln_yield_weak_over_strong", float(value), len(rows), interval=interval)
    else:
        yield IndicatorRow("ln_yield_weak_over_strong", None, len(rows))


def yield_sample(cohort: Cohort) -> Sample:
    """Who answered, of the accounts tied to a beneficiary by each class of tie."""
    return _sample(cohort, [("yield", name, is_in(cohort.alters, (name,))) for name in OBSERVED])


def by_dose(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Yield by days of contact and, apart, by mutual neighbours, over all accounts with D >= 1."""
    yield from measured(dose_sample(cohort))


def dose_sample(cohort: Cohort) -> Sample:
    """Who answered, of the accounts with so many days of contact, or mutual neighbours."""
    asked = (("yield_by_days", "num_days", DAY_BINS), ("yield_by_mutual", "num_mutual", MUTUAL_BINS))
    cut = [
        (name, stratum, np.asarray(cohort.alters[column].between(low, high), dtype=np.float64))
        for name, column, bins in asked
        for stratum, (low, high) in bins.items()
    ]
    return _sample(cohort, cut)


def _sample(cohort: Cohort, cut: list[tuple[str, str, Floats]]) -> Sample:
    rows = cohort.alters
    acted = rows["is_mobiliser"].to_numpy(np.float64)
    shares = [Share(name, stratum, acted * among, among) for name, stratum, among in cut]
    return Sample(shares, cohort.sides(rows))


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
