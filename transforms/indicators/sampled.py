"""Shares of cases, each with the wider of its cluster bootstraps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from transforms.graphs.jit import Floats
from transforms.indicators.measure import IndicatorRow, ratio
from transforms.indicators.resampling import Clusters, ratio_intervals, wider
from transforms.indicators.significance import UNTESTED, Test
from transforms.proportions import Interval, wilson


class Share(NamedTuple):
    """``sum(above) / sum(below)`` over the same cases; `test` against the null model where there is one."""

    indicator: str
    stratum: str
    above: Floats
    below: Floats
    test: Test = UNTESTED


def measured(
    shares: Sequence[Share], cuts: Sequence[Clusters], draws: int, seed: int, settled: int | None = None
) -> list[IndicatorRow]:
    """All `shares` over one set of cases, from the same draws; n is the sum of `below`. `settled`: see IndicatorRow.

    The interval is the widest of the cluster bootstraps and, for a share of whole cases, Wilson's: no share is surer
    than with independent cases, and a bootstrap cannot vary a share of 0 or 1. One cluster gives no interval.
    """
    above = np.column_stack([share.above for share in shares])
    below = np.column_stack([share.below for share in shares])
    intervals = ratio_intervals(cuts, above, below, draws, seed)
    return [_measure(share, interval, settled) for share, interval in zip(shares, intervals, strict=True)]


def _measure(share: Share, interval: Interval, settled: int | None) -> IndicatorRow:
    above, below = math.fsum(share.above), math.fsum(share.below)
    # a case may come in two halves, one in each of two clusters
    whole = set(np.unique(share.above[share.below > 0] / share.below[share.below > 0])) <= {0.0, 1.0}
    sampled = whole and interval.low is not None
    widest = wider(interval, wilson(round(above), round(below))) if sampled else interval
    return IndicatorRow(
        share.indicator, ratio(above, below), round(below), share.stratum, widest, share.test, settled=settled
    )
