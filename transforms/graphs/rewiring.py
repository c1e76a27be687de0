"""The null model of topology: the same people with the same number of contacts, otherwise at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transforms.graphs.csr import Graph, build_graph
from transforms.graphs.jit import Ints, Longs, compiled
from transforms.graphs.triangles import edge_overlap, mutual_neighbours

MOST_EDGES = 100_000
DRAWS = 200
SWAPS_PER_EDGE = 10


@dataclass(frozen=True, slots=True)
class AgainstNull:
    """An observed value against its null draws: p = (1 + #>=) / (draws + 1); z is None when they do not vary."""

    observed: float
    mean: float
    sd: float
    z: float | None
    p: float


def rewired(graph: Graph, draws: int = DRAWS, seed: int = 0) -> Iterator[Graph]:
    """Random simple graphs with the degrees of `graph`: a chain of double-edge swaps, ten trials an edge a draw.

    Maslov & Sneppen (2002). Trials that would make a loop or a second edge are refused, which keeps the chain
    uniform over simple graphs. Weights are dropped. The same `seed` gives the same draws.
    """
    low, high = graph.low.copy(), graph.high.copy()
    generators = np.random.default_rng(seed).integers(1, 2**32 - 1, size=draws)
    for number in generators:
        _swap(low, high, graph.nodes, SWAPS_PER_EDGE * graph.edges, int(number))
        yield build_graph(low, high, graph.nodes)


def topology_against_null(graph: Graph, draws: int = DRAWS, seed: int = 0) -> dict[str, AgainstNull] | tuple[None, str]:
    """Mean overlap, share of local bridges and transitivity of `graph` against degree-preserving rewiring.

    Measures that the degrees leave undefined are absent. ``(None, reason)`` where nothing is done: fewer than
    two edges, or more than 100,000 (hours of work).
    """
    if graph.edges < 2:
        return None, "fewer than two edges"
    if graph.edges > MOST_EDGES:
        return None, f"more than {MOST_EDGES} edges"
    observed = _topology(graph)
    sample = np.array([list(_topology(one).values()) for one in rewired(graph, draws, seed)])
    return {name: against_null(value, sample[:, i]) for i, (name, value) in enumerate(observed.items())}


def against_null(observed: float, draws: np.ndarray[tuple[int], np.dtype[np.float64]]) -> AgainstNull:
    """z and one-sided p of an observed value against its null draws."""
    mean, sd = float(np.mean(draws)), float(np.std(draws, ddof=1))
    # Sums of the same floats in another order differ in the last bits: that is no variation.
    varies = sd > 1e-12 * max(1.0, abs(mean))
    p = (1 + int(np.sum(draws >= observed - 1e-12))) / (len(draws) + 1)
    return AgainstNull(observed, mean, sd if varies else 0.0, (observed - mean) / sd if varies else None, p)


def _topology(graph: Graph) -> dict[str, float]:
    """What is defined depends on degrees alone, so it is the same for every draw."""
    mutual = mutual_neighbours(graph)
    defined = edge_overlap(graph, mutual)
    wedges = int((graph.degree * (graph.degree - 1) // 2).sum())
    found = {"local_bridge_share": float(np.mean(mutual == 0))}
    if wedges:
        found["mean_overlap"] = float(np.nanmean(defined))
        found["transitivity"] = float(mutual.sum() / wedges)
    return found


@compiled
def _swap(low: Ints, high: Ints, nodes: int, trials: int, seed: int) -> None:
    """Try `trials` double-edge swaps in place; edges are kept in a hash table of open addressing."""
    np.random.seed(seed)
    size = 4
    while size < 4 * len(low):
        size *= 2
    table = np.full(size, -1, np.int64)
    for e in range(len(low)):
        _insert(table, np.int64(low[e]) * nodes + high[e])
    for _ in range(trials):
        e, f = np.random.randint(0, len(low)), np.random.randint(0, len(low))
        a, b, c, d = low[e], high[e], low[f], high[f]
        if np.random.random() < 0.5:
            c, d = d, c
        if a == d or b == c or e == f:
            continue
        one = np.int64(min(a, d)) * nodes + max(a, d)
        other = np.int64(min(c, b)) * nodes + max(c, b)
        if _find(table, one) >= 0 or _find(table, other) >= 0:
            continue
        _remove(table, np.int64(low[e]) * nodes + high[e])
        _remove(table, np.int64(low[f]) * nodes + high[f])
        _insert(table, one)
        _insert(table, other)
        low[e], high[e] = min(a, d), max(a, d)
        low[f], high[f] = min(c, b), max(c, b)


@compiled
def _slot(key: int, size: int) -> int:
    """Where a key would like to be: the high bits of a Fibonacci hash mix node numbers well."""
    mixed = (np.uint64(key) * np.uint64(11400714819323198485)) >> np.uint64(24)
    return int(mixed) & (size - 1)


@compiled
def _find(table: Longs, key: int) -> int:
    at = _slot(key, len(table))
    while table[at] != -1:
        if table[at] == key:
            return at
        at = (at + 1) & (len(table) - 1)
    return -1


@compiled
def _insert(table: Longs, key: int) -> None:
    at = _slot(key, len(table))
    while table[at] != -1:
        at = (at + 1) & (len(table) - 1)
    table[at] = key


@compiled
def _remove(table: Longs, key: int) -> None:
    """Empty the key's place and move later keys of its run up, so that no search stops too early."""
    hole = _find(table, key)
    at = hole
    while True:
        at = (at + 1) & (len(table) - 1)
        if table[at] == -1:
            break
        wanted = _slot(table[at], len(table))
        if ((at - wanted) & (len(table) - 1)) >= ((at - hole) & (len(table) - 1)):
            table[hole] = table[at]
            hole = at
    table[hole] = -1
