"""The change of a share between two weeks: by the shared examples, turned round, with the same people in both."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.weeks import week_after
from tests.exploring import examples
from tests.reference import two_way as plain
from tests.reference.busy import busy_world
from transforms.indicators import change_table, cut_study, weekly_indicators
from transforms.indicators.changes import changes
from transforms.indicators.difference import Difference, difference
from transforms.indicators.two_way import Cases, cases

People = list[tuple[int, int, int]]
"""Episode, person and whether they answered."""


def cut(rows: People) -> Cases:
    episode, person, y = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return cases(y.astype(float), np.ones(len(y)), [episode, person])


def known(now: People, before: People) -> Difference:
    found = difference(cut(now), cut(before))
    assert found is not None
    return found


BEFORE = [(1, 1, 1), (1, 2, 0), (2, 1, 1), (2, 3, 0)]
NOW = [(1, 1, 1), (1, 2, 1), (2, 2, 0), (2, 3, 1)]


def test_by_hand() -> None:
    """3/4 - 1/2, with 2 episodes in each and the same 3 persons.

    Without an episode of now: 1 or 1/2, of before: 1/2 or 1/2; V_E = 3/4 (1/16 + 1/16). Without person 1: 2/3 - 0,
    2: 1 - 2/3, 3: 2/3 - 2/3; V_P = 2/3 (25/144 + 1/144 + 9/144). Rows: 3/4 of 4 are 3/16 / 3, half of 4 are 1/12.
    """
    found = known(NOW, BEFORE)
    v_e, v_p = 3 / 4 * (2 / 16), 2 / 3 * (35 / 144)
    assert found.value == 0.25
    rows = 7 / 8 * (4 * (3 / 4) * (1 / 4) / 9 + 4 * (1 / 4) / 9)
    assert found.variance == pytest.approx(max(v_e + v_p - rows, v_e, v_p, rows))
    assert (found.df, found.is_few) == (1.0, True)
    assert found.smallest_visible == pytest.approx((12.706205 + 1.3763819) * math.sqrt(found.variance), rel=1e-6)


def test_the_shared_examples(shared_examples: dict[str, Any]) -> None:
    rows = shared_examples["rows"]
    number = {name: place for side in "eu" for place, name in enumerate(sorted({row[side] for row in rows}))}
    for name, kept in (
        ("A6_change_of_yield_weak_W2_against_W1", [row for row in rows if row["tie"] == "weak"]),
        ("A7_change_of_answers_W2_against_W1", rows),
    ):
        now, before = (
            [(number[row["e"]], number[row["u"]], row["y"]) for row in kept if row["week"] == week]
            for week in ("W2", "W1")
        )
        found, expected = known(now, before), dict(shared_examples[name])
        assert (expected.pop("word") == "few") is found.is_few
        assert expected == pytest.approx(
            {
                "difference": found.value,
                "low": found.interval().low,
                "high": found.interval().high,
                "low90": found.interval(0.9).low,
                "high90": found.interval(0.9).high,
                "rho": found.rho,
                "V": found.variance,
                "df": found.df,
                "minimum_detectable": found.smallest_visible,
            },
            abs=1e-6,
        )


rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 1)), max_size=12, unique_by=lambda row: row[:2]
)


@examples(150)
@given(rows, rows)
def test_the_variance_by_taking_out_one_by_one(now: People, before: People) -> None:
    found = difference(cut(now), cut(before))
    if found is None:
        assert None in (plain.spread(plain_rows(now, 1)), plain.spread(plain_rows(before, 0)))
        return
    assert found.variance == pytest.approx(plain_variance(now, before), abs=1e-12)


def plain_rows(rows: People, week: int) -> list[plain.Row]:
    return [plain.Row(y, 1, (week, e), u, (week, e, u)) for e, u, y in rows]


def plain_variance(now: People, before: People) -> float:
    both = [*plain_rows(now, 1), *plain_rows(before, 0)]

    def change(left: list[plain.Row]) -> float | None:
        one, other = (plain.ratio([row for row in left if row.episode[0] == week]) for week in (1, 0))
        return None if one is None or other is None else one - other

    sides = [plain.jackknife(both, of, change) for of in (lambda row: row.episode, lambda row: row.person)]
    alone = plain.jackknife(both, lambda row: row.case, change)
    return max(sum(sides) - alone, *sides, alone)


@examples(150)
@given(rows, rows)
def test_turned_round_it_is_the_same_change(now: People, before: People) -> None:
    one, other = difference(cut(now), cut(before)), difference(cut(before), cut(now))
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        low, high = one.interval()
        assert other.interval() == pytest.approx((-high, -low), abs=1e-12)
        assert low <= one.value <= high


def test_the_same_people_make_a_change_surer() -> None:
    """Each of 30 answers always or never: who they are does not change from one week to the other."""
    dice = np.random.default_rng(4)
    taste = dice.integers(0, 2, 30)
    week = [(int(episode), person, int(taste[person])) for person in range(30) for episode in dice.choice(12, 4, False)]
    strangers = [(episode, person + 100, y) for episode, person, y in week]
    same, others = known(week, week), known(week, strangers)
    assert same.rho > 0.6
    assert abs(others.rho) < 0.5
    assert same.interval().high < others.interval().high


def test_weeks_of_a_study() -> None:
    """Values are the table's; both intervals too; a share without an interval in either week is left out."""
    frames = cut_study(busy_world(1).study())
    table = {
        (row["iso_week"], row["indicator"], row["stratum"]): row
        for row in weekly_indicators(frames, "test").to_pylist()
    }
    known_weeks = {week for (week, name, _), row in table.items() if name == "yield" and row["low"] is not None}
    before, week = sorted(known_weeks)[:2]
    found = changes(frames, week, before)
    assert len(found) > 8
    for (indicator, stratum), one in found.items():
        pair = [table[name, indicator, stratum] for name in (week, before)]
        assert one.value == pytest.approx(pair[0]["value"] - pair[1]["value"])
        if indicator != "cross_community_share":
            assert None not in [row["low"] for row in pair]
    assert any(one.rho != 0 for one in found.values())
    rows = {(row["indicator"], row["stratum"]): row for row in change_table(frames, week).to_pylist()}
    assert before == week_after(week, -1)
    assert {key: row["value"] for key, row in rows.items()} == {key: one.value for key, one in found.items()}
    assert {key: row["is_few"] for key, row in rows.items()} == {key: one.is_few for key, one in found.items()}
