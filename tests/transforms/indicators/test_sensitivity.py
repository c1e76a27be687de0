"""The tie mix under other definitions and with less history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.reference.campaigns import World, call, days, invent, post, repost
from transforms.help.study import Study
from transforms.indicators.sensitivity import TiedPairs, sensitivity_grid, thinned_counts

CALL = post("call", "seeker", days(200), tag=True)


def study() -> Study:
    """Ties that change class with the definition: h has three days both ways, o one contact 150 days ago."""
    history = [post(f"h{day}", "h", days(200 - day), mentions=["seeker"]) for day in (2, 9)]
    history += [post("back", "seeker", days(190), mentions=["h"]), post("old", "o", days(50), mentions=["seeker"])]
    history += [post("n", "n", days(199), mentions=["seeker"])]
    shares = [repost(f"r-{who}", who, days(200) + timedelta(hours=1), CALL) for who in "hon"]
    return World(posts=[CALL, *history, *shares], labels=[call(CALL)]).study()


def test_grid() -> None:
    rows = {(row["window_days"], row["strong_days"]): row for row in sensitivity_grid(TiedPairs(study())).to_pylist()}
    assert len(rows) == 12
    assert [rows[84, 4][name] for name in ("strong", "moderately_weak", "weak", "dormant", "new")] == [0, 1, 1, 1, 0]
    assert [rows[84, 3][name] for name in ("strong", "moderately_weak", "weak", "dormant", "new")] == [1, 0, 1, 1, 0]
    assert [rows[168, 3][name] for name in ("strong", "moderately_weak", "weak", "dormant", "new")] == [1, 0, 2, 0, 0]
    assert rows[84, 4]["weak_tie_share_of_classified"] == pytest.approx(2 / 3)
    assert rows[84, 4]["weak_tie_share_of_observed"] == 1


def test_the_grids_own_definition_is_the_studys() -> None:
    made = invent(11, 160).study()
    names = [row["tie_class"] for row in made.mobilisations.to_pylist() if row["role"] == "person"]
    assert len(names) > 5
    (row,) = sensitivity_grid(TiedPairs(made), windows=[84], strong_days=[4]).to_pylist()
    assert {name: row[name] for name in set(names)} == {name: names.count(name) for name in set(names)}


def test_less_history_makes_more_of_them_absent() -> None:
    found = [thinned_counts(TiedPairs(study()), kept, draws=100) for kept in (1.0, 0.75, 0.5, 0.25)]
    absent = [counts["dormant"] + counts["new"] for counts in found]
    assert absent[0] == 1
    assert absent == sorted(absent)
    assert absent[3] > 1.5
    assert all(sum(counts.values()) == pytest.approx(3) for counts in found)
    assert thinned_counts(TiedPairs(study()), 0.5, draws=20) == thinned_counts(TiedPairs(study()), 0.5, draws=20)
