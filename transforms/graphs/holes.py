"""Structural holes: Burt's constraint and effective size, of every node at once.

Both need only triangles. With S the symmetric mutual weights (w_ij + w_ji), s_i = sum_j S_ij, x_i = max_j S_ij:

* constraint c(i) = sum_j ((S_ij + T_ij) / s_i)^2 with T_ij = sum_k S_ik S_kj / s_k, the same for (i, j) and (j, i);
* effective size e(i) = k_i - (1 / s_i) sum_jk S_ij S_jk / x_k, over the pairs j, k of tied neighbours of i.
"""

from __future__ import annotations

import numpy as np

from transforms.graphs.csr import Graph
from transforms.graphs.jit import Floats, Ints, Longs, compiled
from transforms.graphs.triangles import forward


def structural_holes(graph: Graph, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """Burt's constraint and effective size of every node; NaN for isolates.

    `weight`: mutual weight of every edge (w_ij + w_ji, > 0); without it all edges weigh the same. Burt (1992), as
    networkx computes them on a graph without self-loops when the nodes are named. Deviation: networkx
    gives no value to nodes of a directed graph without out-edges; here only isolates have none.
    """
    mutual = np.ones(graph.edges) if weight is None else np.asarray(weight, dtype=np.float64)
    total, largest = _strength(graph.low, graph.high, mutual, graph.nodes)
    first, head, via = forward(graph.start, graph.neighbour, graph.edge)
    indirect, redundant = _triangles(first, head, via, mutual, total, largest)
    constraint = _constraint(graph.low, graph.high, mutual, indirect, total)
    with np.errstate(invalid="ignore", divide="ignore"):
        effective = graph.degree - redundant / total
    return np.where(total > 0, constraint, np.nan), effective


@compiled
def _strength(low: Ints, high: Ints, mutual: Floats, nodes: int) -> tuple[Floats, Floats]:
    total, largest = np.zeros(nodes), np.zeros(nodes)
    for e in range(len(low)):
        for i in (low[e], high[e]):
            total[i] += mutual[e]
            largest[i] = max(largest[i], mutual[e])
    return total, largest


@compiled
def _triangles(
    first: Longs, head: Ints, via: Ints, mutual: Floats, total: Floats, largest: Floats
) -> tuple[Floats, Floats]:
    """Per edge T_ij, per node sum_jk S_ij S_jk / x_k: every triangle i, j, k adds to its three edges and nodes."""
    nodes = len(first) - 1
    indirect, redundant = np.zeros(len(head)), np.zeros(nodes)
    reached = np.full(nodes, -1, np.int32)
    for i in range(nodes):
        for arc in range(first[i], first[i + 1]):
            reached[head[arc]] = via[arc]
        for arc in range(first[i], first[i + 1]):
            j, ij = head[arc], via[arc]
            for third in range(first[j], first[j + 1]):
                ik = reached[head[third]]
                if ik < 0:
                    continue
                k, jk = head[third], via[third]
                a, b, c = mutual[ij], mutual[ik], mutual[jk]
                indirect[ij] += b * c / total[k]
                indirect[ik] += a * c / total[j]
                indirect[jk] += a * b / total[i]
                redundant[i] += c * (a / largest[k] + b / largest[j])
                redundant[j] += b * (a / largest[k] + c / largest[i])
                redundant[k] += a * (b / largest[j] + c / largest[i])
        for arc in range(first[i], first[i + 1]):
            reached[head[arc]] = -1
    return indirect, redundant


@compiled
def _constraint(low: Ints, high: Ints, mutual: Floats, indirect: Floats, total: Floats) -> Floats:
    constraint = np.zeros(len(total))
    for e in range(len(low)):
        invested = mutual[e] + indirect[e]
        constraint[low[e]] += (invested / total[low[e]]) ** 2
        constraint[high[e]] += (invested / total[high[e]]) ** 2
    return constraint
