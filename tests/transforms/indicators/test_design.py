"""The design effect: by the rule written plainly, over final weeks alone, never under 1."""

from __future__ import annotations

import pytest

from tests.reference import two_way as plain
from tests.reference.busy import busy_world
from transforms.help.study import Study
from transforms.indicators import cut_study, design_effects
from transforms.indicators.design import WEEKS


def _rows(study: Study, week: str, table: str, person: str = "account_id") -> list[dict]:
    episodes = {row["episode_id"] for row in study.episodes.to_pylist() if row["iso_week"] == week}
    return [row for row in getattr(study, table).to_pylist() if row["episode_id"] in episodes]


def _mobilisers(study: Study, week: str) -> list[plain.Row]:
    weak = ("weak", "moderately_weak")
    return [
        plain.Row(row["tie_class"] in weak, row["tie_class"] != "unknown", row["episode_id"], row["account_id"])
        for row in _rows(study, week, "mobilisations")
        if row["role"] == "person"
    ]


def _alters(study: Study, week: str) -> list[plain.Row]:
    rows = _rows(study, week, "alters")
    return [
        plain.Row(row["is_mobiliser"], 1, row["episode_id"], row["account_id"])
        for row in rows
        if row["tie_class"] == "weak"
    ]


@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_rule_over_all_weeks(seed: int) -> None:
    study = busy_world(seed).study()
    frames = cut_study(study)
    found = design_effects(frames, frames.weeks[-1])
    weeks = frames.weeks[-WEEKS:]
    for key, rows in (("weak_tie_share_of_classified", _mobilisers), ("yield", _alters)):
        expected = plain.design_effect([rows(study, week) for week in weeks])
        stratum = "weak" if key == "yield" else "all"
        assert found[key, stratum] == pytest.approx(expected, abs=0.05 + 1e-9)
    assert min(found.values()) >= 1
    assert max(found.values()) > 1


def test_a_week_that_can_still_change_does_not_count() -> None:
    frames, early = cut_study(busy_world(0).study()), cut_study(busy_world(0, as_of_days=100.5).study())
    last = frames.weeks[-1]
    assert max(design_effects(frames, last).values()) > 1.0
    early_effects = design_effects(early, last).items()
    of_calls = [effect for (name, _), effect in early_effects if name.startswith(("yield", "tie_"))]
    assert set(of_calls) == {1.0}


def test_before_the_campaign_nothing_is_known() -> None:
    assert design_effects(cut_study(busy_world(0).study()), "2020-W01") == {}
