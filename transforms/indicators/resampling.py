"""Cluster bootstrap: whole episodes, or whole actors, are drawn again; never rows.

Rows of one episode (or one person) hang together; drawing rows would make the intervals far too narrow. Only the
sums of a cluster are needed, so 2,000 draws of 50,000 clusters take seconds. Clusters are drawn in the order of their
sums: those with equal sums are exchangeable, so that neither the order of rows nor a cluster's name changes a digit.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, stdtrit

from transforms.graphs.jit import Floats, Longs, compiled
from transforms.proportions import UNKNOWN, Interval

BLOCK = 4_000_000
"""Weights held in memory at a time."""


class Clusters(NamedTuple):
    """One way to cut rows into clusters: `of[row]` is in [0, size); clusters without rows count too."""

    of: Longs
    size: int


def seed_of(seed: int, *parts: int | str) -> int:
    """A seed for one use, from the campaign's seed, the week's ordinal and the indicator's name."""
    words = [part if isinstance(part, int) else zlib.crc32(part.encode()) for part in parts]
    return int(np.random.SeedSequence([seed, *words]).generate_state(1)[0])


def weight_blocks(clusters: int, draws: int, seed: int) -> Iterator[Floats]:
    """How often each cluster is drawn, in blocks of shape (some draws, clusters); every row sums to `clusters`."""
    rows = max(1, BLOCK // max(clusters, 1))
    for number, first in enumerate(range(0, draws, rows)):
        yield _weights(clusters, min(rows, draws - first), seed + number)


def resampled_sums(sums: Floats, draws: int, seed: int) -> Floats:
    """Totals of `sums` (clusters, quantities) over clusters drawn with replacement: (draws, quantities)."""
    ordered = by_content(sums)
    return np.concatenate([weights @ ordered for weights in weight_blocks(len(sums), draws, seed)])


def by_content(rows: Floats) -> Floats:
    """The rows of a matrix in an order that their values alone decide."""
    return rows[np.lexsort(rows.T[::-1])] if rows.size else rows


def expanded_interval(values: Floats, clusters: int) -> Interval:
    """95 % expanded percentile interval (Hesterberg 2015) of bootstrap `values`; undefined ones (NaN) are left out.

    The percentile interval is too narrow by sqrt((n - 1) / n) and by the difference of Student's t and the normal;
    with 15 clusters that is 10 %. Unknown under two clusters, or when most draws are undefined.
    """
    defined = values[np.isfinite(values)]
    if clusters < 2 or 2 * len(defined) < len(values):
        return UNKNOWN
    tail = float(ndtr(-np.sqrt(clusters / (clusters - 1)) * stdtrit(clusters - 1, 0.975)))
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(float(low), float(high))


def wider(*intervals: Interval) -> Interval:
    """The widest of the `intervals` that are known; unknown if none is."""
    known = [one for one in intervals if one.low is not None and one.high is not None]
    return max(known, key=lambda one: _width(one), default=UNKNOWN)


def ratio_intervals(numerators: Floats, denominators: Floats, draws: int, seed: int) -> list[Interval]:
    """For every column k, the interval of ``sum(numerators[:, k]) / sum(denominators[:, k])``.

    `numerators`, `denominators`: one row a cluster, one column a quantity; clusters are drawn again.
    """
    above, below = np.hsplit(resampled_sums(np.hstack((numerators, denominators)), draws, seed), 2)
    values = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return [expanded_interval(column, len(numerators)) for column in values.T]


def cluster_sums(rows: Floats, cut: Clusters) -> Floats:
    """Sums of `rows` (cases, quantities) within each cluster: (clusters, quantities).

    A cluster's rows are added in the order of their values: the order in which they came changes not one bit.
    """
    order = np.lexsort(rows.T[::-1]) if rows.size else np.arange(len(rows))
    columns = [np.bincount(cut.of[order], weights=column[order], minlength=cut.size) for column in rows.T]
    return np.column_stack(columns) if columns else np.zeros((cut.size, 0))


def _width(one: Interval) -> float:
    return 0.0 if one.low is None or one.high is None else one.high - one.low


@compiled
def _weights(clusters: int, draws: int, seed: int) -> Floats:
    np.random.seed(seed % 4294967296)
    weights = np.zeros((draws, clusters))
    for draw in range(draws):
        for _ in range(clusters):
            weights[draw, np.random.randint(0, clusters)] += 1
    return weights
