"""Brokers by rank, what is lost without them, and the measures of trees, on shapes drawn by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy.sparse import csr_array

from passerelle.campaign import Analysis
from tests.reference.campaigns import World, call, days, post, repost
from transforms.indicators import broker_ranks, cut_study
from transforms.indicators.brokers import _lost
from transforms.indicators.cascades import tree

FEW = Analysis(bootstrap_draws=200, null_draws=99)
# Pairs x brokers: the first broker has three pairs, two of them alone; the second has two, one alone.
CARRIED = csr_array(np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=float))


@pytest.mark.parametrize(("top", "expected"), [(1, 2 / 5), (2, 4 / 5), (3, 1), (5, 1)])
def test_share_lost_when_the_busiest_brokers_go(top: int, expected: float) -> None:
    assert _lost(np.ones((1, 5)), CARRIED, top)[0] == pytest.approx(expected)


def test_all_that_are_tied_with_the_last_go_too() -> None:
    tied = csr_array(np.array([[1, 0], [0, 1]], dtype=float))
    assert _lost(np.ones((1, 2)), tied, 1)[0] == 1


def test_brokers_by_rank() -> None:
    """Two calls: kim carries both on to a stranger, lou the first only, after kim, to a stranger of her own."""
    calls = [post(f"c{n}", f"b{n}", days(100 + n), tag=True) for n in range(2)]
    met = [("kim", "v0"), ("kim", "v1"), ("lou", "w0")]
    history = [post(f"h{n}", one, days(80), mentions=[other]) for n, (one, other) in enumerate(met)]
    acts = [(0, "kim", 1), (0, "lou", 2), (0, "v0", 3), (0, "w0", 4), (1, "kim", 1), (1, "v1", 2)]
    reposts = [
        repost(f"r{n}{who}", who, calls[n]["created_at"] + timedelta(hours=hour), calls[n]) for n, who, hour in acts
    ]
    world = World(posts=[*history, *calls, *reposts], labels=[call(one) for one in calls], analysis=FEW)
    rows = broker_ranks(cut_study(world.study()), "2026-W24").to_pylist()
    assert [(row["account_id"], row["pairs"], row["rank"]) for row in rows] == [("kim", 2, 1), ("lou", 1, 2)]
    # Without the first call lou has no pair; with the first call twice both have two: kim is never behind.
    assert [(row["rank_low"], row["rank_high"]) for row in rows] == [(1, 1), (1, 2)]
    assert broker_ranks(cut_study(world.study()), "2026-W40").num_rows == 0


def test_a_lone_call_is_a_tree_of_one() -> None:
    assert tree("c", [], []) == (1, 0, 1, 0.0)


def test_a_star_and_a_chain_of_the_same_size() -> None:
    assert tree("c", ["a", "b", "d"], ["c", "c", "c"]) == (4, 1, 3, pytest.approx(1.5))
    assert tree("c", ["a", "b", "d"], ["c", "a", "b"]) == (4, 3, 1, pytest.approx(10 / 6))


def test_what_hangs_on_nothing_is_left_out() -> None:
    assert tree("c", ["a", "x", "y"], ["c", "gone", "x"]) == (2, 1, 1, 1.0)
