"""The null model of topology keeps degrees, forgets the rest, and says when it is not used."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest

from transforms.graphs import rewiring
from transforms.graphs.csr import Graph, build_graph
from transforms.graphs.rewiring import against_null, rewired, topology_against_null


def graph_of(plain: nx.Graph) -> Graph:
    edges = np.array(plain.edges)
    return build_graph(edges[:, 0], edges[:, 1], len(plain))


def test_degrees_stay_and_the_graph_stays_simple() -> None:
    graph = graph_of(nx.barabasi_albert_graph(150, 3, seed=1))
    for draw in rewired(graph, draws=20, seed=5):
        assert draw.degree.tolist() == graph.degree.tolist()
        assert (draw.edges, draw.self_loops, draw.multi_edges) == (graph.edges, 0, 0)


def test_draws_are_fixed_by_the_seed() -> None:
    graph = graph_of(nx.karate_club_graph())
    one, other, third = ([draw.high.tolist() for draw in rewired(graph, draws=3, seed=seed)] for seed in (1, 1, 2))
    assert one == other != third


def test_every_graph_of_the_same_degrees_is_as_likely() -> None:
    """Degrees 2, 2, 2, 1, 1: six paths with ends 3 and 4, and the triangle beside the pair (3, 4)."""
    path = build_graph([3, 0, 1, 2], [0, 1, 2, 4], 5)
    seen = Counter(tuple(zip(d.low.tolist(), d.high.tolist(), strict=True)) for d in rewired(path, 7000, 9))
    assert len(seen) == 7
    expected = 1000
    chi_square = sum((count - expected) ** 2 / expected for count in seen.values())
    assert chi_square < 22.5  # 0.1 % point for 6 degrees of freedom


def test_clustered_ties_stand_out_and_random_ones_do_not() -> None:
    clustered = topology_against_null(graph_of(nx.watts_strogatz_graph(200, 6, 0.05, seed=2)), draws=50)
    at_random = topology_against_null(graph_of(nx.gnm_random_graph(200, 600, seed=2)), draws=50)
    assert isinstance(clustered, dict)
    assert isinstance(at_random, dict)
    assert clustered["mean_overlap"].p == pytest.approx(1 / 51)
    assert clustered["transitivity"].z is not None
    assert clustered["transitivity"].z > 20
    assert abs(at_random["transitivity"].z or 0) < 4


def test_a_star_cannot_be_rewired() -> None:
    found = topology_against_null(graph_of(nx.star_graph(5)), draws=9)
    assert isinstance(found, dict)
    assert found["mean_overlap"].z is None
    assert found["mean_overlap"].p == 1


def test_what_degrees_leave_undefined_is_absent() -> None:
    found = topology_against_null(build_graph([0, 2], [1, 3], 4), draws=5)
    assert isinstance(found, dict)
    assert set(found) == {"local_bridge_share"}


def test_large_graphs_are_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewiring, "MOST_EDGES", 10)
    assert topology_against_null(graph_of(nx.path_graph(20))) == (None, "more than 10 edges")


def test_p_counts_the_observed_graph_itself() -> None:
    found = against_null(3.0, np.array([1.0, 2.0, 3.0, 4.0]))
    assert found.p == pytest.approx(3 / 5)
    assert found.z == pytest.approx((3 - 2.5) / np.std([1, 2, 3, 4], ddof=1))
