"""The plain way, with networkx and sets: what the array kernels must agree with."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

import networkx as nx

Row = tuple[str, str, float]


def undirected(rows: Iterable[Row]) -> nx.Graph:
    """Rows of both directions add up, loops are dropped but their node stays."""
    return _add_up(nx.Graph(), rows)


def directed(rows: Iterable[Row]) -> nx.DiGraph:
    return _add_up(nx.DiGraph(), rows)


def _add_up(graph: nx.Graph, rows: Iterable[Row]) -> nx.Graph:
    for source, target, weight in rows:
        graph.add_nodes_from((source, target))
        if source != target:
            before = graph[source][target]["weight"] if graph.has_edge(source, target) else 0.0
            graph.add_edge(source, target, weight=before + weight)
    return graph


def mutual(graph: nx.Graph, i: str, j: str) -> int:
    return len(set(graph[i]) & set(graph[j])) if i in graph and j in graph else 0


def overlap(graph: nx.Graph, i: str, j: str) -> float | None:
    """Only of a tie; None where nobody else is known to either."""
    others = (set(graph[i]) | set(graph[j])) - {i, j}
    return mutual(graph, i, j) / len(others) if others else None


def span(graph: nx.Graph, i: str, j: str) -> float:
    """Distance without the own tie; infinite if one of the two is not in the graph."""
    without = graph.copy()
    if without.has_edge(i, j):
        without.remove_edge(i, j)
    if i not in without or j not in without or not nx.has_path(without, i, j):
        return math.inf
    return float(nx.shortest_path_length(without, i, j))


def constraint(graph: nx.Graph, weight: str | None = None) -> dict[str, float]:
    return nx.constraint(graph, nodes=list(graph), weight=weight)


def effective_size(graph: nx.Graph, weight: str | None = None) -> dict[str, float]:
    """The nodes must be named: without them networkx 3.6 is wrong on weighted and on reciprocal graphs."""
    return nx.effective_size(graph, nodes=list(graph), weight=weight)


def best_modularity(graph: nx.Graph) -> float:
    """By looking at every labelling of the nodes: for graphs of five nodes or so."""
    nodes = sorted(graph)
    labelled = itertools.product(range(len(nodes)), repeat=len(nodes))
    return max(nx.community.modularity(graph, _groups(nodes, labels), weight=None) for labels in labelled)


def _groups(nodes: Sequence[str], labels: Sequence[int]) -> list[set[str]]:
    return [{n for n, mine in zip(nodes, labels, strict=True) if mine == label} for label in set(labels)]


def graph_as_of(contacts: Iterable[tuple[str, str, int]], at: int, window: int) -> nx.Graph:
    """The prior graph: contacts of [at - window, at)."""
    return undirected((i, j, 1.0) for i, j, time in contacts if at - window <= time < at)
