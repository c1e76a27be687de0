"""Through which ties help came: the mix of the mobilisers' ties to the beneficiary."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from passerelle.allowed import TIE_CLASSES
from transforms.indicators.cohort import ABSENT, OBSERVED, Cohort, is_in
from transforms.indicators.measure import IndicatorRow, count, ratio
from transforms.indicators.null_model import NullModel
from transforms.indicators.sampled import Share, measured

WEAKER = ("weak", "moderately_weak")
MIX = {name: (name,) for name in TIE_CLASSES if name != "unknown"} | {"absent": ABSENT}


def mix(cohort: Cohort, null: NullModel) -> Iterator[IndicatorRow]:
    """Counts and shares by class, and the shares of weak ties and of re-activated (dormant) ones.

    Shares are of the classified; `unknown` alone is of all mobilisers. `activation` is the dormant share.
    """
    rows = cohort.mobilisers
    for name in TIE_CLASSES:
        yield count("ties", int((rows["tie_class"] == name).sum()), name)
    ones, unknown = np.ones(len(rows)), is_in(rows, ("unknown",))
    classified = ones - unknown
    shares = [Share("tie_mix", name, is_in(rows, classes), classified) for name, classes in MIX.items()]
    shares.append(Share("tie_mix", "unknown", unknown, ones))
    shares.extend(_weak(cohort, null))
    shares.append(Share("activation", "all", is_in(rows, ("dormant",)), classified))
    cuts = cohort.cuts(rows["episode"], rows["actor"])
    yield from measured(shares, cuts, cohort.analysis.bootstrap_draws, cohort.seed("mix"))


def _weak(cohort: Cohort, null: NullModel) -> Iterator[Share]:
    rows = cohort.mobilisers
    weak, observed = is_in(rows, WEAKER), is_in(rows, OBSERVED)
    classified = 1 - is_in(rows, ("unknown",))
    test = null.test(ratio(weak.sum(), classified.sum()), lambda kinds: kinds.among(*WEAKER), lambda k: k.classified)
    yield Share("weak_tie_share_of_classified", "all", weak, classified, test)
    test = null.test(ratio(weak.sum(), observed.sum()), lambda kinds: kinds.among(*WEAKER), lambda k: k.observed)
    yield Share("weak_tie_share_of_observed", "all", weak, observed, test)
