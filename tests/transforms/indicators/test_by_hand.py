"""One episode small enough to work out every indicator with a pencil."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest

from passerelle.campaign import Analysis
from tests.reference.campaigns import World, call, days, outcome, post, quote, reply, repost
from transforms.indicators import cut_study, weekly_indicators

WEEK = "2026-W24"
CALL = post("call", "ben", days(100), tag=True)
FEW = Analysis(bootstrap_draws=100, null_draws=99)


def _said(author: str, to: str, day: float) -> dict[str, Any]:
    return post(f"{author}-{to}-{day}", author, days(day), mentions=[to])


def _after(hours: float) -> Any:
    return days(100) + timedelta(hours=hours)


# sam: 4 days, both ways, two ISO weeks: strong. mia: 2 days: moderately weak. wes, wil: one day: weak.
# dot: before the window: dormant. neo: never: new, but wes knows neo. sam and mia know each other.
HISTORY = [
    *(_said("sam", "ben", day) for day in (90, 91)),
    *(_said("ben", "sam", day) for day in (92, 98)),
    *(_said("mia", "ben", day) for day in (95, 96)),
    _said("wes", "ben", 97),
    _said("wil", "ben", 93),
    _said("dot", "ben", 10),
    _said("sam", "mia", 94),
    _said("wes", "neo", 50),
]
ANSWER = reply("r-mia", "mia", _after(2), CALL)
ACTS = [
    repost("r-org", "org", _after(0.5), CALL),
    repost("r-sam", "sam", _after(1), CALL),
    ANSWER,
    quote("q-wes", "wes", _after(3), CALL),
    repost("r-sam2", "sam", _after(5), CALL),
    repost("r-dot", "dot", _after(26), CALL),
    reply("r-neo", "neo", _after(30), ANSWER, mentions=["max"]),
]
EPISODE = World(
    posts=[*HISTORY, CALL, *ACTS], labels=[call(CALL)], roles={"org": "organiser"}, as_of=days(200), analysis=FEW
)


@pytest.fixture(scope="module")
def values() -> dict[tuple[str, str], float | None]:
    rows = weekly_indicators(cut_study(EPISODE.study()), "hand", [WEEK]).to_pylist()
    return {(row["indicator"], row["stratum"]): row["value"] for row in rows}


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("calls", 1),
        ("episodes", 1),
        ("mature_episodes", 1),
        ("mobilisers", 5),
        ("distinct_mobilisers", 5),
        ("classified", 5),
        ("organiser_mobilisers", 1),
        ("bot_mobilisers", 0),
        ("referrals", 1),
        ("weak_tie_share_of_classified", 2 / 5),
        ("weak_tie_share_of_observed", 2 / 3),
        ("activation", 1 / 5),
        ("ln_yield_weak_over_strong", math.log(1 / 2)),
        # sam and mia: M = 1, k = 2 and 4: 1 / (1 + 3 - 1); wes: none shared.
        ("mean_overlap_of_observed", (1 / 3 + 1 / 3 + 0) / 3),
        # wes and dot: no other way to ben.
        ("bridging_share_of_classified", 2 / 5),
        ("bridging_share_of_observed", 1 / 3),
        ("response_rate", 1),
        ("median_hours_to_first", 1),
        ("share_24h", 1),
        ("median_hours_to_first_stranger", 26),
        ("share_24h_stranger", 0),
        # ben with sam, mia, wes and dot; neo with mia and max, who are the new ones.
        ("active_dyads", 6),
        ("new_dyads", 2),
        ("new_dyad_share", 1 / 3),
        ("actors", 6),
        ("first_time_actors", 6),
        ("first_time_share", 1),
        # sam twice, wes, dot.
        ("relays", 4),
        ("redundant_relays", 1 / 4),
        # wes, three hours after the call, before neo.
        ("broker_pairs", 1),
        ("brokered_pairs_distinct", 1),
        ("brokers", 1),
        ("gini", 0),
        ("top5_share", 1),
        # Before the week, ben, sam and mia are a triangle; wes and neo hang on it, dot is not there.
        ("periphery_share", 3 / 5),
        # The call, mia's reply, wes's quote, neo's reply to mia: distances 1 1 2 2 1 3.
        ("cascade_size", 4),
        ("cascade_depth", 2),
        ("cascade_breadth", 2),
        ("structural_virality", 10 / 6),
        ("orphan_replies", 0),
        # Followers: 10 times the place in the alphabet of dot 1, mia 2, neo 3, sam 5, wes 6.
        ("reach_followers", 170),
        # Instances: place modulo 3, so two, two and one of the mobilisers.
        ("reach_instances", math.exp(-(0.2 * math.log(0.2) + 0.8 * math.log(0.4)))),
        ("newcomers", 5),
    ],
)
def test_indicator(values: dict[tuple[str, str], float | None], indicator: str, expected: float) -> None:
    assert values[indicator, "all"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ("ties", {"strong": 1, "moderately_weak": 1, "weak": 1, "dormant": 1, "new": 1, "unknown": 0}),
        ("tie_mix", {"strong": 0.2, "weak": 0.2, "moderately_weak": 0.2, "dormant": 0.2, "new": 0.2, "absent": 0.4}),
        ("tie_mix", {"unknown": 0}),
        ("yield", {"strong": 1, "moderately_weak": 1, "weak": 1 / 2}),
        ("yield_by_days", {"1": 1 / 2, "2": 1, "3": None, "4-6": 1, "7+": None}),
        ("yield_by_mutual", {"0": 1 / 2, "1-2": 1, "3+": None}),
        ("mutual", {"0": 2, "1-2": 3, "3+": 0}),
        ("range", {"2": 3, "3": 0, "4+": 0, "inf": 2}),
        ("fragility", {"1": 1, "5": 1}),
        ("cascade_breadth", {"reposts": 3}),
        ("retention", {"1": 0, "12": 0}),
        ("reach_languages", {"all": None, "unknown": 1}),
    ],
)
def test_strata(values: dict[tuple[str, str], float | None], indicator: str, expected: dict[str, float | None]) -> None:
    found = {stratum: values[indicator, stratum] for stratum in expected}
    assert found == {stratum: pytest.approx(value) for stratum, value in expected.items()}


def test_yield_by_dose_counts_the_accounts_of_each_bin() -> None:
    rows = weekly_indicators(cut_study(EPISODE.study()), "test", [WEEK]).to_pylist()
    found = {(row["indicator"], row["stratum"]): row["n"] for row in rows if row["indicator"].startswith("yield_by_")}
    assert found == {
        ("yield_by_days", "1"): 2,
        ("yield_by_days", "2"): 1,
        ("yield_by_days", "3"): 0,
        ("yield_by_days", "4-6"): 1,
        ("yield_by_days", "7+"): 0,
        ("yield_by_mutual", "0"): 2,
        ("yield_by_mutual", "1-2"): 2,
        ("yield_by_mutual", "3+"): 0,
    }


def test_a_weak_tie_that_helps_and_grows_strong() -> None:
    """wes and wil had one contact each; wes relays and talks on, both ways, for weeks; wil does not."""
    talk = [_said("wes", "ben", 110), _said("ben", "wes", 111), _said("wes", "ben", 120)]
    start = [_said("wes", "ben", 97), _said("wil", "ben", 93)]
    world = World(
        posts=[*start, CALL, repost("r-wes", "wes", _after(3), CALL), *talk], labels=[call(CALL)], analysis=FEW
    )
    assert _value(world, "conversion_difference") == 1
    early = World(**{**vars(world), "as_of": days(183)})
    assert _value(early, "conversion_difference") is None


def test_reach_across_communities() -> None:
    """Two circles of four, one tie between them: help from one's own, from the other, and from nobody's."""
    circles = [["ben", "a1", "a2", "a3"], ["c0", "c1", "c2", "c3"]]
    pairs = [(one, other) for circle in circles for one in circle for other in circle if one < other]
    history = [_said(one, other, 80 + 0.1 * place) for place, (one, other) in enumerate([*pairs, ("a1", "c0")])]
    acts = [repost(f"r-{who}", who, _after(1), CALL) for who in ("a1", "c1", "zoe")]
    world = World(posts=[*history, CALL, *acts], labels=[call(CALL)], analysis=FEW)
    assert _value(world, "cross_community_share") == 1 / 2
    assert _value(world, "e_i_index") == 0
    assert _value(world, "e_i_index", "without_community") == pytest.approx(1 / 3)
    assert _value(world, "reach_communities") == pytest.approx(2)
    assert _value(world, "reach_communities", "observed") == 2
    assert _value(world, "reach_communities", "unknown") == pytest.approx(1 / 3)


def test_those_who_come_back() -> None:
    again = post("again", "ola", days(107), tag=True)
    acts = [repost(f"r-{who}", who, _after(1), CALL) for who in ("kim", "lou")]
    world = World(
        posts=[CALL, again, *acts, repost("r-again", "kim", days(107.5), again)],
        labels=[call(CALL), call(again)],
        as_of=days(118),
        analysis=FEW,
    )
    assert _value(world, "newcomers") == 2
    assert _value(world, "retention", "1") == 1 / 2
    rows = weekly_indicators(cut_study(world.study()), "hand", [WEEK]).to_pylist()
    assert [row["stratum"] for row in rows if row["indicator"] == "retention"] == ["1"]


def test_outcomes_are_counted_by_calendar_week_and_person() -> None:
    """The week ends on Sunday 14 June at 22:00Z, midnight in Paris: day 104 at 14 h after 08:00Z."""
    told = [
        (post("job", "ben", _after(1), tag=True), "result"),
        (post("again", "ben", _after(2), tag=True), "result"),
        (post("ta", "ann", _after(3), tag=True), "thanks"),
        (post("hand", "bea", _after(4), tag=True), None),
        (post("sunday", "cid", days(104) + timedelta(hours=13.9), tag=True), "thanks"),
        (post("monday", "cid", days(104) + timedelta(hours=14), tag=True), "thanks"),
        (post("org-thanks", "org", _after(1), tag=True), "thanks"),
        (post("bot-thanks", "bot", _after(1), tag=True), "thanks"),
        (post("untagged", "dan", _after(1)), "result"),
        (post("gone", "dan", _after(1), tag=True, deleted_at=_after(9)), "result"),
    ]
    shared = repost("shared", "eve", _after(5), told[0][0], hashtags=["i4emploi"])
    labels = [outcome(row, which) for row, which in [*told, (shared, "result")]]
    roles = {"org": "organiser", "bot": "bot"}
    world = World(posts=[*(row for row, _ in told), shared], labels=[*labels, labels[0]], roles=roles, analysis=FEW)
    assert [_value(world, "outcome_posts", stratum) for stratum in ("all", "result", "thanks")] == [5, 2, 2]
    assert _value(World(posts=[CALL], labels=[call(CALL)], analysis=FEW), "outcome_posts") == 0


def _value(world: World, indicator: str, stratum: str = "all") -> float | None:
    rows = weekly_indicators(cut_study(world.study()), "hand", [WEEK]).to_pylist()
    [value] = [row["value"] for row in rows if (row["indicator"], row["stratum"]) == (indicator, stratum)]
    return value
