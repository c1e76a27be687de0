"""Mutual neighbours and overlap of ties, by listing every triangle once.

Edges point from the node of lower degree to that of higher degree, which bounds every list by sqrt(2 m): a hub
with all the leaves of a campaign costs no more than anybody else (O(m^1.5) in the worst case).
"""

from __future__ import annotations

import numpy as np

from transforms.graphs.csr import Graph
from transforms.graphs.jit import Floats, Ints, Longs, compiled


def mutual_neighbours(graph: Graph) -> Longs:
    """Number of mutual neighbours M of the two ends of every edge of `graph`, in its order of edges."""
    start, head, edge = forward(graph.start, graph.neighbour, graph.edge)
    return _count(start, head, edge)


def edge_overlap(graph: Graph, mutual: Longs | None = None) -> Floats:
    """Overlap of every edge: O = M / (k_i - 1 + k_j - 1 - M); NaN where the denominator is 0 (a lone pair).

    Onnela et al. (PNAS 2007). `mutual`: :func:`mutual_neighbours` of the graph, if already known.
    """
    degree = graph.degree
    shared = mutual_neighbours(graph) if mutual is None else mutual
    return overlap(shared, degree[graph.low], degree[graph.high])


def overlap(mutual: Longs, degree_i: Longs, degree_j: Longs) -> Floats:
    """Overlap of tied pairs from their mutual neighbours and degrees (own tie included in the degrees)."""
    others = (degree_i + degree_j - 2 - mutual).astype(np.float64)
    share: Floats = np.divide(mutual, others, out=np.full(len(others), np.nan), where=others > 0)
    return share


@compiled
def forward(start: Longs, neighbour: Ints, edge: Ints) -> tuple[Longs, Ints, Ints]:
    """Every edge once, at its end of lower degree (ties by number): rows, heads, edge numbers.

    Nodes keep their number; `head` of node i is ``head[first[i]:first[i + 1]]``.
    """
    nodes = len(start) - 1
    first = np.zeros(nodes + 1, np.int64)
    head = np.empty(len(neighbour) // 2, np.int32)
    via = np.empty(len(neighbour) // 2, np.int32)
    at = 0
    for i in range(nodes):
        mine = start[i + 1] - start[i]
        for arc in range(start[i], start[i + 1]):
            j = neighbour[arc]
            theirs = start[j + 1] - start[j]
            if mine < theirs or (mine == theirs and i < j):
                head[at] = j
                via[at] = edge[arc]
                at += 1
        first[i + 1] = at
    return first, head, via


@compiled
def _count(first: Longs, head: Ints, via: Ints) -> Longs:
    nodes = len(first) - 1
    mutual = np.zeros(len(head), np.int64)
    reached = np.full(nodes, -1, np.int32)
    for i in range(nodes):
        for arc in range(first[i], first[i + 1]):
            reached[head[arc]] = via[arc]
        for arc in range(first[i], first[i + 1]):
            j = head[arc]
            closed = 0
            for third in range(first[j], first[j + 1]):
                other = reached[head[third]]
                if other >= 0:
                    closed += 1
                    mutual[other] += 1
                    mutual[via[third]] += 1
            mutual[via[arc]] += closed
        for arc in range(first[i], first[i + 1]):
            reached[head[arc]] = -1
    return mutual
