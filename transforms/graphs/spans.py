"""How far apart two people would be without their own tie: local bridges, and the range of arbitrary pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from transforms.graphs.cores import bridges
from transforms.graphs.csr import Graph
from transforms.graphs.jit import Floats, Longs
from transforms.graphs.search import pairs_on_graph
from transforms.graphs.triangles import mutual_neighbours


def edge_spans(graph: Graph, mutual: Longs | None = None) -> Floats:
    """Distance of the two ends of every edge once that edge is taken out; infinite for bridges.

    2 where they have a mutual neighbour; 3 or more makes the edge a local bridge (Granovetter 1973).
    """
    shared = mutual_neighbours(graph) if mutual is None else mutual
    span = np.where(shared > 0, 2.0, np.inf)
    open_ended = np.flatnonzero((shared == 0) & ~bridges(graph))
    low, high = graph.low[open_ended], graph.high[open_ended]
    _, span[open_ended] = pair_spans(graph, low, high)
    return span


def pair_spans(graph: Graph, left: ArrayLike, right: ArrayLike) -> tuple[Longs, Floats]:
    """Mutual neighbours M and range of arbitrary pairs of nodes, tied or not.

    Range: the unweighted distance once the pair's own tie, if any, is taken out; 2 exactly when M > 0; infinite
    when no path is left (so also for an isolate, and for a number outside ``[0, nodes)``: somebody who is not in
    the graph).
    """
    one, other = np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64)
    alive = np.ones(graph.edges, np.int32)
    return pairs_on_graph(graph.start, graph.neighbour, graph.edge, alive, one, other)
