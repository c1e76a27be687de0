"""Every share of a week's cases, whatever it is for: how sure it is, how it changed, what one case is worth."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.indicators.bridging import across_sample, bridging_sample, overlap_sample
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import Frames
from transforms.indicators.mix import mix_sample
from transforms.indicators.novelty import actor_sample, dyad_sample, relay_sample
from transforms.indicators.sampled import Sample, Share
from transforms.indicators.two_way import Cases
from transforms.indicators.yields import dose_sample, yield_sample

Key = tuple[str, str]
"""Indicator and stratum."""
SAMPLES = (
    mix_sample,
    yield_sample,
    dose_sample,
    overlap_sample,
    bridging_sample,
    relay_sample,
    dyad_sample,
    actor_sample,
)


def week_cases(frames: Frames, week: str) -> Iterator[tuple[Share, Cases, bool]]:
    """The cases of every share of `week`, all platforms together, and whether they are final at as-of."""
    cohort = Cohort(frames, week)
    samples: list[Sample] = [of(cohort) for of in SAMPLES]
    samples.append(across_sample(cohort, frames.community(week)))
    for sample in samples:
        is_final = (cohort.settled if sample.settled is None else sample.settled) <= cohort.as_of
        for share, cut in sample.cases():
            yield share, cut, is_final
