"""Wilson's interval and the place of a value among null draws, against numbers worked elsewhere."""

import numpy as np
import pytest
from scipy.stats import binomtest

from transforms.indicators.intervals import against_draws, wilson


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (0, 10), (8, 10), (10, 10), (37, 400)])
def test_wilson_equals_scipy(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_nothing_is_unknown() -> None:
    assert wilson(0, 0) == (None, None)


def test_z_and_p_by_hand() -> None:
    draws = np.array([1.0, 2.0, 3.0, np.nan])
    z, p = against_draws(3.0, draws)
    assert z == pytest.approx(1.0)
    assert p == pytest.approx((1 + 1) / (3 + 1))


def test_z_is_null_when_the_null_model_cannot_vary() -> None:
    assert against_draws(0.3, np.full(99, 0.1 + 0.2)) == (None, 1.0)


def test_an_undefined_value_has_no_test() -> None:
    assert against_draws(None, np.arange(9.0)) == (None, None)
