"""Values that two libraries agree on, and graphs small enough to count by hand."""

from __future__ import annotations

import json
import math

import networkx as nx
import pytest

from passerelle.errors import UsageError
from transforms.graphs.measure import measure


def of(edges: str, directed: bool = False) -> dict:
    """Measures of a graph written as ``"ab bc"``."""
    pairs = edges.split()
    return measure([p[0] for p in pairs], [p[1] for p in pairs], None, directed)


def of_networkx(graph: nx.Graph) -> dict:
    rows = [(str(i), str(j), float(data["weight"])) for i, j, data in graph.edges(data=True)]
    return measure(*(list(column) for column in zip(*rows, strict=True)), False)


@pytest.fixture(scope="module")
def karate() -> dict:
    return of_networkx(nx.karate_club_graph())


@pytest.fixture(scope="module")
def miserables() -> dict:
    return of_networkx(nx.les_miserables_graph())


def test_karate(karate: dict) -> None:
    assert karate["counts"]["nodes"] == 34
    assert karate["counts"]["edges"] == 78
    assert karate["bridges"] == [["0", "11"]]
    assert len(karate["local_bridges"]) == 11
    assert karate["overlap"]["mean"] == pytest.approx(0.17709, abs=5e-6)
    assert karate["constraint"]["0"] == pytest.approx(0.15542, abs=5e-6)
    assert karate["effective_size"]["0"] == pytest.approx(13.75)
    assert karate["communities"]["modularity"] == pytest.approx(0.41979, abs=5e-6)
    assert karate["communities"]["count"] == 4
    assert karate["weighted"]["spearman_weight_overlap"] == pytest.approx(0.449, abs=5e-4)


def test_les_miserables(miserables: dict) -> None:
    assert miserables["counts"]["edges"] == 254
    assert len(miserables["bridges"]) == 18
    assert len(miserables["local_bridges"]) == 22
    assert miserables["constraint"]["Valjean"] == pytest.approx(0.07060, abs=5e-6)
    assert ["Myriel", "Napoleon"] in miserables["bridges"]


@pytest.mark.parametrize("name", ["karate", "miserables"])
def test_the_range_of_modularity_is_below_the_best(name: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(name)["communities"]
    assert found["seeds"] >= 50
    assert found["lowest"] <= found["highest"] <= found["modularity"]


def test_a_lone_pair_has_no_overlap() -> None:
    found = of("ab")
    assert found["overlap"]["mean"] is None
    assert found["overlap"]["edges"][0]["overlap"] is None
    assert found["local_bridges"] == [{"source": "a", "target": "b", "span": "inf"}]


def test_a_leaf_on_a_hub_has_overlap_zero() -> None:
    assert [edge["overlap"] for edge in of("ha hb hc")["overlap"]["edges"]] == [0, 0, 0]


def test_triangle() -> None:
    found = of("ab bc ca")
    assert found["constraint"] == {"a": 1.125, "b": 1.125, "c": 1.125}
    assert found["effective_size"] == {"a": 1.0, "b": 1.0, "c": 1.0}
    assert [edge["overlap"] for edge in found["overlap"]["edges"]] == [1, 1, 1]
    assert found["local_bridges"] == []
    assert found["clustering"] == {"transitivity": 1.0, "mean_local": 1.0}


def test_spans_of_cycles() -> None:
    for length, names in ((4, "abcd"), (5, "abcde"), (6, "abcdef")):
        ring = " ".join(one + other for one, other in zip(names, names[1:] + names[0], strict=True))
        assert [bridge["span"] for bridge in of(ring)["local_bridges"]] == [length - 1] * length


def test_isolates_have_no_constraint() -> None:
    found = of("zz ab")
    assert found["counts"]["self_loops"] == 1
    assert found["counts"]["isolates"] == 1
    assert found["constraint"]["z"] is None
    assert found["effective_size"]["z"] is None
    assert found["communities"]["member"]["z"] is None


def test_reciprocity_counts_edges_that_are_answered() -> None:
    assert of("ab ba bc", directed=True)["reciprocity"] == pytest.approx(2 / 3)
    assert of("ab ba bc ab bb", directed=True)["reciprocity"] == pytest.approx(2 / 3)
    assert of("ab bc")["reciprocity"] is None
    assert of("aa", directed=True)["reciprocity"] is None


def test_repeated_rows_add_up() -> None:
    once = measure(["a", "b", "c"], ["b", "c", "a"], [3.0, 1.0, 2.0], False)
    again = measure(["a", "b", "a", "c", "b"], ["b", "a", "b", "a", "c"], [1.0, 1.0, 1.0, 2.0, 1.0], False)
    assert again["counts"].pop("multi_edges") == 2
    assert once["counts"].pop("multi_edges") == 0
    assert once == again


def test_a_directed_pair_is_repeated_only_in_the_same_direction() -> None:
    assert of("ab ba", directed=True)["counts"]["multi_edges"] == 0
    assert of("ab ba")["counts"]["multi_edges"] == 1
    assert of("ab ab ba", directed=True)["counts"]["multi_edges"] == 1


def test_no_edges_at_all() -> None:
    found = measure([], [], None, False)
    assert found["counts"]["nodes"] == 0
    assert found["communities"]["modularity"] is None


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_weight_that_is_no_positive_number_is_refused(weight: float) -> None:
    with pytest.raises(UsageError, match="row 2"):
        measure(["a", "b"], ["b", "c"], [1.0, weight], False)


def test_an_unnamed_node_is_refused() -> None:
    with pytest.raises(UsageError, match="row 1"):
        measure([""], ["b"], None, False)


def test_everything_is_json(karate: dict) -> None:
    json.dumps([karate, of("ab cd zz", directed=True)], allow_nan=False)
