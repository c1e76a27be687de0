"""Wilson's interval against the published example and scipy's."""

from __future__ import annotations

import pytest
from scipy.stats import binomtest

from transforms.proportions import wilson


@pytest.mark.parametrize(
    ("successes", "trials"), [(k, n) for n in (1, 2, 5, 13, 40, 400) for k in range(0, n + 1, 1 + n // 13)]
)
def test_wilson_equals_scipy(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_nothing_is_unknown() -> None:
    assert wilson(0, 0) == (None, None)


def test_wilson_agrees_with_the_published_example() -> None:
    """Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
