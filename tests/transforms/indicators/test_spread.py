"""Concentration and diversity by hand."""

import numpy as np
import pytest

from transforms.indicators.spread import effective_number, gini, rarefied_richness, top_share


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([2, 2, 2], 0), ([1, 1, 4], 0.5), ([1, 3], 0.5), ([1, 1, 1, 7], 0.6), ([0, 0, 1, 1, 4], 0.5)],
)
def test_gini(counts: list[float], expected: float) -> None:
    assert gini(np.array(counts, float)) == pytest.approx(expected)


def test_gini_is_null_for_fewer_than_two_accounts() -> None:
    assert np.isnan(gini(np.array([[3.0, 0], [0, 0]]))).all()


def test_top_share() -> None:
    assert top_share(np.array([1.0, 1, 1, 1, 1, 1, 4])) == pytest.approx(0.8)
    assert top_share(np.array([2.0, 1])) == 1
    assert np.isnan(top_share(np.array([0.0, 0])))


def test_effective_number_counts_equal_groups() -> None:
    assert effective_number(np.array([3.0, 3, 3, 0])) == pytest.approx(3)
    assert effective_number(np.array([1.0, 3])) == pytest.approx(4 / 3**0.75)
    assert np.isnan(effective_number(np.zeros(3)))


def test_rarefied_richness() -> None:
    # Two groups of 2 and 1, two cases drawn: both groups are met unless the pair of the first is drawn (1 in 3).
    assert rarefied_richness(np.array([2.0, 1]), 2) == pytest.approx(2 - 1 / 3)
    assert rarefied_richness(np.array([2.0, 1]), 4) is None
    assert rarefied_richness(np.ones(30), 20) == pytest.approx(20)
