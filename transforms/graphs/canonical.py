"""An order of nodes by what happened to them, not by their names, which are pseudonyms and change with the key.

Colour refinement (Weisfeiler & Leman 1968; sums of mixed 64-bit words stand for multisets of neighbours) tells nodes
apart by their surroundings at any distance. The nodes it leaves alike are ordered one by one: in each connected part of
them one is put first, and the rest refined again. Where exchanging two nodes leaves the graph as it is, either may come
first, since nothing in the graph tells the two orders apart. Refinement cannot see through strongly regular parts;
there the numbering would decide, but contacts with times do not make such parts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from transforms.graphs.jit import Longs

MOST_STEPS = 200
"""Steps of refinement, and choices, after which what is still alike goes by number: graphs of no content at all."""

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]


def canonical_order(nodes: int, tail: Longs, head: Longs, mark: Longs, colour: Longs | None = None) -> Longs:
    """The nodes ``0 .. nodes - 1`` in an order that does not depend on their numbers.

    `tail`, `head`, `mark`: arcs, as seen from `tail`, and what each says (any integers; an undirected edge comes from
    both ends). `colour`: what is known of each node beforehand (any integers); smaller ones come first. The order of
    arcs does not matter.
    """
    order = np.argsort(tail, kind="stable")
    arcs = tail[order], head[order], _mixed(mark[order].astype(np.uint64))
    found = _refined(_dense(np.zeros(nodes, np.int64) if colour is None else colour), arcs)
    part = np.zeros(nodes, np.int64)
    for _ in range(MOST_STEPS):
        if not _alike(part, found).any():
            break
        part = _split(part, _alike(part, found), arcs)
        first = _one_of_each(part, found, _alike(part, found))
        if len(first):
            chosen = np.ones(nodes, np.int64)
            chosen[first] = 0
            found = _refined(_dense(2 * found + chosen), arcs)
    return np.lexsort((part, found))


def matrix_order(matrix: NDArray[np.integer]) -> tuple[Longs, Longs]:
    """Orders of the rows and of the columns of a matrix that its entries alone decide."""
    rows, columns = matrix.shape
    row, column = np.nonzero(matrix)
    mark, other = matrix[row, column].astype(np.int64), rows + column
    kind = np.repeat([0, 1], [rows, columns])
    order = canonical_order(rows + columns, np.r_[row, other], np.r_[other, row], np.r_[mark, mark], kind)
    return order[:rows], order[rows:] - rows


def _refined(colour: Longs, arcs: tuple[Longs, Longs, Words]) -> Longs:
    """Split colours by the colours of neighbours until that splits nothing more."""
    tail, head, mark = arcs
    here = np.flatnonzero(np.diff(tail, prepend=-1))
    for _ in range(MOST_STEPS if len(tail) else 0):
        word = np.zeros(len(colour), np.uint64)
        word[tail[here]] = np.add.reduceat(_mixed(mark + colour[head].astype(np.uint64)), here)
        finer = _ranked(colour, word)
        if finer.max() == colour.max():
            break
        colour = finer
    return colour


def _mixed(words: Words) -> Words:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014): near words become far ones; overflow is meant."""
    words = (words + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def _dense(values: Longs) -> Longs:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _ranked(first: Longs, second: Longs | Words) -> Longs:
    """Dense ranks of pairs, by the first, then by the second."""
    order = np.lexsort((second, first))
    changed = (np.diff(first[order], prepend=-1) != 0) | np.r_[False, second[order][1:] != second[order][:-1]]
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.cumsum(changed) - 1
    return ranks


def _alike(part: Longs, colour: Longs) -> Flags:
    """Which nodes are not alone in their part with their colour."""
    pair = _ranked(part, colour)
    return (np.bincount(pair) > 1)[pair]


def _split(part: Longs, open_: Flags, arcs: tuple[Longs, Longs, Words]) -> Longs:
    """Parts cut further, into the connected components of their open nodes; the others settle in their part."""
    tail, head, _ = arcs
    inside = open_[tail] & open_[head]
    ends = tail[inside], head[inside]
    graph = csr_array((np.ones(len(ends[0]), np.int8), ends), (len(part), len(part)))
    component = connected_components(graph, directed=False)[1].astype(np.int64)
    return _ranked(part, np.where(open_, component, -1))


def _one_of_each(part: Longs, colour: Longs, open_: Flags) -> Longs:
    """Of each part with open nodes, one of its first open colour."""
    rows = np.flatnonzero(open_)
    rows = rows[np.lexsort((colour[rows], part[rows]))]
    return rows[np.flatnonzero(np.diff(part[rows], prepend=-1))]
