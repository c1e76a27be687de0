"""Counts of a week's mobilisers by tie under other definitions, and had less of the history been seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate, pairwise

from transforms.help.study import Study
from transforms.indicators.sensitivity import SHARES_KEPT, TiedPairs, sensitivity_grid, thinned_counts
from transforms.report.chains import DEFINITION, TIES, Chain, definition, kept


def other_definitions(study: Study, week: str) -> dict[Chain, Mapping[str, int]]:
    """A chain a window and threshold of *strong*."""
    chains: dict[Chain, Mapping[str, int]] = {}
    for row in sensitivity_grid(TiedPairs(study, [week])).to_pylist():
        untied, weaker = row["dormant"] + row["new"], row["weak"] + row["moderately_weak"]
        cells = dict(zip(DEFINITION, (row["unknown"], untied, weaker, row["strong"]), strict=True))
        chains[definition(row["window_days"], row["strong_days"])] = cells
    return chains


def less_history(study: Study, week: str) -> dict[Chain, Mapping[str, int]]:
    """A chain a share of the contacts kept: steps of the draws' mean running totals, each rounded half up."""
    pairs = TiedPairs(study, [week])
    return {kept(share): _whole(thinned_counts(pairs, share)) for share in SHARES_KEPT}


def _whole(means: Mapping[str, float]) -> dict[str, int]:
    levels = [0, *(math.floor(level + 0.5) for level in accumulate(means[name] for name in TIES))]
    return dict(zip(TIES, (after - level for level, after in pairwise(levels)), strict=True))
