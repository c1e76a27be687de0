"""Everything `passerelle measure` says about a list of edges, as a dictionary that JSON can carry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from passerelle.errors import UsageError
from transforms.graphs.communities import SEEDS, find_communities
from transforms.graphs.cores import bridges, components, core_numbers
from transforms.graphs.csr import Graph, build_graph
from transforms.graphs.holes import structural_holes
from transforms.graphs.jit import Floats, Longs
from transforms.graphs.spans import edge_spans
from transforms.graphs.triangles import edge_overlap, mutual_neighbours

SCHEMA = "passerelle.measure/1"


class _Edges(NamedTuple):
    """The list as numbers: nodes in order of name, rows without loops merged both ways."""

    names: list[str]
    ties: Graph
    """Undirected: one edge a pair; its weight is the sum of the rows of both directions."""
    arcs: tuple[Longs, Longs]
    """Distinct (source, target) of the directed graph; of the undirected one, its edges."""
    directions: Floats
    """Of every edge of `ties`: its mutual weight when rows do not weigh (2 if a directed pair is reciprocal)."""
    repeated_rows: int


def measure(
    source: Sequence[str], target: Sequence[str], weight: Sequence[float] | None, directed: bool
) -> dict[str, Any]:
    """Measures of a graph given as edges; one entry a row in each argument.

    Topology (overlap, spans, constraint, effective size, communities, clustering) ignores weights, as the values
    published for known graphs do; what weights change stands under ``weighted``, which is null when there is no
    `weight` and no pair is repeated. Weights of repeated rows add up; self-loops are counted, then
    stripped (their node stays). In a directed graph, ties, overlap, spans, bridges, communities and clustering are
    those of its undirected projection; constraint and effective size use mutual weights w_ij + w_ji and, as in
    networkx, are null for nodes without out-edges. Null: undefined (isolates, the overlap of a lone pair,
    reciprocity of an undirected graph). Spans are whole numbers or the string ``inf``. Nodes and edges are in
    order of name; the order of rows changes nothing. Raises `UsageError` for an unnamed node or a weight that is
    no positive number.
    """
    _check(source, target, weight)
    edges = _number(source, target, weight, directed)
    ties = edges.ties
    shared = mutual_neighbours(ties)
    overlap, span = edge_overlap(ties, shared), edge_spans(ties, shared)
    weighs = weight is not None or bool(np.any(ties.weight != edges.directions))
    return {
        "schema": SCHEMA,
        "directed": directed,
        "counts": _counts(edges),
        "reciprocity": _reciprocity(edges) if directed else None,
        "overlap": {"mean": _mean(overlap), "edges": _per_edge(edges, shared, overlap)},
        "local_bridges": _local_bridges(edges, span),
        "bridges": _pairs(edges, bridges(ties)),
        **_holes(edges, edges.directions if directed else None, directed),
        "communities": _communities(edges, None),
        "clustering": _clustering(ties, shared),
        "degree": _by_node(edges, ties.degree),
        "core": _by_node(edges, core_numbers(ties)),
        "weighted": _weighted(edges, overlap, directed) if weighs else None,
    }


def _check(source: Sequence[str], target: Sequence[str], weight: Sequence[float] | None) -> None:
    for row, ends in enumerate(zip(source, target, strict=True), start=1):
        if not all(ends):
            raise UsageError(
                en=f"edges, row {row}: source or target is empty; every row needs both",
                fr=f"arêtes, ligne {row} : source ou cible vide ; chaque ligne doit avoir les deux",
            )
    for row, value in enumerate(weight or (), start=1):
        if not (math.isfinite(value) and value > 0):
            raise UsageError(
                en=f"edges, row {row}: weight {value} is not a positive number; correct or remove the row",
                fr=f"arêtes, ligne {row} : le poids {value} n'est pas un nombre positif ; corrigez ou retirez la ligne",
            )


def _number(source: Sequence[str], target: Sequence[str], weight: Sequence[float] | None, directed: bool) -> _Edges:
    codes, names = pd.factorize(np.array([*source, *target], dtype=object), sort=True)
    tail, head = codes[: len(source)].astype(np.int64), codes[len(source) :].astype(np.int64)
    nodes = len(names)
    ties = build_graph(tail, head, nodes, weight)
    keys, count = np.unique((tail * nodes + head)[tail != head], return_counts=True)
    arcs = np.divmod(keys, max(nodes, 1))
    if not directed:
        arcs = (ties.low.astype(np.int64), ties.high.astype(np.int64))
        return _Edges(list(names), ties, arcs, np.ones(ties.edges), ties.multi_edges)
    directions = build_graph(*arcs, nodes).weight
    return _Edges(list(names), ties, arcs, directions, int((count - 1).sum()))


def _counts(edges: _Edges) -> dict[str, int]:
    return {
        "nodes": len(edges.names),
        "edges": len(edges.arcs[0]),
        "ties": edges.ties.edges,
        "self_loops": edges.ties.self_loops,
        "multi_edges": edges.repeated_rows,
        "isolates": int((edges.ties.degree == 0).sum()),
        "components": int(components(edges.ties).max(initial=-1)) + 1,
    }


def _reciprocity(edges: _Edges) -> float | None:
    """Share of directed edges that are answered by one the other way round (networkx.overall_reciprocity)."""
    reciprocal = 2 * int((edges.directions == 2).sum())
    return reciprocal / len(edges.arcs[0]) if len(edges.arcs[0]) else None


def _per_edge(edges: _Edges, shared: Longs, overlap: Floats) -> list[dict[str, Any]]:
    ends = _pairs(edges, np.ones(edges.ties.edges, np.bool_))
    values = zip(ends, shared.tolist(), overlap.tolist(), edges.ties.weight.tolist(), strict=True)
    return [
        {"source": one, "target": other, "mutual": m, "overlap": _safe(o), "weight": w}
        for (one, other), m, o, w in values
    ]


def _local_bridges(edges: _Edges, span: Floats) -> list[dict[str, Any]]:
    chosen = span > 2
    steps = ("inf" if math.isinf(value) else int(value) for value in span[chosen].tolist())
    return [
        {"source": one, "target": other, "span": step}
        for (one, other), step in zip(_pairs(edges, chosen), steps, strict=True)
    ]


def _holes(edges: _Edges, mutual: Floats | None, directed: bool) -> dict[str, Any]:
    constraint, effective = structural_holes(edges.ties, mutual)
    if directed:
        silent = np.bincount(edges.arcs[0], minlength=len(edges.names)) == 0
        constraint, effective = (np.where(silent, np.nan, part) for part in (constraint, effective))
    return {"constraint": _by_node(edges, constraint), "effective_size": _by_node(edges, effective)}


def _communities(edges: _Edges, weight: Floats | None) -> dict[str, Any]:
    found = find_communities(edges.ties, weight)
    member = [number if number >= 0 else None for number in found.member.tolist()]
    return {
        "modularity": _safe(found.modularity),
        "lowest": _safe(found.lowest),
        "highest": _safe(found.highest),
        "seeds": SEEDS,
        "count": found.count,
        "member": dict(zip(edges.names, member, strict=True)),
    }


def _clustering(ties: Graph, shared: Longs) -> dict[str, float | None]:
    """Transitivity (closed wedges / wedges) and mean local clustering (0 for nodes with fewer than two ties)."""
    wedges = ties.degree * (ties.degree - 1) // 2
    closed = np.bincount(ties.low, shared, ties.nodes) + np.bincount(ties.high, shared, ties.nodes)
    local = np.divide(closed / 2, wedges, out=np.zeros(ties.nodes), where=wedges > 0)
    total = int(wedges.sum())
    return {"transitivity": int(shared.sum()) / total if total else None, "mean_local": _mean(local)}


def _weighted(edges: _Edges, overlap: Floats, directed: bool) -> dict[str, Any]:
    known = np.isfinite(overlap)
    weights, overlaps = edges.ties.weight[known], overlap[known]
    return {
        "spearman_weight_overlap": _spearman(weights, overlaps),
        **_holes(edges, edges.ties.weight, directed),
        "communities": _communities(edges, edges.ties.weight),
    }


def _spearman(one: Floats, other: Floats) -> float | None:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    from scipy.stats import spearmanr  # a second to import, for this one value

    return float(spearmanr(one, other).statistic)


def _pairs(edges: _Edges, chosen: NDArray[np.bool_]) -> list[list[str]]:
    ends = zip(edges.ties.low[chosen].tolist(), edges.ties.high[chosen].tolist(), strict=True)
    return [[edges.names[i], edges.names[j]] for i, j in ends]


def _by_node(edges: _Edges, values: Floats | Longs) -> dict[str, float | int | None]:
    return {name: _safe(value) for name, value in zip(edges.names, values.tolist(), strict=True)}


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _safe(value: float) -> float | None:
    return None if math.isnan(value) else value
