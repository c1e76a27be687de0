"""What is published beside the headline of other definitions and of less history, and what is kept back."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pyarrow as pa
import pytest

from passerelle.campaign import Analysis
from tests.reference.campaigns import World, call, days, post, repost
from transforms.help.study import Study
from transforms.indicators import cut_study, weekly_indicators
from transforms.report import public_indicators, sensitivity_tables

WEEK = "2026-W38"
FIRST = 196.5
"""Days to the first call: that Monday, in the evening."""


def release(few: int, uncovered: int = 0) -> tuple[Study, dict[str, pa.Table]]:
    """Twelve calls, 36 mobilisers: `few` with three days both ways, 15 with one contact, the others with none."""
    calls = [post(f"call{i}", f"seeker{i}", days(FIRST + i / 4), tag=True) for i in range(12)]
    history, shares = [], []
    for number in range(36):
        who, of = f"m{number:02d}", calls[number % 12]
        shares.append(repost(f"r-{who}", who, of["created_at"] + timedelta(hours=number / 3 + 1), of))
        lags = (3, 10, 20) if number < few else (30,) if number < few + 15 else ()
        history += [post(f"{who}-{lag}", who, days(FIRST - lag), mentions=[of["author_id"]]) for lag in lags]
        if len(lags) == 3:
            history.append(post(f"{who}-back", of["author_id"], days(FIRST - 2.9), mentions=[who]))
    gone = [f"m{35 - i:02d}" for i in range(uncovered)] + [f"seeker{i}" for i in range(12) if uncovered]
    world = World(
        posts=[*calls, *history, *shares],
        labels=[call(one) for one in calls],
        as_of=days(230),
        uncovered=frozenset(gone),
        analysis=Analysis(bootstrap_draws=100, null_draws=99),
    )
    study = world.study()
    return study, sensitivity_tables(study, public(study), WEEK)


def public(study: Study) -> pa.Table:
    return public_indicators(weekly_indicators(cut_study(study), "test", [WEEK]))


@cache
def plain() -> dict[str, pa.Table]:
    return release(few=8)[1]


def told(tables: dict[str, pa.Table], window: int, strong: int) -> float | None:
    (value,) = (
        row["value"]
        for row in tables["sensitivity"].to_pylist()
        if (row["window_days"], row["strong_days"]) == (window, strong)
    )
    return None if value is None else float(value)


def test_every_definition_has_its_share() -> None:
    assert told(plain(), 84, 4) == pytest.approx(23 / 36)
    assert told(plain(), 84, 3) == pytest.approx(15 / 36)
    assert told(plain(), 28, 4) == pytest.approx(8 / 36), "one contact 30 days before is outside"


def test_definitions_that_would_single_out_a_few_by_subtraction_are_not_both_told() -> None:
    _, tables = release(few=3)
    assert told(tables, 84, 4) == pytest.approx(18 / 36)
    assert told(tables, 84, 3) is None
    rows = tables["sensitivity"].to_pylist()
    counts = {round(36 * row["value"]) for row in rows if row["value"] is not None}
    assert all(abs(one - other) >= 5 for one in counts for other in counts - {one})
    assert {row["status"] for row in rows if row["value"] is None} == {"suppressed"}


def test_less_history_is_told_for_the_classes_that_the_edition_tells() -> None:
    rows = {(row["share_kept"], row["stratum"]): row for row in plain()["thinning"].to_pylist()}
    absent = [rows[kept, "absent"]["value"] for kept in (1.0, 0.75, 0.5, 0.25)]
    assert absent[0] == pytest.approx(13 / 36)
    assert absent == sorted(absent)
    assert rows[0.5, "absent"]["low"] < absent[2] < rows[0.5, "absent"]["high"]
    _, tables = release(few=3)
    small = [row for row in tables["thinning"].to_pylist() if row["stratum"] == "moderately_weak"]
    assert [(row["value"], row["low"], row["status"]) for row in small] == [(None, None, "suppressed")] * 4


def test_coverage_is_told_unless_it_tells_of_a_few() -> None:
    def newest(tables: dict[str, pa.Table]) -> dict[str, object]:
        row: dict[str, object] = tables["history_coverage"].to_pylist()[-1]
        return row

    assert newest(plain()) == {"iso_week": WEEK, "value": 1.0, "n": 36, "status": "final"}
    some, few = (newest(release(few=8, uncovered=number)[1]) for number in (9, 3))
    assert (some["value"], some["n"]) == (0.75, 36)
    assert few == {"iso_week": WEEK, "value": None, "n": None, "status": "suppressed"}
    assert [row["status"] for row in plain()["history_coverage"].to_pylist()[:-1]] == ["undefined"] * 7


def test_a_week_without_calls_has_nothing_to_tell() -> None:
    study, _ = release(few=8)
    tables = sensitivity_tables(study, public(study), "2026-W30")
    assert tables["thinning"].num_rows == 0
    assert {row["value"] for row in tables["sensitivity"].to_pylist()} == {None}
