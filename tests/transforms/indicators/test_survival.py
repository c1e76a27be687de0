"""Kaplan-Meier against published values, and against scipy's."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, binom, ecdf

from transforms.indicators.survival import kaplan_meier

# Weeks of remission under 6-MP (Freireich et al. 1963), the textbook example; the censored are named by place.
WEEKS = np.array([6.0, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35])
RELAPSED = ~np.isin(np.arange(21), [3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20])


def test_textbook_curve_with_its_log_log_interval() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)
    assert curve.hours.tolist() == [0, 6, 7, 10, 13, 16, 22, 23]
    assert curve.at_risk.tolist() == [21, 21, 17, 15, 12, 11, 7, 6]
    assert curve.survival == pytest.approx([1, 0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)
    assert curve.low[1:] == pytest.approx([0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=5e-5)
    assert curve.high[1:] == pytest.approx([0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=5e-5)
    assert curve.median == 23
    assert curve.median_interval == (13, None)


def test_median_interval_holds_the_median_as_often_as_a_count_allows() -> None:
    """Exact where nobody is lost: the k-th to the l-th hour hold the median if k to l - 1 of n happened before it."""
    held = {n: _median_coverage(n) for n in range(10, 201)}
    assert held[40] == pytest.approx(0.9404, abs=5e-5)
    assert (min(held.values()), max(held.values())) == pytest.approx((0.9340, 0.9775), abs=5e-5)
    assert np.mean(list(held.values())) == pytest.approx(0.9508, abs=5e-5)


def _median_coverage(n: int) -> float:
    low, high = kaplan_meier(np.arange(1.0, n + 1), np.ones(n, dtype=bool)).median_interval
    assert low is not None
    assert high is not None
    return float(binom.cdf(high - 1, n, 0.5) - binom.cdf(low - 1, n, 0.5))


def test_share_by_an_hour_counts_that_hour() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)
    assert curve.share_by(5.99) == 0
    assert curve.share_by(6) == pytest.approx(3 / 21)


def test_half_is_reached_at_exactly_one_half() -> None:
    assert kaplan_meier(np.array([1.0, 2, 3, 3, 3, 3]), np.array([True] * 3 + [False] * 3)).median == 3
    assert kaplan_meier(np.array([1.0, 2, 9, 9]), np.array([True, True, False, False])).median == 2


def test_median_is_null_when_most_never_answer() -> None:
    curve = kaplan_meier(np.array([1.0, 168, 168]), np.array([True, False, False]))
    assert (curve.median, curve.share_by(24)) == (None, pytest.approx(1 / 3))


def test_share_is_null_beyond_what_was_watched() -> None:
    curve = kaplan_meier(np.array([1.0, 5.0]), np.array([True, False]))
    assert (curve.share_by(5), curve.share_by(24)) == (0.5, None)


def test_an_answer_at_once_and_nobody_at_all() -> None:
    assert kaplan_meier(np.array([0.0, 4]), np.array([True, True])).survival.tolist() == [0.5, 0]
    nobody = kaplan_meier(np.array([]), np.array([], dtype=bool))
    assert (nobody.median, nobody.share_by(24), nobody.share_interval(24)) == (None, None, (None, None))


def test_share_interval_without_events_is_wilsons_on_those_still_watched() -> None:
    curve = kaplan_meier(np.array([3.0, *[168.0] * 10]), np.zeros(11, dtype=bool))
    assert curve.share_interval(24) == pytest.approx((0, 0.2775328), abs=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40).filter(
        lambda seen: any(happened for _, happened in seen)
    )
)
def test_it_is_the_curve_of_scipy(seen: list[tuple[int, bool]]) -> None:
    """Ties, losses at the hour of an event and curves that end at nought included."""
    hours, happened = np.array([float(hour) for hour, _ in seen]), np.array([fact for _, fact in seen])
    ours = kaplan_meier(hours, happened)
    theirs = ecdf(CensoredData.right_censored(hours, ~happened)).sf
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        ends = theirs.confidence_interval(method="log-log")
    moments = np.unique(hours[happened])
    at = np.searchsorted(ours.hours, moments)
    assert ours.survival[at] == pytest.approx(theirs.evaluate(moments), abs=1e-12)
    known = ours.survival[at] > 0
    for one, other in ((ours.low, ends.low), (ours.high, ends.high)):
        assert one[at][known] == pytest.approx(other.evaluate(moments)[known], abs=1e-12)
