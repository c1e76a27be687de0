"""What is told beside the headline of other definitions and of less history: chains of the same people."""

from __future__ import annotations

import itertools
from datetime import timedelta
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from passerelle.campaign import Analysis
from tests.reference.campaigns import World, call, days, post, repost
from transforms.help.study import Study
from transforms.indicators import cut_study
from transforms.report import EXACT, gather_truth, sensitivity_tables, tell
from transforms.report.alternatives import less_history, other_definitions
from transforms.report.chains import CHAINS, Chain, definition, kept
from transforms.report.disclosure import PUBLIC, Grain

WEEK = "2026-W38"
FIRST = 196.5
"""Days to the first call: that Monday, in the evening."""
TIES = Chain("mobilisers", "ties")


@cache
def release(few: int, uncovered: int = 0) -> Study:
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
    return World(
        posts=[*calls, *history, *shares],
        labels=[call(one) for one in calls],
        as_of=days(230),
        uncovered=frozenset(gone),
        analysis=Analysis(bootstrap_draws=100, null_draws=99),
    ).study()


def tables(study: Study, grain: Grain = PUBLIC, week: str = WEEK) -> dict[str, pa.Table]:
    told = tell(gather_truth(cut_study(study), "test", [WEEK], [], ["fr"]), grain=grain)
    return sensitivity_tables(told, study.analysis, week, 1.0)


def shares(found: dict[str, pa.Table]) -> dict[tuple[int, int], Any]:
    return {(row["window_days"], row["strong_days"]): row["value"] for row in found["sensitivity"].to_pylist()}


def test_every_definition_has_its_share() -> None:
    found = shares(tables(release(few=8), EXACT))
    assert found[84, 4] == pytest.approx(23 / 36)
    assert found[84, 3] == pytest.approx(15 / 36)
    assert found[28, 4] == pytest.approx(8 / 36), "one contact 30 days before is outside"


def test_told_shares_are_of_rounded_counts() -> None:
    found = shares(tables(release(few=8)))
    assert found[84, 4] == pytest.approx(20 / 35)
    assert found[28, 4] == pytest.approx(5 / 35)
    assert {row["n"] for row in tables(release(few=8))["sensitivity"].to_pylist()} == {35}


def test_definitions_that_differ_by_a_few_do_not_show_them() -> None:
    """Three have three days: in one definition they are strong, in another weaker."""
    exact, told = (shares(tables(release(few=3), grain)) for grain in (EXACT, PUBLIC))
    assert round(36 * exact[84, 4]) - round(36 * exact[84, 3]) == 3
    assert (round(35 * told[84, 4]) - round(35 * told[84, 3])) % 5 == 0


def test_each_definition_is_a_chain_of_the_same_people() -> None:
    study = release(few=8, uncovered=9)
    everybody = sum(tell(gather_truth(cut_study(study), "test", [WEEK], [], [])).cells[WEEK][TIES].values())
    for chain, cells in tell(gather_truth(cut_study(study), "test", [WEEK], [], [])).cells[WEEK].items():
        if chain.population == "mobilisers":
            assert sum(cells.values()) == everybody, chain


def test_the_definition_in_use_is_the_week_itself() -> None:
    study = release(few=8, uncovered=9)
    own = gather_truth(cut_study(study), "test", [WEEK], [], []).counts[WEEK][TIES]
    chosen = other_definitions(study, WEEK)[definition(84, 4)]
    assert chosen["unknown"] == own["unknown"]
    assert chosen["weaker"] == own["weak"] + own["moderately_weak"]
    assert chosen["strong"] == own["strong"]


def test_less_history_makes_more_of_them_absent() -> None:
    rows = {(row["share_kept"], row["stratum"]): row["value"] for row in tables(release(few=8))["thinning"].to_pylist()}
    absent = [rows[share, "absent"] for share in (1.0, 0.75, 0.5, 0.25)]
    assert absent == sorted(absent)
    assert absent[3] > absent[0]
    assert all(round(35 * share) % 5 == 0 for share in absent)
    chains = less_history(release(few=8), WEEK)
    assert all(list(cells) == list(CHAINS[TIES]) for cells in chains.values())
    assert {sum(chains[kept(share)].values()) for share in (0.75, 0.5, 0.25)} == {36}
    assert not [n for cells in chains.values() for n in itertools.accumulate(cells.values()) if n != int(n)]


def test_coverage_is_the_share_whose_tie_is_known() -> None:
    whole, some = (tables(release(few=8, uncovered=number))["history_coverage"].to_pylist()[-1] for number in (0, 9))
    assert whole == {"iso_week": WEEK, "value": 1.0, "n": 35, "status": "final"}
    assert some["n"] == 35
    assert some["value"] == pytest.approx(25 / 35)


def test_a_week_that_is_not_final_has_nothing_to_tell() -> None:
    found = tables(release(few=8), week="2026-W30")
    assert {name: table.num_rows for name, table in found.items()} == {
        "sensitivity": 0,
        "thinning": 0,
        "history_coverage": 0,
    }
