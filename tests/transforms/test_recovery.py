"""What was planted comes back, within its intervals. The larger study is `python -m benchmarks.recovery`."""

from __future__ import annotations

import pytest

from benchmarks.planted import Design, plant
from benchmarks.recovery import TESTED, Outcome, chances, coverage, false_alarms, remark, simulate, truths
from passerelle.campaign import Analysis
from transforms.indicators import cut_study, weekly_indicators

pytestmark = pytest.mark.slow
SEEDS = 24
DRAWS = 199


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Campaigns with everything that could mislead: hubs, bots, and a quarter of the histories missing."""
    design = Design("all", organisers=3, bots=3, missing=0.25)
    return [simulate(design, seed, DRAWS) for seed in range(SEEDS)]


def test_intervals_hold_the_truth_about_as_often_as_they_say(outcomes: list[Outcome]) -> None:
    truth = truths(outcomes)
    found = {key: coverage(outcomes, key, value) for key, value in truth.items()}
    assert all(known == SEEDS for _, _, known in found.values())
    # 11 indicators of 24 campaigns: within four standard errors of 95 %, were they independent.
    assert 0.895 <= sum(share for share, _, _ in found.values()) / len(found) <= 1
    assert min(share for share, _, _ in found.values()) >= 0.79


def test_values_are_not_biased(outcomes: list[Outcome]) -> None:
    for key, value in truths(outcomes).items():
        if key[0] in ("yield", "tie_mix", "response_rate", "share_24h"):
            assert coverage(outcomes, key, value)[1] == pytest.approx(value, rel=0.12), key


def test_missing_history_makes_ties_look_weaker_never_stronger(outcomes: list[Outcome]) -> None:
    """A quarter of the people have no history: less is seen of strong ties, and weak ones look better than they are."""
    full = [simulate(Design("plain"), seed, DRAWS) for seed in range(4)]
    missing, known = truths(outcomes), truths(full)
    assert missing["tie_mix", "absent"] > known["tie_mix", "absent"]
    strong = [sum(one.parts["yield", "strong"][1] for one in part) / len(part) for part in (outcomes, full)]
    assert strong[0] < strong[1]


def test_the_null_model_seldom_cries_wolf() -> None:
    design = Design("null", is_null=True)
    found = [chances(design, seed, DRAWS) for seed in range(SEEDS)]
    alarms = [false_alarms(found, indicator) for indicator in TESTED]
    assert all(known == SEEDS for _, known in alarms)
    # 96 tests at 5 %: more than 12 would happen once in 1,000 studies, were they independent.
    assert sum(share * known for share, known in alarms) <= 12


def test_a_cell_outside_the_aim_says_what_its_campaigns_leave_open() -> None:
    assert [remark("median, plain", share, 200) for share in (0.92, 0.98)] == [None, None]
    assert remark("median, plain", 0.895, 200) == "median, plain: 89.5% (84.5% to 93.0%)"
    assert remark("median, plain", 0.895, 800) == "median, plain: 89.5% (87.2% to 91.4%)"


def test_hubs_change_nothing_but_their_own_counts() -> None:
    analysis = Analysis(bootstrap_draws=100, null_draws=99)
    plain, hubs = (
        weekly_indicators(cut_study(plant(design, 5, analysis).study), "test", ["2026-W23"]).to_pylist()
        for design in (Design("plain"), Design("hubs", organisers=2, bots=2))
    )
    own = {"organiser_mobilisers", "bot_mobilisers"}
    # Their reposts make the reach of a call wider, for whoever looks: the tree is everybody's.
    everybody = {"cascade_breadth"}
    one, other = ([row for row in rows if row["indicator"] not in own | everybody] for rows in (plain, hubs))
    assert one == other
    assert [row["value"] for row in hubs if row["indicator"] in own] == [80, 80]
