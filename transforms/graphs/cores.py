"""Bridges, core numbers and components."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from transforms.graphs.csr import Graph
from transforms.graphs.jit import Ints, Longs, compiled

PERIPHERY_CORE = 1
"""Nodes whose core number is not above this belong to the periphery (rule 30 of the methods)."""


def bridges(graph: Graph) -> NDArray[np.bool_]:
    """For every edge, whether its removal would separate its two ends."""
    return _bridges(graph.start, graph.neighbour, graph.edge)


def core_numbers(graph: Graph) -> Longs:
    """Largest k such that the node belongs to the k-core (Batagelj & Zaversnik 2003); 0 for isolates."""
    return _core_numbers(graph.start, graph.neighbour)


def periphery(graph: Graph) -> NDArray[np.bool_]:
    """For every node, whether it is in a low k-shell (core number <= 1).

    Who is not in the graph at all is in the periphery too: that is for the caller, who knows who is missing.
    """
    return core_numbers(graph) <= PERIPHERY_CORE


def components(graph: Graph) -> Ints:
    """Number of the connected component of every node, counted from 0 in order of smallest member."""
    shape = (graph.nodes, graph.nodes)
    ones = np.ones(len(graph.neighbour), np.int8)
    _, label = connected_components(csr_array((ones, graph.neighbour, graph.start), shape), directed=False)
    return np.asarray(label, dtype=np.int32)


@compiled
def _bridges(start: Longs, neighbour: Ints, edge: Ints) -> NDArray[np.bool_]:
    """Tarjan (1974), without recursion: a tree edge is a bridge if nothing below it reaches above it."""
    nodes = len(start) - 1
    found = np.zeros(len(edge) // 2, np.bool_)
    order = np.full(nodes, -1, np.int32)
    reach = np.empty(nodes, np.int32)
    entered_by = np.empty(nodes, np.int32)
    cursor = start[:-1].copy()
    path = np.empty(nodes, np.int32)
    seen = 0
    for root in range(nodes):
        if order[root] >= 0:
            continue
        order[root] = reach[root] = seen
        seen += 1
        entered_by[root] = -1
        path[0], depth = root, 1
        while depth:
            i = path[depth - 1]
            if cursor[i] < start[i + 1]:
                arc = cursor[i]
                cursor[i] += 1
                j = neighbour[arc]
                if edge[arc] == entered_by[i]:
                    continue
                if order[j] >= 0:
                    reach[i] = min(reach[i], order[j])
                    continue
                order[j] = reach[j] = seen
                seen += 1
                entered_by[j] = edge[arc]
                path[depth] = j
                depth += 1
            else:
                depth -= 1
                if depth:
                    above = path[depth - 1]
                    reach[above] = min(reach[above], reach[i])
                    found[entered_by[i]] = reach[i] > order[above]
    return found


@compiled
def _core_numbers(start: Longs, neighbour: Ints) -> Longs:
    """Peel nodes in order of remaining degree, kept sorted in buckets."""
    nodes = len(start) - 1
    core = start[1:] - start[:-1]
    largest = 0
    for i in range(nodes):
        largest = max(largest, core[i])
    bucket = np.zeros(largest + 2, np.int64)
    for i in range(nodes):
        bucket[core[i] + 1] += 1
    for k in range(largest + 1):
        bucket[k + 1] += bucket[k]
    fill = bucket[:-1].copy()
    place = np.empty(nodes, np.int64)
    queue = np.empty(nodes, np.int32)
    for i in range(nodes):
        place[i] = fill[core[i]]
        queue[place[i]] = i
        fill[core[i]] += 1
    for at in range(nodes):
        i = queue[at]
        for arc in range(start[i], start[i + 1]):
            j = neighbour[arc]
            if core[j] > core[i]:
                head = bucket[core[j]]
                other = queue[head]
                queue[head], queue[place[j]] = j, other
                place[other], place[j] = place[j], head
                bucket[core[j]] += 1
                core[j] -= 1
    return core
