"""The design effect: how many cases that hang together say as much as one that stands alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from passerelle.weeks import week_after, week_range
from transforms.indicators.bridging import across_sample, bridging_sample
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import Frames
from transforms.indicators.mix import mix_sample
from transforms.indicators.novelty import actor_sample, dyad_sample, relay_sample
from transforms.indicators.sampled import Sample
from transforms.indicators.two_way import spread
from transforms.indicators.yields import dose_sample, yield_sample

Key = tuple[str, str]
WEEKS = 16
"""Final weeks that it is taken from."""
SAMPLES = (mix_sample, yield_sample, dose_sample, bridging_sample, relay_sample, dyad_sample, actor_sample)


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
    terms = defaultdict[Key, list[_Terms]](list)
    for week in week_range(f"{week_after(until, 1 - WEEKS)}/{until}"):
        if frames.weeks[:1] <= [week]:
            for key, found in _week(frames, week):
                terms[key].extend(found)
    return {key: _effect(found) for key, found in terms.items()}


def _week(frames: Frames, week: str) -> Iterator[tuple[Key, list[_Terms]]]:
    cohort = Cohort(frames, week)
    samples = [of(cohort) for of in SAMPLES]
    samples.append(across_sample(cohort, frames.community(week)))
    for sample in samples:
        is_final = (cohort.settled if sample.settled is None else sample.settled) <= cohort.as_of
        yield from _terms(sample, is_final)


def _terms(sample: Sample, is_final: bool) -> Iterator[tuple[Key, list[_Terms]]]:
    for share, cut in sample.cases():
        found = spread(cut) if is_final else None
        key = (share.indicator, share.stratum)
        if found is None:
            yield key, []
        else:
            alone = found.size * found.value * (1 - found.value)
            yield key, [_Terms(found.size**2 * found.together, alone)]


def _effect(terms: list[_Terms]) -> float:
    alone = math.fsum(one.alone for one in terms)
    return round(max(1.0, math.fsum(one.clustered for one in terms) / alone), 1) if alone > 0 else 1.0
