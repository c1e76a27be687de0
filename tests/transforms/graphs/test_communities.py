"""Communities are the same on every run, and keep their names from week to week."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest

from transforms.graphs.communities import CommunityNames, find_communities, name_communities
from transforms.graphs.csr import Graph, build_graph


def planted(groups: int, seed: int) -> tuple[Graph, list[int]]:
    plain = nx.planted_partition_graph(groups, 20, 0.5, 0.02, seed=seed)
    edges = np.array(plain.edges)
    return build_graph(edges[:, 0], edges[:, 1], 20 * groups), [i // 20 for i in range(20 * groups)]


def test_planted_groups_are_found() -> None:
    graph, truth = planted(4, 1)
    found = find_communities(graph)
    pairs = set(zip(found.member.tolist(), truth, strict=True))
    assert found.count == 4
    assert len(pairs) == 4


def test_two_runs_agree_whatever_the_state_of_the_generator() -> None:
    edges = np.array(nx.barabasi_albert_graph(200, 2, seed=3).edges)
    graph = build_graph(edges[:, 0], edges[:, 1], 200)
    random.seed(1)
    one = find_communities(graph, seeds=5)
    random.seed(2)
    np.random.seed(2)
    other = find_communities(graph, seeds=5)
    assert one.member.tolist() == other.member.tolist()
    assert (one.lowest, one.highest) == (other.lowest, other.highest)
    assert one.lowest < one.highest


def test_modularity_is_that_of_the_partition() -> None:
    graph, _ = planted(3, 2)
    plain = nx.Graph(list(zip(graph.low.tolist(), graph.high.tolist(), strict=True)))
    found = find_communities(graph, seeds=3)
    groups = [{i for i in plain if found.member[i] == number} for number in range(found.count)]
    assert found.modularity == pytest.approx(nx.community.modularity(plain, groups))
    assert [len(g) for g in groups] == sorted((len(g) for g in groups), reverse=True)


def test_weights_decide_where_ties_do_not() -> None:
    square = build_graph([0, 1, 2, 3], [1, 2, 3, 0], 4)
    heavy = np.array([9.0 if (i, j) in ((0, 1), (2, 3)) else 1.0 for i, j in zip(square.low, square.high, strict=True)])
    member = find_communities(square, heavy).member
    assert member[0] == member[1] != member[2] == member[3]


def test_isolates_belong_nowhere() -> None:
    assert find_communities(build_graph([0], [1], 3)).member.tolist() == [0, 0, -1]
    assert find_communities(build_graph([], [], 2)).member.tolist() == [-1, -1]


def week(**groups: str) -> dict[str, int]:
    """``week(c0="abc")``: a, b and c are in community 0."""
    return {person: int(name[1:]) for name, people in groups.items() for person in people}


def test_a_name_follows_its_people() -> None:
    names, known = name_communities(week(c0="abcd", c1="efg"), CommunityNames({}))
    assert names == {0: 1, 1: 2}
    names, known = name_communities(week(c0="efgh", c1="abc"), known)
    assert names == {0: 2, 1: 1}
    names, _ = name_communities(week(c0="xyz", c1="abcq"), known)
    assert names == {0: 3, 1: 1}


def test_a_name_survives_a_silent_week() -> None:
    _, known = name_communities(week(c0="abcd", c1="efg"), CommunityNames({}))
    _, known = name_communities(week(c0="abcd"), known)
    names, _ = name_communities(week(c0="efg", c1="abcd"), known)
    assert names == {0: 2, 1: 1}


def test_in_a_split_the_closer_part_keeps_the_name() -> None:
    _, known = name_communities(week(c0="abcdefg"), CommunityNames({}))
    names, _ = name_communities(week(c0="abc", c1="defg"), known)
    assert names == {1: 1, 0: 2}


def test_a_name_is_never_used_twice() -> None:
    _, known = name_communities(week(c0="abcdef", c1="gh"), CommunityNames({}))
    _, known = name_communities(week(c0="abcdefgh"), known)
    names, _ = name_communities(week(c0="abcdefgh", c1="xyz"), known)
    assert names == {0: 1, 1: 3}


def test_who_is_in_no_community_keeps_the_last_one_for_later() -> None:
    _, known = name_communities(week(c0="abcd"), CommunityNames({}))
    names, known = name_communities({"a": -1, "b": -1, "x": 0, "y": 0}, known)
    assert names == {0: 2}
    names, _ = name_communities(week(c0="abcd"), known)
    assert names == {0: 1}
