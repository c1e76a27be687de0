"""The searches behind ranges, compiled: mutual neighbours and detours over the edges that are alive.

Distances are unweighted. They are searched from both ends at once, always on the side with fewer arcs to follow,
so that a pair three steps apart costs two small neighbourhoods and not the whole graph.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.graphs.jit import Floats, Ints, Longs, compiled


@compiled
def pairs_on_graph(
    start: Longs, neighbour: Ints, edge: Ints, alive: Ints, left: Longs, right: Longs
) -> tuple[Longs, Floats]:
    """Mutual neighbours and range of the pairs (`left`, `right`) over the edges that are `alive`."""
    nodes = len(start) - 1
    shared = np.zeros(len(left), np.int64)
    span = np.full(len(left), np.inf)
    seen = np.zeros((2, nodes), np.int32)
    queue = np.empty((2, nodes), np.int32)
    for pair in range(len(left)):
        a, b = left[pair], right[pair]
        if min(a, b) < 0 or max(a, b) >= nodes or a == b:
            continue
        shared[pair] = _common(start, neighbour, edge, alive, a, b)
        if shared[pair]:
            span[pair] = 2
        else:
            span[pair] = _detour(start, neighbour, edge, alive, a, b, seen, queue, pair + 1)
    return shared, span


@compiled
def pairs_on_window(
    start: Longs,
    neighbour: Ints,
    edge: Ints,
    low: Ints,
    high: Ints,
    contact: Longs,
    time: Longs,
    left: Longs,
    right: Longs,
    at: Longs,
    asked: Longs,
    window: int,
) -> tuple[NDArray[np.bool_], Longs, Longs, Longs, Floats]:
    """Of each pair at its moment `at`: tie, degree of either end, mutual neighbours and range in [at - window, at).

    `contact`: edge of each contact, by `time`. `asked`: the pairs in the order of `at`.
    """
    nodes, pairs = len(start) - 1, len(left)
    alive = np.zeros(len(low), np.int32)
    degree = np.zeros(nodes, np.int64)
    seen, queue = np.zeros((2, nodes), np.int32), np.empty((2, nodes), np.int32)
    tied, span = np.zeros(pairs, np.bool_), np.full(pairs, np.inf)
    degrees, mutual = np.zeros((2, pairs), np.int64), np.zeros(pairs, np.int64)
    entering = leaving = 0
    for turn in range(pairs):
        pair = asked[turn]
        while entering < len(time) and time[entering] < at[pair]:
            _count_contact(alive, degree, low, high, contact[entering], 1)
            entering += 1
        while leaving < entering and time[leaving] < at[pair] - window:
            _count_contact(alive, degree, low, high, contact[leaving], -1)
            leaving += 1
        a, b = left[pair], right[pair]
        degrees[0, pair] = degree[a] if a >= 0 else 0
        degrees[1, pair] = degree[b] if b >= 0 else 0
        if a == b or degrees[0, pair] == 0 or degrees[1, pair] == 0:
            continue
        own = _tie_of(start, neighbour, edge, a, b)
        tied[pair] = own >= 0 and alive[own] > 0
        mutual[pair] = _common(start, neighbour, edge, alive, a, b)
        if mutual[pair]:
            span[pair] = 2
        else:
            span[pair] = _detour(start, neighbour, edge, alive, a, b, seen, queue, turn + 1)
    return tied, degrees[0], degrees[1], mutual, span


@compiled
def _count_contact(alive: Ints, degree: Longs, low: Ints, high: Ints, e: int, step: int) -> None:
    """Let a contact of edge `e` enter (+1) or leave (-1); degrees change with the first and the last one."""
    if alive[e] == 0 or alive[e] + step == 0:
        degree[low[e]] += step
        degree[high[e]] += step
    alive[e] += step


@compiled
def _tie_of(start: Longs, neighbour: Ints, edge: Ints, a: int, b: int) -> int:
    """Number of the edge between two nodes, -1 if there is none."""
    if start[a + 1] - start[a] > start[b + 1] - start[b]:
        a, b = b, a
    at = start[a] + np.searchsorted(neighbour[start[a] : start[a + 1]], b)
    return edge[at] if at < start[a + 1] and neighbour[at] == b else -1


@compiled
def _common(start: Longs, neighbour: Ints, edge: Ints, alive: Ints, a: int, b: int) -> int:
    """Mutual neighbours of two nodes over living edges: each neighbour of the one is looked up in the other's."""
    if start[a + 1] - start[a] > start[b + 1] - start[b]:
        a, b = b, a
    theirs = neighbour[start[b] : start[b + 1]]
    via = edge[start[b] : start[b + 1]]
    found, at = 0, 0
    for arc in range(start[a], start[a + 1]):
        if not alive[edge[arc]]:
            continue
        at += np.searchsorted(theirs[at:], neighbour[arc])
        if at == len(theirs):
            break
        if theirs[at] == neighbour[arc] and alive[via[at]]:
            found += 1
    return found


@compiled
def _detour(
    start: Longs,
    neighbour: Ints,
    edge: Ints,
    alive: Ints,
    a: int,
    b: int,
    seen: Ints,
    queue: Ints,
    stamp: int,
) -> float:
    """Distance of two different nodes over living edges, their own tie left out; infinite without a path.

    `seen`, `queue`: working memory of shape (2, nodes); `stamp`: a number not yet in `seen`.
    """
    own = _tie_of(start, neighbour, edge, a, b)
    seen[0, a] = seen[1, b] = stamp
    queue[0, 0], queue[1, 0] = a, b
    first, last = np.zeros(2, np.int64), np.ones(2, np.int64)
    cost = np.array([start[a + 1] - start[a], start[b + 1] - start[b]])
    distance = 0
    while first[0] < last[0] and first[1] < last[1]:
        side = 0 if cost[0] <= cost[1] else 1
        distance += 1
        cost[side], end = 0, last[side]
        for at in range(first[side], last[side]):
            i = queue[side, at]
            for arc in range(start[i], start[i + 1]):
                j = neighbour[arc]
                if seen[side, j] == stamp or not alive[edge[arc]] or edge[arc] == own:
                    continue
                if seen[1 - side, j] == stamp:
                    return float(distance)
                seen[side, j] = stamp
                queue[side, end] = j
                end += 1
                cost[side] += start[j + 1] - start[j]
        first[side], last[side] = last[side], end
    return np.inf
