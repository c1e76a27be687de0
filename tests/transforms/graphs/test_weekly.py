"""The week's graph: what Gephi and networkx read back, and the picture of help across communities."""

from __future__ import annotations

import io
import math
import random

import networkx as nx
import pyarrow as pa
import pytest

from transforms.graphs.footbridges import bridge_network
from transforms.graphs.weekly import to_gexf, to_graphml, week_graph

Acts = list[tuple[str, str, str]]
WEEK: Acts = [
    ("b", "a", "reply"),
    ("a", "b", "repost"),
    ("a", "b", "reply"),
    ("c", "a", "quote"),
    ("b", "c", "mention"),
    ("d", "c", "repost"),
    ("d", "d", "reply"),
]


def table(acts: Acts) -> pa.Table:
    source, target, kind = ([act[i] for act in acts] for i in range(3))
    return pa.table({"source_id": source, "target_id": target, "kind": kind})


@pytest.fixture
def graph() -> nx.DiGraph:
    return week_graph(table(WEEK), {"a": {"role": "organiser", "community": 1}, "d": {"community": None}})


def test_edges_count_acts_by_kind(graph: nx.DiGraph) -> None:
    assert list(graph.edges) == [("a", "b"), ("b", "a"), ("b", "c"), ("c", "a"), ("d", "c")]
    there = graph["a"]["b"]
    assert (there["weight"], there["reply"], there["repost"], there["quote"]) == (2, 1, 1, 0)
    assert (there["mutual"], there["overlap"], there["span"]) == (1, 1.0, 2.0)
    assert graph["d"]["c"]["span"] == math.inf


def test_nodes_carry_measures_and_what_is_known_of_people(graph: nx.DiGraph) -> None:
    assert graph.nodes["a"]["role"] == "organiser"
    assert [graph.nodes[node]["degree"] for node in "abcd"] == [2, 2, 3, 1]
    assert [graph.nodes[node]["core"] for node in "abcd"] == [2, 2, 2, 1]
    assert graph.nodes["d"]["constraint"] == pytest.approx(1)
    assert "community" not in graph.nodes["d"]


def test_a_lone_pair_has_no_overlap_attribute() -> None:
    lone = week_graph(table([("a", "b", "reply")]))
    assert "overlap" not in lone["a"]["b"]


@pytest.mark.parametrize(("write", "read"), [(to_gexf, nx.read_gexf), (to_graphml, nx.read_graphml)])
def test_files_are_read_back_with_infinite_spans(graph: nx.DiGraph, write, read) -> None:
    back = read(io.BytesIO(write(graph)))
    assert back.is_directed()
    assert dict(back.nodes["a"]) == {**graph.nodes["a"], **({"label": "a"} if write is to_gexf else {})}
    for source, target, attributes in graph.edges(data=True):
        found = dict(back[source][target])
        found.pop("id", None)
        assert found == attributes


@pytest.mark.parametrize("write", [to_gexf, to_graphml])
def test_files_are_the_same_bytes_in_any_order_of_rows(graph: nx.DiGraph, write) -> None:
    shuffled = WEEK.copy()
    random.Random(3).shuffle(shuffled)
    people = {"d": {"community": None}, "a": {"role": "organiser", "community": 1}}
    assert write(week_graph(table(shuffled), people)) == write(graph)
    assert b"lastmodified" not in write(graph)


def test_an_empty_week_is_an_empty_graph() -> None:
    empty = week_graph(table([("a", "a", "reply")]))
    assert len(empty) == 0
    assert len(nx.read_gexf(io.BytesIO(to_gexf(empty)))) == 0


def test_an_unknown_kind_of_act_is_refused() -> None:
    with pytest.raises(ValueError, match="like"):
        week_graph(table([("a", "b", "like")]))


def mobilisations(acts: list[tuple[str, str, str, str]]) -> pa.Table:
    names = ("account_id", "episode_id", "role", "tie_class")
    return pa.table({name: pa.array([act[i] for act in acts], pa.string()) for i, name in enumerate(names)})


EPISODES = pa.table({"episode_id": ["e1", "e2"], "beneficiary_id": ["a1", "b1"]})
COMMUNITY = {**{f"a{i}": 1 for i in range(5)}, **{f"b{i}": 2 for i in range(6)}, **{f"c{i}": 3 for i in range(4)}}


def test_help_between_communities_by_tie_class() -> None:
    acts = [
        ("b2", "e1", "person", "weak"),
        ("b3", "e1", "person", "weak"),
        ("b3", "e2", "person", "strong"),
        ("a2", "e2", "person", "new"),
        ("c1", "e1", "person", "weak"),
        ("stranger", "e1", "person", "new"),
        ("b4", "e1", "organiser", "strong"),
    ]
    found = bridge_network(mobilisations(acts), EPISODES, COMMUNITY)
    assert found.communities.to_pylist() == [
        {"community": 1, "num_people": 5},
        {"community": 2, "num_people": 6},
    ]
    assert [tuple(row.values()) for row in found.help.to_pylist()] == [
        (1, 2, "new", 1),
        (2, 1, "weak", 2),
        (2, 2, "strong", 1),
    ]
    assert found.num_outside == 2


def test_no_help_is_an_empty_picture() -> None:
    found = bridge_network(mobilisations([]), EPISODES, {})
    assert (found.communities.num_rows, found.help.num_rows, found.num_outside) == (0, 0, 0)


def test_an_episode_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="episode"):
        bridge_network(mobilisations([("a1", "e9", "person", "weak")]), EPISODES, COMMUNITY)
