"""Brokers by rank, each with an interval: who comes first is seldom as sure as a list looks. Restricted data."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.graphs.canonical import matrix_order
from transforms.graphs.jit import Floats
from transforms.indicators.brokers import brokered
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import Frames
from transforms.indicators.resampling import weight_blocks

SCHEMA = pa.schema(
    [
        ("account_id", pa.string()),
        ("pairs", pa.int64()),
        ("rank", pa.int64()),
        ("rank_low", pa.int64()),
        ("rank_high", pa.int64()),
    ]
)


def broker_ranks(frames: Frames, week: str, platform: str | None = None) -> pa.Table:
    """Brokers of the week by number of (b, v) pairs they carried a call to (rule 28), most first.

    Columns: account_id, pairs, rank (1 = most; equals share the best rank), rank_low, rank_high (95 % of the ranks
    when the week's episodes are drawn again, `analysis.bootstrap_draws` times; null with fewer than two episodes).
    """
    cohort = Cohort(frames, week, platform)
    found = brokered(cohort)
    actors, column = np.unique(found["actor"].to_numpy(np.int64), return_inverse=True)
    carried = np.zeros((len(cohort.episodes), len(actors)))
    np.add.at(carried, (found["episode"].to_numpy(np.int64), column), 1)
    pairs = carried.sum(axis=0)
    low, high = _rank_intervals(cohort, carried)
    order = np.lexsort(([cohort.actors[number] for number in actors], -pairs))
    return pa.table(
        {
            "account_id": [cohort.actors[number] for number in actors[order]],
            "pairs": pairs[order].astype(np.int64),
            "rank": _ranks(pairs[None])[0][order],
            "rank_low": pa.array(low[order], pa.int64(), from_pandas=True, safe=False),
            "rank_high": pa.array(high[order], pa.int64(), from_pandas=True, safe=False),
        },
        schema=SCHEMA,
    )


def _rank_intervals(cohort: Cohort, carried: Floats) -> tuple[Floats, Floats]:
    episodes, brokers = carried.shape
    if episodes < 2 or not brokers:
        return np.full(brokers, np.nan), np.full(brokers, np.nan)
    carried = carried[matrix_order(carried.astype(np.int64))[0]]
    blocks = weight_blocks(episodes, cohort.analysis.bootstrap_draws, cohort.seed("ranks"))
    ranks = np.concatenate([_ranks(weights @ carried) for weights in blocks])
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    return low.astype(np.float64), high.astype(np.float64)


def _ranks(pairs: Floats) -> np.ndarray:
    """One more than the number of brokers with strictly more pairs, along the last axis."""
    ordered = np.sort(pairs, axis=-1)
    more = [len(row) - np.searchsorted(row, own, side="right") for row, own in zip(ordered, pairs, strict=True)]
    return np.array(more, dtype=np.int64).reshape(pairs.shape) + 1
