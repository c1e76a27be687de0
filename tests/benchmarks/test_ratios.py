"""The harness itself: ratios, exponents, and memory of a process of its own."""

from __future__ import annotations

import math

import pytest

from benchmarks.ratios import Contest, alone, contest, growth_exponent


def test_ratio_is_against_the_fastest_rival_named() -> None:
    found = Contest({"passerelle": 2.0, "networkit": 1.0, "other": 4.0})
    assert found.ratio() == 2
    assert found.ratio("other") == 0.5
    assert math.isnan(found.ratio("networkx"))


def test_contenders_take_turns() -> None:
    said: list[str] = []
    found = contest({"passerelle": lambda: said.append("p"), "other": lambda: said.append("o")}, rounds=2)
    assert "".join(said) == "popopo"
    assert set(found.seconds) == {"passerelle", "other"}


def test_growth_exponent() -> None:
    assert growth_exponent([10, 100, 1000], [2e-3, 2e-1, 20]) == pytest.approx(2)


def test_peak_memory_is_that_of_the_function() -> None:
    small, large = (alone("tests.benchmarks.test_ratios:hold", size) for size in (1, 200))
    assert large.answer == 200
    assert 150 < large.peak_mib - small.peak_mib < 400


def hold(mebibytes: int) -> int:
    return len(bytearray(b"x") * (mebibytes << 20)) >> 20
