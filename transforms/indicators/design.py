"""The design effect: how many cases that hang together say as much as one that stands alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from passerelle.weeks import week_after, week_range
from transforms.indicators.frames import Frames
from transforms.indicators.samples import Key, week_cases
from transforms.indicators.two_way import Spread, spread

WEEKS = 16
"""Final weeks that it is taken from."""


class _Terms(NamedTuple):
    """A week's part of both sums: squared size times variance, and size times that of one case."""

    clustered: float
    alone: float


def design_effects(frames: Frames, until: str) -> Mapping[Key, float]:
    """By (indicator, stratum): D over the last 16 ISO weeks up to `until`, those of them that are final at as-of.

    ``D = max(1, sum n^2 (V_E + V_P - V_R) / sum n theta (1 - theta))`` over the weeks with two episodes and two persons
    (two persons where only persons hang together), to one decimal: the n cases of such a share say what n / D
    independent ones would. Strata are those of all platforms, named as in `weekly_indicators`; the shares are those of
    mobilisers, ties, relays, dyads and actors (of no mean, count, time or index), 1.0 where no week tells. Read it by
    ``get(key, 1.0)``: what is not in it has independent cases, as response rate and retention have.
    """
    return weekly_design_effects(frames, [until])[until]


def weekly_design_effects(frames: Frames, weeks: Sequence[str]) -> dict[str, Mapping[Key, float]]:
    """:func:`design_effects` of each of the `weeks`, every week being looked at once."""
    spans = {week: [one for one in _before(week) if frames.weeks[:1] <= [one]] for week in weeks}
    found = {one: list(_week(frames, one)) for one in sorted({one for span in spans.values() for one in span})}
    return {week: _effects(row for one in span for row in found[one]) for week, span in spans.items()}


def _before(until: str) -> Iterator[str]:
    return week_range(f"{week_after(until, 1 - WEEKS)}/{until}")


def _week(frames: Frames, week: str) -> Iterator[tuple[Key, list[_Terms]]]:
    for share, cut, is_final in week_cases(frames, week):
        if share.kind != "mean":
            found = spread(cut) if is_final else None
            yield (share.indicator, share.stratum), [_terms(found)] if found else []


def _effects(rows: Iterable[tuple[Key, list[_Terms]]]) -> Mapping[Key, float]:
    terms = defaultdict[Key, list[_Terms]](list)
    for key, found in rows:
        terms[key].extend(found)
    return {key: _effect(found) for key, found in terms.items()}


def _terms(found: Spread) -> _Terms:
    return _Terms(found.size**2 * found.together, found.size * found.value * (1 - found.value))


def _effect(terms: list[_Terms]) -> float:
    alone = math.fsum(one.alone for one in terms)
    return round(max(1.0, math.fsum(one.clustered for one in terms) / alone), 1) if alone > 0 else 1.0
