"""Through which ties help came: the mix of the mobilisers' ties to the beneficiary."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from passerelle.allowed import TIE_CLASSES
from transforms.graphs.jit import Floats
from transforms.indicators.cohort import ABSENT, OBSERVED, Cohort, is_in
from transforms.indicators.measure import IndicatorRow, count, ratio
from transforms.indicators.null_model import Kinds, NullModel
from transforms.indicators.sampled import Sample, Share, measured
from transforms.indicators.significance import Test

WEAKER = ("weak", "moderately_weak")
MIX = {name: (name,) for name in TIE_CLASSES if name != "unknown"} | {"absent": ABSENT}


def mix(cohort: Cohort, null: NullModel) -> Iterator[IndicatorRow]:
    """Counts and shares by class, and the shares of weak ties and of re-activated (dormant) ones.

    Shares are of the classified; `unknown` alone is of all mobilisers. `activation` is the dormant share.
    """
    for name in TIE_CLASSES:
        yield count("ties", int((cohort.mobilisers["tie_class"] == name).sum()), name)
    sample = mix_sample(cohort)
    yield from measured(sample, _tests(sample, null))


def mix_sample(cohort: Cohort) -> Sample:
    """The shares by class over the cohort's mobilisers."""
    rows = cohort.mobilisers
    ones, unknown = np.ones(len(rows)), is_in(rows, ("unknown",))
    classified = ones - unknown
    shares = [Share("tie_mix", name, is_in(rows, classes), classified) for name, classes in MIX.items()]
    shares.append(Share("tie_mix", "unknown", unknown, ones))
    weak, observed = is_in(rows, WEAKER), is_in(rows, OBSERVED)
    shares.append(Share("weak_tie_share_of_classified", "all", weak, classified))
    shares.append(Share("weak_tie_share_of_observed", "all", weak, observed))
    shares.append(Share("activation", "all", is_in(rows, ("dormant",)), classified))
    return Sample(shares, cohort.sides(rows))


def _tests(sample: Sample, null: NullModel) -> dict[str, Test]:
    """The shares of weak ties against the null model."""
    value = {share.indicator: ratio(share.above.sum(), share.below.sum()) for share in sample.shares}
    below: dict[str, Callable[[Kinds], Floats]] = {
        "weak_tie_share_of_classified": lambda kinds: kinds.classified,
        "weak_tie_share_of_observed": lambda kinds: kinds.observed,
    }
    return {name: null.test(value[name], lambda kinds: kinds.among(*WEAKER), base) for name, base in below.items()}
