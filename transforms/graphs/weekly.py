"""A week's graph as a public networkx object, and as files that Gephi opens."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.graphs.cores import core_numbers
from transforms.graphs.csr import Graph, build_graph
from transforms.graphs.holes import structural_holes
from transforms.graphs.jit import Longs
from transforms.graphs.spans import edge_spans
from transforms.graphs.triangles import edge_overlap, mutual_neighbours

KINDS = ("reply", "quote", "repost", "mention")


def week_graph(
    interactions: pa.Table,
    people: Mapping[str, Mapping[str, str | int | None]] | None = None,
) -> nx.DiGraph[str]:
    """The directed graph of `interactions` (rows of that table, already cut to a week or a window).

    Edge attributes: `weight` (interactions), one count for each kind (`reply`, `quote`, `repost`, `mention`), and
    for the undirected tie that the edge belongs to `mutual`, `overlap`, `span` (2, 3, ... or infinite). Node
    attributes: `degree` (alters), `core`, `constraint`, `effective_size`, and what `people` says of an account
    (such as its role or its community). What is undefined for a node or tie is absent from its attributes.
    Self-pairs are ignored. Nodes and edges are in order of name, whatever the order of the rows.
    """
    rows = _edge_rows(interactions)
    names = sorted({*rows["source_id"], *rows["target_id"]})
    number = pd.Index(names)
    source, target = (number.get_indexer(rows[end]) for end in ("source_id", "target_id"))
    ties = build_graph(source, target, len(names), rows["weight"])
    graph: nx.DiGraph[str] = nx.DiGraph()
    nodes = pd.DataFrame(_node_columns(ties), index=number)
    for name, attributes in zip(names, nodes.to_dict("records"), strict=True):
        graph.add_node(name, **_defined({**attributes, **(people or {}).get(name, {})}))
    spans = _tie_columns(ties, source, target)
    for columns, row in zip(rows.to_dict("records"), spans.to_dict("records"), strict=True):
        ends = columns.pop("source_id"), columns.pop("target_id")
        graph.add_edge(*ends, **_defined(columns | row))
    return graph


def _edge_rows(interactions: pa.Table) -> pd.DataFrame:
    """One row a directed edge, sorted: ends, weight, and a count for each kind."""
    frame = interactions.select(["source_id", "target_id", "kind"]).to_pandas()
    frame = frame[frame["source_id"] != frame["target_id"]]
    unknown = set(frame["kind"]) - set(KINDS)
    if unknown:
        raise ValueError(f"unknown kind of interaction: {sorted(unknown)}")
    for kind in KINDS:
        frame[kind] = (frame["kind"] == kind).astype(int)
    ends = ["source_id", "target_id"]
    rows: pd.DataFrame = frame.groupby(ends, as_index=False, sort=True)[list(KINDS)].sum()
    rows.insert(2, "weight", rows[list(KINDS)].sum(axis=1))
    return rows


def _node_columns(ties: Graph) -> dict[str, Any]:
    constraint, effective = structural_holes(ties, ties.weight)
    return {
        "degree": ties.degree,
        "core": core_numbers(ties),
        "constraint": constraint,
        "effective_size": effective,
    }


def _tie_columns(ties: Graph, source: Longs, target: Longs) -> pd.DataFrame:
    shared = mutual_neighbours(ties)
    keys = ties.low.astype(np.int64) * ties.nodes + ties.high
    tie = np.searchsorted(keys, np.minimum(source, target) * ties.nodes + np.maximum(source, target))
    overlap, span = edge_overlap(ties, shared), edge_spans(ties, shared)
    return pd.DataFrame({"mutual": shared[tie], "overlap": overlap[tie], "span": span[tie]})


def _defined(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    """Without nothing and NaN, which Gephi would draw as a value; infinity stays, it is one."""
    return {str(name): value for name, value in attributes.items() if value is not None and value == value}


def to_gexf(graph: nx.DiGraph[str]) -> bytes:
    """`graph` as GEXF 1.2, the same bytes for the same graph: the date networkx would write is left out."""
    text = "\n".join(nx.generate_gexf(graph))
    return re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1).encode()


def to_graphml(graph: nx.DiGraph[str]) -> bytes:
    """`graph` as GraphML, the same bytes for the same graph."""
    out = io.BytesIO()
    nx.write_graphml_xml(graph, out, encoding="utf-8", prettyprint=True)
    return out.getvalue()
