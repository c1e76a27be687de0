"""The cluster bootstrap: right on what can be worked out, blind to the order of rows."""

import numpy as np
import pytest

from transforms.indicators.resampling import (
    expanded_interval,
    ratio_intervals,
    resampled_sums,
    seed_of,
    wider,
)
from transforms.proportions import Interval


def test_draws_keep_the_number_of_clusters() -> None:
    assert set(resampled_sums(np.ones((7, 1)), 500, 1)[:, 0]) == {7}


def test_spread_of_resampled_sums_is_that_of_the_clusters() -> None:
    sums = np.random.default_rng(5).exponential(size=(80, 1))
    drawn = resampled_sums(sums, 20_000, 3)[:, 0]
    assert drawn.mean() == pytest.approx(sums.sum(), rel=0.01)
    assert drawn.std() == pytest.approx(np.sqrt(80) * sums.std(), rel=0.03)


def test_large_samples_are_drawn_in_blocks_of_their_own_seed() -> None:
    drawn = resampled_sums(np.arange(30_000.0)[:, None], 300, 3)[:, 0]
    assert drawn.shape == (300,)
    assert len(set(drawn)) > 295


def test_a_ratio_of_like_clusters_does_not_vary() -> None:
    once = ratio_intervals(np.full((9, 1), 3.0), np.full((9, 1), 4.0), 99, 1)
    assert once == [(0.75, 0.75)]


def test_one_cluster_tells_nothing() -> None:
    assert ratio_intervals(np.ones((1, 1)), np.ones((1, 1)), 99, 1) == [(None, None)]


def test_the_wider_of_two_cuts() -> None:
    assert wider(Interval(0.2, 0.4), Interval(0.1, 0.5), Interval(None, None)) == (0.1, 0.5)
    assert wider(Interval(None, None)) == (None, None)


def test_small_samples_get_a_wider_interval_than_the_percentiles() -> None:
    draws = np.random.default_rng(2).normal(size=50_000)
    low, high = expanded_interval(draws, 10)
    # Student's t with 9 degrees of freedom, and n / (n - 1).
    assert (low, high) == pytest.approx((-2.262 * np.sqrt(10 / 9), 2.262 * np.sqrt(10 / 9)), abs=0.05)


def test_mostly_undefined_draws_give_no_interval() -> None:
    assert expanded_interval(np.array([0.1, np.nan, np.nan]), 9) == (None, None)


def test_seeds_differ_by_week_and_indicator() -> None:
    seeds = {seed_of(1, week, name) for week in range(50) for name in ("ties", "novelty")}
    assert len(seeds) == 100
