"""The place of a value among null draws, against numbers worked by hand."""

import numpy as np
import pytest

from transforms.indicators.significance import against_draws


def test_z_and_p_by_hand() -> None:
    draws = np.array([1.0, 2.0, 3.0, np.nan])
    z, p = against_draws(3.0, draws)
    assert z == pytest.approx(1.0)
    assert p == pytest.approx((1 + 1) / (3 + 1))


def test_z_is_null_when_the_null_model_cannot_vary() -> None:
    assert against_draws(0.3, np.full(99, 0.1 + 0.2)) == (None, 1.0)


def test_an_undefined_value_has_no_test() -> None:
    assert against_draws(None, np.arange(9.0)) == (None, None)
