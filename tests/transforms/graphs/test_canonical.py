"""The order of nodes follows from what is in the graph, whatever the nodes are called."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exploring import examples
from transforms.graphs.canonical import canonical_order, matrix_order

Arcs = list[tuple[int, int, int]]


def seen(nodes: int, edges: Arcs, names: list[int]) -> Arcs:
    """The edges in the numbers of the canonical order, when node i is called ``names[i]``."""
    tail = np.array([names[a] for a, _, _ in edges], dtype=np.int64)
    head = np.array([names[b] for _, b, _ in edges], dtype=np.int64)
    mark = np.array([m for _, _, m in edges], dtype=np.int64)
    order = canonical_order(nodes, np.r_[tail, head], np.r_[head, tail], np.r_[2 * mark, 2 * mark + 1])
    place = np.argsort(order)
    return sorted((int(place[a]), int(place[b]), int(m)) for a, b, m in zip(tail, head, mark, strict=True))


@examples(150)
@given(
    edges=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 2)), max_size=20),
    names=st.permutations(range(9)),
)
def test_another_naming_gives_the_same_graph(edges: Arcs, names: list[int]) -> None:
    assert seen(9, edges, list(names)) == seen(9, edges, list(range(9)))


@pytest.mark.parametrize(
    "graph",
    [nx.cycle_graph(12), nx.star_graph(6), nx.petersen_graph(), nx.balanced_tree(2, 3), nx.hypercube_graph(3),
     nx.disjoint_union_all([nx.cycle_graph(3), nx.cycle_graph(6), nx.cycle_graph(3), nx.path_graph(3)])],
)  # fmt: skip
def test_symmetric_graphs(graph: nx.Graph) -> None:
    plain = nx.convert_node_labels_to_integers(graph)
    edges = [(min(pair), max(pair), 0) for pair in plain.edges]
    dice = np.random.default_rng(3)
    undirected = {tuple(sorted(pair[:2])) for pair in seen(len(plain), edges, list(range(len(plain))))}
    assert len(undirected) == len(edges)
    for _ in range(5):
        found = seen(len(plain), edges, dice.permutation(len(plain)).tolist())
        assert found == seen(len(plain), edges, list(range(len(plain))))


@examples(60)
@given(data=st.data())
def test_a_matrix_is_put_in_an_order_of_its_own(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 5))
    cells = data.draw(st.lists(st.integers(0, 2), min_size=rows * columns, max_size=rows * columns))
    matrix = np.array(cells, dtype=np.int64).reshape(rows, columns)
    other = matrix[data.draw(st.permutations(range(rows)))][:, data.draw(st.permutations(range(columns)))]
    one, two = (each[np.ix_(*matrix_order(each))] for each in (matrix, other.reshape(rows, columns)))
    assert one.tolist() == two.tolist()


def test_nodes_without_contacts_are_alike() -> None:
    nothing = np.zeros(0, np.int64)
    assert sorted(canonical_order(3, nothing, nothing, nothing)) == [0, 1, 2]
    assert canonical_order(0, nothing, nothing, nothing).tolist() == []
    assert canonical_order(3, nothing, nothing, nothing, np.array([2, 0, 1])).tolist() == [1, 2, 0]
