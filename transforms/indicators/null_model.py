"""The week's mobilisations against the null model: same activity, same sizes of calls, otherwise chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from passerelle.allowed import TIE_CLASSES
from transforms.graphs.canonical import matrix_order
from transforms.graphs.jit import Floats, Longs
from transforms.help.pairs import PairClasses
from transforms.indicators.cohort import OBSERVED, Cohort
from transforms.indicators.curveball import Codes, null_histograms
from transforms.indicators.significance import UNTESTED, Test, against_draws

BRIDGING = 3
"""Least range of a bridging tie: no mutual neighbour."""
WITHIN, ACROSS = 1, 2
"""Whether both ends are in one community; 0 where either is in none."""


@dataclass(frozen=True, slots=True, eq=False)
class NullModel:
    """Draws of the week's actor x episode matrix as numbers of mobilisations of each kind, shape (draws, kinds)."""

    histograms: Longs | None

    def test(self, observed: float | None, above: Callable[[Kinds], Floats], below: Callable[[Kinds], Floats]) -> Test:
        """A ratio of counts against the draws. `above`, `below`: weight of each kind in numerator, denominator."""
        if self.histograms is None:
            return UNTESTED
        top, bottom = self.histograms @ above(KINDS), self.histograms @ below(KINDS)
        return against_draws(observed, np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0))


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """What a code says of a mobilisation: class of the tie, whether it bridges, and the communities of its ends."""

    tie_class: Longs
    is_bridging: Longs
    side: Longs

    def among(self, *classes: str) -> Floats:
        """1.0 for the kinds whose tie is of one of `classes`."""
        return np.isin(self.tie_class, [TIE_CLASSES.index(name) for name in classes]).astype(np.float64)

    @property
    def classified(self) -> Floats:
        return self.among(*(name for name in TIE_CLASSES if name != "unknown"))

    @property
    def observed(self) -> Floats:
        return self.among(*OBSERVED)


_NUMBERS = np.arange(256)
KINDS = Kinds(_NUMBERS % 6, _NUMBERS // 6 % 2, _NUMBERS // 12)


def null_model(cohort: Cohort, pairs: PairClasses, side: Longs) -> NullModel:
    """Draw the null model of a cohort from the week's actor x episode `pairs`; `side`: their communities' kind.

    No draws (and so no z, no p) for a cohort without two episodes or without mobilisers.
    """
    rows = pd.Index(pairs.actors).get_indexer(pd.Index(cohort.actors))
    columns = pd.Index(pairs.episodes).get_indexer(pd.Index(cohort.episodes["episode_id"]))
    cells = np.ix_(rows, columns)
    actor, episode = (cohort.mobilisers[name].to_numpy(np.int64) for name in ("actor", "episode"))
    if len(columns) < 2 or not len(actor):
        return NullModel(None)
    code = _codes(pairs.tie_class[cells], pairs.range[cells], side[cells])
    allowed, did = ~pairs.is_forbidden[cells], np.zeros(code.shape, np.bool_)
    did[actor, episode] = True
    # what the chain reaches depends on the numbers: those that the cells themselves give
    by_actor, by_episode = matrix_order(code + 256 * (allowed + 2 * did) + 1)
    place = np.ix_(by_actor, by_episode)
    actor, episode = np.nonzero(did[place])
    draws, seed = cohort.analysis.null_draws, cohort.seed("null model")
    return NullModel(null_histograms(actor, episode, allowed[place], code[place], draws, seed))


def _codes(tie_class: np.ndarray, span: np.ndarray, side: Longs) -> Codes:
    place = np.array([TIE_CLASSES.index(name) for name in TIE_CLASSES])
    codes: Codes = (place[tie_class] + 6 * (span >= BRIDGING) + 12 * side).astype(np.uint8)
    return codes
