"""The kernels against networkx on random small graphs: loops, repeated rows, both directions, weights."""

from __future__ import annotations

import math
import random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exploring import examples
from tests.reference import graphs as reference
from transforms.graphs.measure import measure

NAMES = "abcdefghij"
rows = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([0.1, 0.5, 1.0, 2.0, 7.0])),
    max_size=40,
)
check = examples(150)


def measured(edges: list[reference.Row], directed: bool = False, weighted: bool = True) -> dict:
    source, target, weight = ([row[i] for row in edges] for i in range(3))
    return measure(source, target, weight if weighted else None, directed)


def same(found: dict[str, float | None], expected: dict[str, float]) -> bool:
    """Null stands for not-a-number; everything else agrees to rounding."""
    return found == {
        node: None if math.isnan(value) else pytest.approx(value, rel=1e-9, abs=1e-12)
        for node, value in expected.items()
    }


@given(rows)
@check
def test_overlap_and_spans_of_every_tie(edges: list[reference.Row]) -> None:
    graph, found = reference.undirected(edges), measured(edges)
    assert len(found["overlap"]["edges"]) == graph.number_of_edges()
    for edge in found["overlap"]["edges"]:
        i, j = edge["source"], edge["target"]
        assert edge["mutual"] == reference.mutual(graph, i, j)
        assert edge["overlap"] == reference.overlap(graph, i, j)
        assert edge["weight"] == pytest.approx(graph[i][j]["weight"])
    bridges = {frozenset((b["source"], b["target"])): float(b["span"]) for b in found["local_bridges"]}
    assert bridges == {frozenset((i, j)): span for i, j, span in nx.local_bridges(graph)}
    assert {frozenset(b) for b in found["bridges"]} == {frozenset(b) for b in nx.bridges(graph)}


@given(rows)
@check
def test_structural_holes_of_an_undirected_graph(edges: list[reference.Row]) -> None:
    graph, found = reference.undirected(edges), measured(edges)
    assert same(found["constraint"], reference.constraint(graph))
    assert same(found["effective_size"], reference.effective_size(graph))
    assert same(found["weighted"]["constraint"], reference.constraint(graph, "weight"))
    assert same(found["weighted"]["effective_size"], reference.effective_size(graph, "weight"))


@given(rows)
@check
def test_structural_holes_of_a_directed_graph(edges: list[reference.Row]) -> None:
    graph, found = reference.directed(edges), measured(edges, directed=True)
    assert same(found["constraint"], reference.constraint(graph))
    assert same(found["effective_size"], reference.effective_size(graph))
    assert same(found["weighted"]["constraint"], reference.constraint(graph, "weight"))
    assert same(found["weighted"]["effective_size"], reference.effective_size(graph, "weight"))
    if graph.number_of_edges():
        assert found["reciprocity"] == pytest.approx(nx.overall_reciprocity(graph))


@given(rows)
@check
def test_cores_components_clustering_degree(edges: list[reference.Row]) -> None:
    graph, found = reference.undirected(edges), measured(edges)
    assert found["degree"] == dict(graph.degree())
    assert found["core"] == nx.core_number(graph)
    assert found["counts"]["components"] == nx.number_connected_components(graph)
    assert (found["clustering"]["transitivity"] or 0) == pytest.approx(nx.transitivity(graph))
    if len(graph):
        assert found["clustering"]["mean_local"] == pytest.approx(nx.average_clustering(graph))


@given(rows, st.booleans(), st.randoms(use_true_random=False))
@check
def test_order_of_rows_changes_not_one_bit(edges: list[reference.Row], directed: bool, shuffler: random.Random) -> None:
    shuffled = edges.copy()
    shuffler.shuffle(shuffled)
    assert measured(edges, directed) == measured(shuffled, directed)


@given(rows, st.permutations(NAMES))
@check
def test_names_of_nodes_do_not_matter(edges: list[reference.Row], names: list[str]) -> None:
    new = dict(zip(NAMES, names, strict=True))
    found = measured(edges)
    renamed = measured([(new[i], new[j], w) for i, j, w in edges])
    for measure_name in ("constraint", "effective_size"):
        assert same(
            renamed[measure_name],
            {new[i]: math.nan if v is None else v for i, v in found[measure_name].items()},
        )
    spans = {frozenset((new[b["source"]], new[b["target"]])): b["span"] for b in found["local_bridges"]}
    assert spans == {frozenset((b["source"], b["target"])): b["span"] for b in renamed["local_bridges"]}


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.just(1.0)), max_size=12))
@examples(15)
def test_best_modularity_is_the_best_there_is(edges: list[reference.Row]) -> None:
    graph = reference.undirected(edges)
    found = measured(edges)["communities"]["modularity"]
    if graph.number_of_edges() == 0:
        assert found is None
    else:
        assert found == pytest.approx(reference.best_modularity(graph))
