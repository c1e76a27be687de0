"""Two-way intervals: worked by hand, by the shared examples, by two libraries, and on whatever rows there may be."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from linearmodels.iv import IV2SLS
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from tests.exploring import examples
from tests.reference import two_way as plain
from transforms.indicators.two_way import Cases, Spread, cases, interval, spread
from transforms.proportions import wilson

Rows = list[dict[str, Any]]
Measure = Callable[[dict[str, Any]], float]


def numbers(names: list[str]) -> np.ndarray:
    return np.unique(names, return_inverse=True)[1]


def cut(rows: Rows, above: Measure, below: Measure = lambda _: 1.0, **more: Any) -> Cases:
    sides = [numbers([row[side] for row in rows]) for side in ("e", "u")]
    return cases(np.array([float(above(r)) for r in rows]), np.array([float(below(r)) for r in rows]), sides, **more)


def answered(row: dict[str, Any]) -> float:
    return row["y"]


def known(sample: Cases) -> Spread:
    found = spread(sample)
    assert found is not None
    return found


SIX = [
    {"e": e, "u": u, "y": y}
    for e, u, y in [("1", "a", 1), ("1", "b", 0), ("2", "a", 1), ("2", "c", 1), ("3", "b", 0), ("3", "c", 1)]
]


def test_six_rows_by_hand() -> None:
    """Without episode 1, 2, 3: 3/4, 2/4, 3/4 of 4/6; without a, b, c: 1/2, 1, 1/2; V_R is (2/9) / 5."""
    found = known(cut(SIX, answered))
    assert found.sides == pytest.approx((1 / 36, 1 / 9))
    assert found.row == pytest.approx(2 / 45)
    assert found.together == pytest.approx(17 / 180)
    assert found.variance == pytest.approx(1 / 9)
    assert (found.clusters, found.effective, found.df, found.is_few) == ((3, 3), (3.0, 3.0), 2.0, True)
    # Wilson's of two cases with Student's quantile of two degrees of freedom, whose square is 2 (.95)^2 / (1 - .95^2)
    assert interval(cut(SIX, answered)) == pytest.approx((0.0438299, 0.9886701), abs=1e-6)


def test_all_alike_is_as_sure_as_there_are_clusters() -> None:
    rows = [{"e": e, "u": u} for e, u in ["1a", "1b", "2a", "3c"]]
    found = known(cut(rows, lambda _: 1))
    assert (found.variance, found.df) == (0.0, pytest.approx(5 / 3))
    assert interval(cut(rows, lambda _: 1)) == pytest.approx((0.0984209, 1.0), abs=1e-6)
    low, high = interval(cut(rows, lambda _: 0))
    assert (low, high) == (0.0, pytest.approx(1 - 0.0984209, abs=1e-6))


def test_one_cluster_on_either_side_tells_nothing() -> None:
    for rows in ([row for row in SIX if row["e"] == "1"], [row for row in SIX if row["u"] == "a"]):
        assert (spread(cut(rows, answered)), interval(cut(rows, answered))) == (None, (None, None))
    assert interval(cut([], answered)) == (None, None)


def test_what_does_not_count_makes_no_cluster() -> None:
    rows = [*SIX, *({"e": "4", "u": name, "y": 0, "x": 0} for name in "abcdefghij")]
    assert interval(cut(rows, answered, lambda row: row.get("x", 1))) == interval(cut(SIX, answered))


def test_people_alone() -> None:
    """Without a, b, c: as above; df from three persons."""
    found = known(cases(np.array([row["y"] for row in SIX], float), np.ones(6), [numbers(list("abacbc"))]))
    assert (found.sides, found.together) == (pytest.approx((1 / 9,)), pytest.approx(1 / 9))


def test_a_case_in_two_halves_is_one_case() -> None:
    whole = cases(np.array([1.0, 0, 1, 0]), np.ones(4), [np.arange(4)])
    parts = cases(
        np.array([0.5, 0.5, 0, 1, 0]),
        np.array([0.5, 0.5, 1, 1, 1]),
        [np.array([0, 4, 1, 2, 3])],
        case=np.array([0, 0, 1, 2, 3]),
    )
    assert known(parts).row == pytest.approx(known(whole).row)
    assert known(parts).variance == pytest.approx(1 / 12)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_mean_that_nothing_varies_is_not_certain(value: float) -> None:
    low, high = interval(cut(SIX, lambda _: value, is_proportion=False))
    assert (low, high) == interval(cut(SIX, lambda _: value))
    assert high - low > 0.5


def weakish(row: dict[str, Any]) -> float:
    return float(row["tie"] != "strong")


def test_the_shared_examples(shared_examples: dict[str, Any]) -> None:
    rows = shared_examples["rows"]
    answers, weak = [row for row in rows if row["y"]], [row for row in rows if row["tie"] == "weak"]
    never = (-math.inf, math.inf)
    samples = {
        "A1_share_of_weakish_among_answers": cut(answers, weakish),
        "A2_yield_weak": cut(weak, answered),
        "A5_ratio_not_a_proportion": cut(
            answers, lambda row: row["acts"] - 1, lambda row: row["acts"], is_proportion=False, limits=never
        ),
    }
    for name, sample in samples.items():
        expected, found = shared_examples[name], known(sample)
        got = {
            "value": sample.value,
            "n": len(sample.below),
            "episodes": found.clusters[0],
            "actors": found.clusters[1],
            "few": found.is_few,
            "V_episode": found.sides[0],
            "V_actor": found.sides[1],
            "V_row": found.row,
            "V": found.variance,
            "effective_episodes": found.effective[0],
            "effective_actors": found.effective[1],
            "df": found.df,
            "low": interval(sample).low,
            "high": interval(sample).high,
        }
        assert {key: expected[key] for key in got} == pytest.approx(got, abs=1e-6), name
        if sample.is_proportion:
            size = found.value * (1 - found.value) / found.variance
            assert size == pytest.approx(expected["n_effective"], abs=1e-6)
    alone = cut([row for row in answers if row["e"] == "e1"], weakish)
    assert (len(alone.below) > 0, *interval(alone)) == (True, None, None)


def crowd(seed: int) -> pd.DataFrame:
    """About 900 cases of 60 episodes and 80 persons, who both have tastes of their own."""
    dice = np.random.default_rng(seed)
    pairs = np.flatnonzero(dice.random(60 * 80) < 0.19)
    episode, person = pairs // 80, pairs % 80
    liking = dice.normal(0, 0.9, 60)[episode] + dice.normal(0, 0.9, 80)[person]
    x = 1 + dice.poisson(0.7, len(pairs))
    return pd.DataFrame({"e": episode, "u": person, "y": dice.binomial(x, 1 / (1 + np.exp(-liking))), "x": x})


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("is_share", [True, False])
def test_two_libraries_agree_where_clusters_are_many(seed: int, is_share: bool) -> None:
    rows = crowd(seed)
    if is_share:
        rows = rows.assign(y=(rows["y"] > 0).astype(int), x=1)
    above, below = rows["y"].to_numpy(float), rows["x"].to_numpy(float)
    found = known(cases(above, below, [rows["e"].to_numpy(), rows["u"].to_numpy()], is_proportion=is_share))
    fitted = sm.WLS(above / below, np.ones(len(rows)), weights=below).fit()
    both, *each = (float(one[0, 0]) for one in cov_cluster_2groups(fitted, rows["e"].to_numpy(), rows["u"].to_numpy()))
    assert found.sides == pytest.approx(each, rel=0.1)
    assert found.together == pytest.approx(both, rel=0.1)
    weights = pd.Series(below, rows.index)
    other = IV2SLS(rows["y"] / weights, pd.Series(1.0, rows.index, name="one"), None, None, weights=weights)
    clustered = other.fit(cov_type="clustered", clusters=rows[["e", "u"]], debiased=True)
    assert found.together == pytest.approx(float(clustered.cov.iloc[0, 0]), rel=0.1)


small = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("uvwxy"), st.integers(0, 4), st.integers(0, 1)),
    max_size=14,
    unique_by=lambda row: row[:2],
)


def plain_rows(rows: list[tuple[str, str, int, int]], is_share: bool) -> list[plain.Row]:
    return [plain.Row(y * (x > 0) if is_share else min(y, x), (x > 0) if is_share else x, e, u) for e, u, x, y in rows]


def sampled(rows: list[plain.Row], is_share: bool) -> Cases:
    sides = [numbers([str(getattr(row, side)) for row in rows]) for side in ("episode", "person")]
    above, below = (np.array([float(getattr(row, name)) for row in rows]) for name in ("y", "x"))
    return cases(above, below, sides, is_proportion=is_share)


@examples(200)
@given(small, st.booleans(), st.sampled_from([0.9, 0.95]))
def test_taking_clusters_out_one_by_one_says_the_same(rows: list, is_share: bool, level: float) -> None:
    given_rows = plain_rows(rows, is_share)
    expected = plain.interval(given_rows, is_share, level=level)
    assert interval(sampled(given_rows, is_share), level) == pytest.approx(expected, abs=1e-9)


@examples(200)
@given(small, st.booleans(), st.randoms(use_true_random=False))
def test_neither_order_nor_names_change_a_bit(rows: list, is_share: bool, dice: Any) -> None:
    renamed = [(str(9 - "abcd".index(e)), f"{'uvwxy'.index(u) * 7 % 5}", x, y) for e, u, x, y in rows]
    dice.shuffle(renamed)
    one, other = (sampled(plain_rows(part, is_share), is_share) for part in (rows, renamed))
    assert interval(one) == interval(other)


@examples(200)
@given(small)
def test_clusters_never_make_a_share_surer_than_cases_alone(rows: list) -> None:
    sample = sampled(plain_rows(rows, True), True)
    low, high = interval(sample)
    if low is not None and high is not None:
        alone = wilson(round(sample.above.sum()), len(sample.below))
        assert 0 <= low <= alone.low + 1e-12
        assert alone.high - 1e-12 <= high <= 1
        assert low <= sample.value <= high
