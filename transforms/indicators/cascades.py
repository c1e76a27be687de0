"""How far a call travels: the trees of replies and quotes under it; reposts, whose depth cannot be seen, apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from transforms.graphs.jit import Floats
from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import IndicatorRow, ratio
from transforms.indicators.resampling import ratio_intervals, wider
from transforms.proportions import Interval, wilson


class Tree(NamedTuple):
    """Posts of a tree, the call included; most posts at one distance from it; mean distance of two posts."""

    size: int
    depth: int
    breadth: int
    virality: float


def cascades(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Means over the cohort's episodes of the largest tree of each, within the follow-up (rule 34).

    Size, depth and breadth count replies and quotes. Structural virality (Goel et al. 2016) is undefined for a call
    alone, so its mean is over the other episodes. The stratum `reposts` of `cascade_breadth` counts reposts of anything
    in a tree, of the tree that has most.
    """
    trees, reposts = _largest(cohort)
    numbers = np.array(trees, dtype=np.float64).reshape(len(trees), 4)
    ones, grown = np.ones(len(trees)), (numbers[:, 0] > 1).astype(np.float64)
    means = [
        ("cascade_size", "all", numbers[:, 0], ones),
        ("cascade_depth", "all", numbers[:, 1], ones),
        ("cascade_breadth", "all", numbers[:, 2], ones),
        ("cascade_breadth", "reposts", reposts, ones),
        ("structural_virality", "all", numbers[:, 3], grown),
    ]
    above, below = (np.column_stack([mean[place] for mean in means]) for place in (2, 3))
    intervals = ratio_intervals(above, below, cohort.analysis.bootstrap_draws, cohort.seed("cascades"))
    yield from (_mean(*mean, interval) for mean, interval in zip(means, intervals, strict=True))


def _mean(indicator: str, stratum: str, above: Floats, below: Floats, drawn: Interval) -> IndicatorRow:
    """A mean over episodes; where every episode has 0 or 1, its interval is no narrower than Wilson's."""
    total, size = math.fsum(above), math.fsum(below)
    is_whole = drawn.low is not None and set(np.unique(above[below > 0])) <= {0.0, 1.0}
    found = wider(drawn, wilson(round(total), round(size))) if is_whole else drawn
    return IndicatorRow(indicator, ratio(total, size), round(size), stratum, found)


def tree_sizes(cohort: Cohort) -> list[int]:
    """Posts of the largest tree of each episode, the call included."""
    return [tree.size for tree in _largest(cohort)[0]]


def _largest(cohort: Cohort) -> tuple[list[Tree], Floats]:
    """Per episode, its largest tree (then deepest, then widest), and the most reposts that one tree has."""
    trees = [Tree(1, 0, 1, 0.0)] * len(cohort.episodes)
    reposts = np.zeros(len(cohort.episodes))
    rows = _followed(cohort)
    relayed = rows[rows["act"] == "repost"].groupby(["episode", "call_id"]).size().groupby(level=0).max()
    reposts[relayed.index] = relayed
    written = rows[rows["act"] != "repost"].sort_values(["depth", "time", "post_id"])
    for (episode, call), part in written.groupby(["episode", "call_id"]):
        place = int(str(episode))
        found = tree(str(call), part["post_id"].tolist(), part["parent_id"].tolist())
        trees[place] = max(trees[place], found)
    return trees, reposts


def _followed(cohort: Cohort) -> pd.DataFrame:
    rows = cohort.followed(cohort.frames.cascades)
    age = (
        rows["time"].to_numpy(np.int64)
        - cohort.episodes["t_call"].to_numpy(np.int64)[rows["episode"].to_numpy(np.int64)]
    )
    in_time: pd.DataFrame = rows.loc[(age >= 0) & (age < cohort.follow_up)]
    return in_time


def tree(call: str, posts: Sequence[str], parents: Sequence[str]) -> Tree:
    """Measures of the tree under `call`; `parents[i]` is what `posts[i]` acts upon, parents before their children.

    A post whose parent is not in the tree is left out, with all that stands under it.
    """
    depth, parent = {call: 0}, dict[str, str]()
    for post, above in zip(posts, parents, strict=True):
        if above in depth and post not in depth:
            depth[post], parent[post] = depth[above] + 1, above
    below = dict.fromkeys(depth, 1)
    for post in reversed(list(parent)):
        below[parent[post]] += below[post]
    size = len(depth)
    # Every path between two posts runs once through each tie between a subtree and the rest.
    paths = sum(below[post] * (size - below[post]) for post in parent)
    levels = np.bincount(list(depth.values()))
    return Tree(size, len(levels) - 1, int(levels.max()), 2 * paths / (size * (size - 1)) if size > 1 else 0.0)
