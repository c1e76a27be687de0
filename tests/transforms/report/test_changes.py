"""The one word that may be said of a change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.report.changes import change, direction
from transforms.report.series import Estimate

shares = st.floats(0, 1)


@given(low=st.floats(-1, 1), width=st.floats(0, 1), margin=st.floats(0, 0.5))
def test_up_and_down_are_forbidden_when_the_interval_contains_nought(low: float, width: float, margin: float) -> None:
    high = low + width
    word = direction(low, high, margin)
    if low <= 0 <= high:
        assert word in ("stable", "inconclusive")
    else:
        assert word == ("up" if low > 0 else "down")


@given(now=st.tuples(shares, shares, shares), before=st.tuples(shares, shares, shares))
def test_swapping_the_weeks_turns_the_change_round(
    now: tuple[float, float, float], before: tuple[float, float, float]
) -> None:
    (l1, v1, u1), (l0, v0, u0) = sorted(now), sorted(before)
    one = change(Estimate(v1, l1, u1), Estimate(v0, l0, u0), 0.05)
    other = change(Estimate(v0, l0, u0), Estimate(v1, l1, u1), 0.05)
    assert one is not None
    assert other is not None
    assert one.low == pytest.approx(-other.high)
    assert one.low <= one.value <= one.high
    opposite = {"up": "down", "down": "up"}
    assert other.direction == opposite.get(one.direction, one.direction)


def test_with_wilson_intervals_it_is_newcombes_method_10() -> None:
    """Newcombe (1998), table II, comparison (a): 56/70 against 48/80."""
    found = change(Estimate(56 / 70, 0.6918, 0.8766), Estimate(48 / 80, 0.4904, 0.7004), 0.05)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-3)
    assert found.direction == "up"


@pytest.mark.parametrize(
    ("low", "high", "margin", "word"),
    [
        (0.01, 0.2, 0.05, "up"),
        (-0.2, -0.01, 0.05, "down"),
        (-0.04, 0.05, 0.05, "stable"),
        (-0.04, 0.06, 0.05, "inconclusive"),
        (0.0, 0.2, 0.05, "inconclusive"),
    ],
)
def test_words(low: float, high: float, margin: float, word: str) -> None:
    assert direction(low, high, margin) == word


def test_an_open_end_is_infinitely_far() -> None:
    found = change(Estimate(30.0, 12.0, None), Estimate(6.0, 4.0, 8.0), 1.5)
    assert found is not None
    assert found.high == float("inf")
    assert found.direction == "up"
    found = change(Estimate(6.0, 4.0, 8.0), Estimate(30.0, 12.0, None), 1.5)
    assert found is not None
    assert found.low == float("-inf")


def test_nothing_is_said_without_value_or_interval() -> None:
    known = Estimate(0.4, 0.3, 0.5)
    assert change(known, Estimate(), 0.05) is None
    assert change(Estimate(0.4), known, 0.05) is None
