"""The arrays every kernel works on: an undirected simple graph in compressed sparse rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from transforms.graphs.jit import Floats, Ints, Longs, compiled


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """An undirected simple graph on nodes ``0 .. nodes - 1``.

    `low`, `high`, `weight`: one entry an edge, ``low < high``, sorted by (low, high); `weight` is the sum over the
    rows of both directions. `start` (nodes + 1), `neighbour`, `edge` (two entries an edge): the neighbours of
    ``i`` are ``neighbour[start[i]:start[i + 1]]``, ascending, and ``edge`` says by which edge they are reached.
    `self_loops`, `multi_edges`: rows that were stripped, and rows added to an edge that was there already.
    """

    nodes: int
    low: Ints
    high: Ints
    weight: Floats
    start: Longs
    neighbour: Ints
    edge: Ints
    self_loops: int
    multi_edges: int

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.low)

    @property
    def degree(self) -> Longs:
        """Number of neighbours of each node."""
        return np.diff(self.start)


def build_graph(source: ArrayLike, target: ArrayLike, nodes: int, weight: ArrayLike | None = None) -> Graph:
    """The undirected graph of rows (source, target[, weight]); direction is dropped, parallel rows add up.

    `source`, `target`: node numbers in ``[0, nodes)``. Without `weight` every row weighs 1. The result does not
    depend on the order of the rows, not even in the last bit of a summed weight. Raises `ValueError` for a
    number outside the range.
    """
    tail, head = np.asarray(source, dtype=np.int64), np.asarray(target, dtype=np.int64)
    if len(tail) and (min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= nodes):
        raise ValueError(f"a node number is outside [0, {nodes})")
    kept = tail != head
    key = (np.minimum(tail, head) * nodes + np.maximum(tail, head))[kept]
    edges, weights = _sum_rows(key, None if weight is None else np.asarray(weight, dtype=np.float64)[kept])
    low, high = (part.astype(np.int32) for part in np.divmod(edges, max(nodes, 1)))
    start, neighbour, edge = _rows(low, high, nodes)
    loops = len(tail) - len(key)
    return Graph(nodes, low, high, weights, start, neighbour, edge, loops, len(key) - len(edges))


def _sum_rows(key: Longs, weight: Floats | None) -> tuple[Longs, Floats]:
    """Distinct keys, ascending, and the sum of their weights (of ones without weights)."""
    if weight is None:
        ascending = np.sort(key)
    else:
        # Equal keys by weight: the order in which floats are added is then the same for every order of rows.
        order = np.lexsort((weight, key))
        ascending = key[order]
    first = np.flatnonzero(np.diff(ascending, prepend=-1))
    if weight is None:
        return ascending[first], np.diff(first, append=len(key)).astype(np.float64)
    return ascending[first], np.add.reduceat(weight[order], first) if len(first) else weight[:0]


@compiled
def _rows(low: Ints, high: Ints, nodes: int) -> tuple[Longs, Ints, Ints]:
    """Adjacency of sorted edges by counting: smaller neighbours are written first, so rows come out sorted."""
    start = np.zeros(nodes + 1, np.int64)
    for e in range(len(low)):
        start[low[e] + 1] += 1
        start[high[e] + 1] += 1
    for i in range(nodes):
        start[i + 1] += start[i]
    fill = start[:-1].copy()
    neighbour = np.empty(2 * len(low), np.int32)
    edge = np.empty(2 * len(low), np.int32)
    for tails, heads in ((high, low), (low, high)):
        for e in range(len(low)):
            at = fill[tails[e]]
            neighbour[at] = heads[e]
            edge[at] = e
            fill[tails[e]] = at + 1
    return start, neighbour, edge
