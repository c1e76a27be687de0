"""How many nobody saw: against published figures, and against worlds whose size is known."""

from __future__ import annotations

from math import comb, isclose

import numpy as np
import pytest

from transforms.collection.recapture import Recapture, chao, chapman, recapture


def lists(world: int, shares: list[float], seed: int) -> list[set[int]]:
    draw = np.random.default_rng(seed)
    return [set(np.flatnonzero(draw.random(world) < share).tolist()) for share in shares]


def test_chapman_is_the_mean_of_what_two_draws_without_order_leave() -> None:
    """Unbiased where the lists together are as long as the world (Chapman 1951): summed over every overlap."""
    world, first, second = 40, 25, 22
    ways = {both: comb(first, both) * comb(world - first, second - both) for both in range(second + 1)}
    total = sum(ways.values())
    mean = sum((chapman(first, second, both)[0] + first + second - both) * n for both, n in ways.items()) / total
    assert isclose(mean, world, rel_tol=1e-6)


def test_seber_and_chao_by_hand() -> None:
    missed, variance = chapman(200, 150, 50)
    assert isclose(missed + 300, 201 * 151 / 51 - 1)
    assert isclose(variance, 201 * 151 * 150 * 100 / (51**2 * 52))
    missed, variance = chao([3, 4, 3], 4)
    assert isclose(missed, (100 - 34) / 2 / 5)
    assert isclose(variance, 6.6 + (3 * 7**2 + 4 * 6**2 + 3 * 7**2) / 25 + 4 * (6.6 / 5) ** 2)
    assert chao([0, 0, 0], 9) == chao([5, 0, 0], 9) == (0.0, 0.0)
    assert chao([150, 100], 50)[0] == pytest.approx(chapman(200, 150, 50)[0]), "of two lists it is Chapman's"
    assert chao([1500, 1000], 500)[1] == pytest.approx(chapman(2000, 1500, 500)[1], rel=0.01)


@pytest.mark.parametrize("shares", [[0.7, 0.6], [0.95, 0.3], [0.5, 0.5, 0.4], [0.8, 0.3, 0.2], [0.6, 0.5, 0.4, 0.3]])
def test_the_interval_holds_the_true_size_as_often_as_it_says(shares: list[float]) -> None:
    found = [recapture(lists(400, shares, seed)) for seed in range(600)]
    held = np.mean([one.low <= 400 <= one.high for one in found])  # type: ignore[operator]
    assert 0.92 <= held <= 0.99
    assert np.mean([one.total for one in found]) == pytest.approx(400, rel=0.02)


def test_what_differs_in_how_likely_it_is_seen_is_told_as_too_few_never_as_too_many() -> None:
    draw = np.random.default_rng(1)
    likely = draw.beta(1, 1, 5_000)
    for number in (2, 3, 5):
        seen = [set(np.flatnonzero(draw.random(5_000) < likely).tolist()) for _ in range(number)]
        found = recapture(seen)
        assert found.seen < (found.total or 0) < 5_000


def test_what_cannot_be_known_says_why() -> None:
    assert recapture([]) == Recapture(0, 0, reason="one_list")
    assert recapture([{1, 2}], known=3) == Recapture(1, 5, reason="one_list")
    assert recapture([set(range(6)), set(range(6))]).reason == "little_overlap"
    assert recapture([set(range(90)), set(range(100, 190))]).reason == "little_overlap"


def test_lists_that_hold_the_same_leave_nothing_unseen_and_what_is_known_stands_beside() -> None:
    same = recapture([set(range(50))] * 2, known=7)
    assert (same.seen, same.total, same.low, same.high) == (57, 57, 57, 57)
    part = recapture([set(range(50)), set(range(20))], known=7)
    assert (part.total, part.low) == (57, 57), "one list holds the other"
    cut = recapture([set(range(50)), set(range(30, 60))], known=7)
    assert cut.seen == 67
    assert cut.low is not None
    assert cut.total is not None
    assert cut.high is not None
    assert 67 <= cut.low < cut.total < cut.high
