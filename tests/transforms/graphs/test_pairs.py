"""Range and mutual neighbours of arbitrary pairs, on one graph and on a sliding window."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exploring import examples
from tests.reference import graphs as reference
from transforms.graphs.asof import Questions, Spans, TimedEdges, spans_as_of
from transforms.graphs.csr import build_graph
from transforms.graphs.spans import pair_spans

NAMES = "abcdefgh"
node = st.integers(0, len(NAMES) - 1)
contacts_of = st.lists(st.tuples(node, node, st.integers(0, 30)), max_size=40)
questions_of = st.lists(st.tuples(node, node, st.integers(0, 40)).filter(lambda q: q[0] != q[1]), max_size=12)


@given(st.lists(st.tuples(node, node), max_size=25))
@examples(200)
def test_every_pair_of_a_graph(edges: list[tuple[int, int]]) -> None:
    graph = build_graph([i for i, _ in edges], [j for _, j in edges], len(NAMES))
    plain = reference.undirected((NAMES[i], NAMES[j], 1.0) for i, j in edges)
    left, right = (ends.ravel() for ends in np.indices((len(NAMES), len(NAMES))))
    mutual, span = pair_spans(graph, left, right)
    for i, j, m, distance in zip(left, right, mutual, span, strict=True):
        if i != j:
            assert m == reference.mutual(plain, NAMES[i], NAMES[j])
            assert distance == reference.span(plain, NAMES[i], NAMES[j])
            assert (distance == 2) == (m > 0)


def test_long_detours_are_exact() -> None:
    ring = np.arange(1001)
    graph = build_graph(ring, np.roll(ring, -1), 1001)
    _, span = pair_spans(graph, [0, 0, 0], [1, 500, 2])
    assert span.tolist() == [1000, 500, 2]


def test_who_is_not_in_the_graph_is_infinitely_far() -> None:
    graph = build_graph([0], [1], 3)
    mutual, span = pair_spans(graph, [0, 0, -1], [2, 7, 0])
    assert mutual.tolist() == [0, 0, 0]
    assert span.tolist() == [math.inf] * 3


def test_random_graph_with_hubs_agrees_with_networkx() -> None:
    plain = nx.barabasi_albert_graph(300, 2, seed=4)
    edges = np.array(plain.edges)
    generator = np.random.default_rng(8)
    left, right = generator.choice(300, size=(400, 2), replace=True).T
    left, right = left[left != right], right[left != right]
    left, right = np.r_[left, edges[:100, 1]], np.r_[right, edges[:100, 0]]
    named = nx.relabel_nodes(plain, {i: str(i) for i in plain})
    _, span = pair_spans(build_graph(edges[:, 0], edges[:, 1], 300), left, right)
    assert span.tolist() == [reference.span(named, str(i), str(j)) for i, j in zip(left, right, strict=True)]


def ask(contacts: list[tuple[int, int, int]], questions: list[tuple[int, int, int]], window: int) -> Spans:
    columns = ([row[i] for row in contacts] for i in range(3))
    asked = ([row[i] for row in questions] for i in range(3))
    return spans_as_of(TimedEdges(*columns), len(NAMES), Questions(*asked), window)


@given(contacts_of, questions_of, st.integers(1, 20))
@examples(300)
def test_sliding_window_is_a_graph_built_anew_for_every_question(
    contacts: list[tuple[int, int, int]], questions: list[tuple[int, int, int]], window: int
) -> None:
    found = ask(contacts, questions, window)
    named = [(NAMES[i], NAMES[j], time) for i, j, time in contacts]
    for row, (left, right, at) in enumerate(questions):
        graph = reference.graph_as_of(named, at, window)
        i, j = NAMES[left], NAMES[right]
        tied = graph.has_edge(i, j)
        overlap = reference.overlap(graph, i, j) if tied else None
        assert found.tied[row] == tied
        assert found.degree_left[row] == (graph.degree(i) if i in graph else 0)
        assert found.degree_right[row] == (graph.degree(j) if j in graph else 0)
        assert found.mutual[row] == reference.mutual(graph, i, j)
        assert found.range[row] == reference.span(graph, i, j)
        assert found.overlap[row] == (pytest.approx(math.nan, nan_ok=True) if overlap is None else overlap)


@given(contacts_of, questions_of, st.data())
@examples(100)
def test_nothing_at_or_after_the_moment_counts(
    contacts: list[tuple[int, int, int]], questions: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    horizon = min((at for *_, at in questions), default=0)
    later = data.draw(st.lists(st.tuples(node, node, st.integers(horizon, 60)), max_size=20))
    first = [q for q in questions if q[2] == horizon]
    before, after = ask(contacts, first, 20), ask(contacts + later, first, 20)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_both_ends_of_the_window() -> None:
    questions = [(0, 1, 100), (0, 1, 110), (0, 1, 111)]
    assert ask([(0, 1, 100)], questions, 10).tied.tolist() == [False, True, False]


def test_somebody_unknown_to_the_graph_has_no_tie() -> None:
    found = ask([(0, 1, 5), (1, 2, 5)], [(0, -1, 10), (0, 2, 10)], 10)
    assert found.range.tolist() == [math.inf, 2.0]
    assert found.degree_right.tolist() == [0, 1]
    assert np.isnan(found.overlap).all()
