"""Shares of cases that hang together by episode and by person: what they are made of, and their rows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from transforms.graphs.jit import Floats, Longs
from transforms.indicators.measure import IndicatorRow, ratio
from transforms.indicators.significance import UNTESTED, Test
from transforms.indicators.two_way import Cases, cases, interval

Kind = Literal["proportion", "ratio", "mean"]


class Share(NamedTuple):
    """``sum(above) / sum(below)`` over cases, within `limits`.

    `kind`: a case of a proportion counts whole or not at all, one of a ratio in whole numbers, one of a mean by any
    amount.
    """

    indicator: str
    stratum: str
    above: Floats
    below: Floats
    limits: tuple[float, float] = (0.0, 1.0)
    kind: Kind = "proportion"


class Sample(NamedTuple):
    """Shares over the same cases; `sides`: the episode and the person of each case, or the person alone.

    `case`: which case an entry belongs to, where one comes in parts; `settled`: see IndicatorRow.
    """

    shares: list[Share]
    sides: tuple[Longs, ...]
    case: Longs | None = None
    settled: int | None = None

    def cases(self) -> Iterator[tuple[Share, Cases]]:
        """The cases of each share."""
        for share in self.shares:
            whole = share.kind == "proportion"
            yield share, cases(share.above, share.below, self.sides, self.case, share.limits, whole)


def measured(sample: Sample, tests: Mapping[str, Test] | None = None) -> list[IndicatorRow]:
    """All shares of a sample with two-way intervals; n is the sum of `below`. `tests`: by the indicator's name."""
    found = tests or {}
    return [_row(share, cut, found.get(share.indicator, UNTESTED), sample.settled) for share, cut in sample.cases()]


def _row(share: Share, cut: Cases, test: Test, settled: int | None) -> IndicatorRow:
    above, below = math.fsum(cut.above), math.fsum(cut.below)
    value = ratio(above, below)
    return IndicatorRow(share.indicator, value, round(below), share.stratum, interval(cut), test, settled=settled)
