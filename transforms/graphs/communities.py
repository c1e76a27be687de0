"""Communities by the Leiden algorithm, over many seeds, and names for them that last from week to week."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from graspologic_native import leiden_csr
from scipy.optimize import linear_sum_assignment

from transforms.graphs.csr import Graph
from transforms.graphs.jit import Floats, Ints

SEEDS = 50
ITERATIONS, MOST_ITERATIONS = 2, 10
SAME_COMMUNITY = 0.3
"""Least Jaccard similarity at which a community keeps its name (Greene, Doyle & Cunningham 2010)."""


@dataclass(frozen=True, slots=True, eq=False)
class Communities:
    """`member[i]`: community of node i, counted from 0 by falling size; -1 for isolates, which belong nowhere.

    `modularity` is that of this partition, the best found; `lowest`, `highest` the range over the seeds. All
    three are NaN for a graph without edges. `by_seed[s, i]`: what each seed found, in numbers that mean nothing from
    one seed to another; no rows for a graph without edges.
    """

    member: Ints
    modularity: float
    lowest: float
    highest: float
    by_seed: Ints

    @property
    def count(self) -> int:
        """Number of communities."""
        return int(self.member.max(initial=-1)) + 1


def find_communities(graph: Graph, weight: Floats | None = None, seeds: int = SEEDS) -> Communities:
    """The partition of highest modularity that Leiden finds from `seeds` fixed seeds.

    Traag, Waltman & van Eck (2019), two iterations a seed; the best is then iterated on, ten times in all.
    Modularity is Newman's at resolution 1. The same graph gives the same communities on every run; where two partitions
    are equally good, the numbering of the nodes decides between them.
    """
    if graph.edges == 0:
        none = np.empty((0, graph.nodes), np.int32)
        return Communities(np.full(graph.nodes, -1, np.int32), np.nan, np.nan, np.nan, none)
    heavy = np.ones(graph.edges) if weight is None else np.asarray(weight, dtype=np.float64)
    found = [_leiden(graph, heavy, seed, ITERATIONS) for seed in range(seeds)]
    reached = [modularity(graph, heavy, member) for member in found]
    # Equal partitions can differ in the last bit: rounding makes the first seed win among them.
    seed = max(range(seeds), key=lambda seed: round(reached[seed], 12))
    further = _leiden(graph, heavy, seed, MOST_ITERATIONS)
    member = max(found[seed], further, key=lambda one: round(modularity(graph, heavy, one), 12))
    quality = modularity(graph, heavy, member)
    return Communities(_by_size(member, graph), quality, min(reached), max(reached), np.array(found))


def _leiden(graph: Graph, weight: Floats, seed: int, iterations: int) -> Ints:
    """Numbers that mean nothing; seed 0 of the library stands for chance, so ours count from 1."""
    rows = graph.start, graph.neighbour, weight[graph.edge], graph.nodes
    _, member = leiden_csr(*rows, seed=seed + 1, iterations=iterations)
    return np.array([member[node] for node in range(graph.nodes)], dtype=np.int32)


def modularity(graph: Graph, weight: Floats, member: Ints) -> float:
    """Newman's modularity (2004) of a partition, at resolution 1; `weight`: one entry an edge."""
    communities = int(member.max(initial=-1)) + 1
    inside = member[graph.low] == member[graph.high]
    within = np.bincount(member[graph.low[inside]], weight[inside], communities)
    ends = np.bincount(member[np.r_[graph.low, graph.high]], np.r_[weight, weight], communities)
    total = weight.sum()
    return math.fsum(within / total - (ends / (2 * total)) ** 2)


def _by_size(member: Ints, graph: Graph) -> Ints:
    """Number communities by falling size, then by smallest node, so that labels do not depend on the library."""
    tied = np.flatnonzero(graph.degree > 0)
    labels, first, inverse, sizes = np.unique(member[tied], return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(labels), np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(len(labels), dtype=np.int32)
    numbers = np.full(graph.nodes, -1, np.int32)
    numbers[tied] = rank[inverse]
    return numbers


@dataclass(frozen=True, slots=True)
class CommunityNames:
    """Names given so far: `of` says in which community a person was when last seen, `last` the newest name."""

    of: Mapping[str, int]
    last: int = 0


def name_communities(current: Mapping[str, int], known: CommunityNames) -> tuple[dict[int, int], CommunityNames]:
    """Lasting names for this week's communities: {number this week: name}, and what to know next week.

    `current`: person -> community number this week (-1: none). Names are 1, 2, 3... and never used twice. Old
    and new communities are paired so that the total Jaccard similarity is greatest (Hungarian method); a pair
    below 0.3 is no continuation, and the community gets a new name. In a split the closer part keeps the name.
    """
    now, before = _members(current), _members(known.of)
    numbers, names = sorted(now), sorted(before)
    likeness = np.zeros((len(numbers), len(names)))
    for row, number in enumerate(numbers):
        likeness[row] = [_jaccard(now[number], before[name]) for name in names]
    likeness[likeness < SAME_COMMUNITY] = 0
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    kept = {numbers[r]: names[c] for r, c in zip(rows, columns, strict=True) if likeness[r, c] > 0}
    fresh = [number for number in numbers if number not in kept]
    kept |= {number: known.last + 1 + i for i, number in enumerate(fresh)}
    seen = {person: kept[number] for person, number in current.items() if number >= 0}
    return kept, CommunityNames({**known.of, **seen}, known.last + len(fresh))


def _members(community: Mapping[str, int]) -> dict[int, set[str]]:
    members: dict[int, set[str]] = {}
    for person, number in community.items():
        if number >= 0:
            members.setdefault(number, set()).add(person)
    return members


def _jaccard(one: set[str], other: set[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
