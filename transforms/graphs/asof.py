"""Span of pairs on the graph of a moving window: each pair is asked at its own moment, the graph slides along.

A call's prior graph holds the contacts of [t - window, t). Building it anew for every call would cost the whole
history each time; here every contact enters once and leaves once, whatever the number of calls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transforms.graphs.csr import build_graph
from transforms.graphs.jit import Floats, Longs
from transforms.graphs.search import pairs_on_window
from transforms.graphs.triangles import overlap


class TimedEdges(NamedTuple):
    """One entry a contact: who, towards whom (node numbers), and when (any integer clock, such as microseconds)."""

    source: ArrayLike
    target: ArrayLike
    time: ArrayLike


class Questions(NamedTuple):
    """One entry a pair: two node numbers (-1: not a node of any graph) and the moment they are asked at."""

    left: ArrayLike
    right: ArrayLike
    at: ArrayLike


class Spans(NamedTuple):
    """Answers in the order of the questions.

    `tied`: a contact in the window; `degree_left`, `degree_right`: neighbours in the window; `mutual`: M;
    `overlap`: O, NaN without a tie or where undefined; `range`: distance without the own tie, infinite if none.
    """

    tied: NDArray[np.bool_]
    degree_left: Longs
    degree_right: Longs
    mutual: Longs
    overlap: Floats
    range: Floats


def spans_as_of(contacts: TimedEdges, nodes: int, questions: Questions, window: int) -> Spans:
    """Tie, mutual neighbours, overlap and range of every pair on the contacts of [at - window, at).

    `window` is in the clock of the times. A contact at exactly ``at - window`` counts, one at ``at`` does not.
    Contacts of a node with itself are ignored. The order of contacts and questions does not matter.
    """
    source, target, time = (np.asarray(part, dtype=np.int64) for part in contacts)
    left, right, at = (np.asarray(part, dtype=np.int64) for part in questions)
    graph = build_graph(source, target, nodes)
    by_time = np.flatnonzero(source != target)
    by_time = by_time[np.argsort(time[by_time])]
    edge = _edge_of(source[by_time], target[by_time], nodes)
    asked = np.argsort(at)
    rows = (graph.start, graph.neighbour, graph.edge, graph.low, graph.high)
    found = pairs_on_window(*rows, edge, time[by_time], left, right, at, asked, window)
    tied, degree_left, degree_right, mutual, span = found
    shared = np.where(tied, overlap(mutual, degree_left, degree_right), np.nan)
    return Spans(tied, degree_left, degree_right, mutual, shared, span)


def _edge_of(source: Longs, target: Longs, nodes: int) -> Longs:
    """Edge number of every contact: the graph numbers its edges by (low, high), so one sort tells."""
    keys = np.minimum(source, target) * nodes + np.maximum(source, target)
    order = np.argsort(keys)
    ascending = keys[order]
    number = np.empty(len(keys), np.int64)
    number[order] = np.cumsum(np.diff(ascending, prepend=ascending[:1]) > 0)
    return number
