"""What is final stays: later events, another order of rows and other pseudonyms change not one digit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.reference.busy import FEW_DRAWS, busy_world
from tests.reference.campaigns import World, call, days, post, reply, repost
from transforms.indicators import cohort, cut_study, weekly_indicators

WEEKS = ["2026-W24", "2026-W25", "2026-W26"]
Row = dict[str, Any]
Table = dict[tuple[str, str, str], Row]


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """No week is too small to be final."""
    monkeypatch.setattr(cohort, "FEWEST_EPISODES", 0)
    monkeypatch.setattr(cohort, "FEWEST_MOBILISERS", 0)


def table(world: World, early: bool = False) -> Table:
    earliest = cut_study(world.study("earliest")) if early else None
    rows = weekly_indicators(cut_study(world.study()), "test", WEEKS, earliest).to_pylist()
    return {(row["iso_week"], row["indicator"], row["stratum"]): row for row in rows}


@pytest.mark.usefixtures("_large")
def test_final_rows_do_not_move_from_issue_to_issue() -> None:
    """Analysed as of ever later moments: all that was final once is the same, digit by digit."""
    world, final = busy_world(1, platforms=2), dict[tuple[str, str, str], Row]()
    for day in (104.7, 111.7, 115.2, 118.7, 125.7, 139.7, 190, 250):
        now = table(replace(world, as_of=days(float(day))))
        assert {key: now.get(key) for key in final} == final, day
        final |= {key: row for key, row in now.items() if row["status"] == "final"}
    assert len(final) > 300
    known = {name for (_, name, _), row in now.items() if row["value"] is not None}
    assert known - {name for _, name, _ in final} == {"reach_followers"}


@pytest.mark.usefixtures("_large")
def test_contacts_after_a_week_change_nothing_of_its_communities() -> None:
    """Who met whom later on once decided the order of nodes, and with it the communities of closed weeks."""
    world = busy_world(4)
    later = [
        post(f"later{n}", f"u{n % 24:02d}", days(140 + n / 10), mentions=[f"u{(n * 7 + 3) % 24:02d}"])
        for n in range(60)
    ]
    one, other = table(world), table(replace(world, posts=[*later, *world.posts]))
    names = {"cross_community_share", "e_i_index", "reach_communities", "yield", "conversion_difference"}
    assert {k: v for k, v in one.items() if k[1] in names} == {k: v for k, v in other.items() if k[1] in names}


def _statuses(world: World, indicator: str, stratum: str, *moments: float) -> list[str]:
    key = "2026-W24", indicator, stratum
    tables = (table(replace(world, as_of=days(day))) for day in moments)
    return [rows[key]["status"] if key in rows else "missing" for rows in tables]


@pytest.mark.usefixtures("_large")
def test_each_indicator_is_final_in_its_own_time() -> None:
    """2026-W24 ends 104.58 days after the start of the world; its only call is of day 100, helped by a weak tie."""
    one = post("c", "b", days(100), tag=True)
    met = [post(f"m{who}", who, days(90), mentions=["b"]) for who in ("u", "v")]
    back = post("d", "x", days(110), tag=True)
    posts = [*met, one, repost("r", "u", days(101), one), back, repost("s", "u", days(111), back)]
    world = World(posts=posts, labels=[call(one), call(back)], analysis=FEW_DRAWS)
    over, answered = 104.6, 107
    assert _statuses(world, "mobilisers", "all", over, answered) == ["provisional", "final"]
    assert _statuses(world, "tie_mix", "weak", over, answered) == ["provisional", "final"]
    assert _statuses(world, "actors", "all", 104.5, over) == ["provisional", "final"]
    assert _statuses(world, "late_repeat_calls", "all", 104.5, over) == ["provisional", "final"]
    assert _statuses(world, "newcomers", "all", over, answered) == ["provisional", "final"]
    assert _statuses(world, "retention", "1", 111.5, 111.6) == ["missing", "final"]
    assert _statuses(world, "retention", "2", 111.6, 118.5, 118.6) == ["missing", "missing", "final"]
    assert _statuses(world, "conversion_difference", "all", 183.9, 184) == ["undefined", "final"]
    assert _statuses(world, "reach_followers", "all", answered, 1000) == ["provisional", "provisional"]


def test_a_repeat_after_the_follow_up_is_in_no_episode_and_counts_in_its_own_week() -> None:
    first = post("c", "b", days(100), tag=True)
    repeats = [post(f"again{n}", "b", days(100 + after), tag=True) for n, after in enumerate((6.9, 7, 13))]
    friend = post("friend", "f", days(109), tag=True)
    posts = [first, *repeats, friend, repost("r", "f", days(101), first)]
    labels = [*map(call, (first, *repeats)), call(friend, "other", "b")]
    found = table(World(posts=posts, labels=labels, analysis=FEW_DRAWS))
    counts = {week: found[week, "late_repeat_calls", "all"]["value"] for week in WEEKS}
    assert found["2026-W24", "calls", "all"]["value"] == 2
    assert counts == {"2026-W24": 0, "2026-W25": 2, "2026-W26": 1}
    assert found["2026-W24", "mobilisers", "all"]["value"] == 1, "who calls for b later on may have helped b before"


def test_nothing_acts_for_an_episode_through_a_late_repeat_and_a_call_is_no_act() -> None:
    """A late repeat stands under another's call: relaying it helps neither the other, nor the old episode."""
    first, other = post("c", "b", days(100), tag=True), post("o", "x", days(108), tag=True)
    again = reply("again", "b", days(109), other, tag=True)
    posts = [first, other, again, repost("r", "u", days(110), again), reply("s", "v", days(110), again)]
    world = World(posts=posts, labels=[call(first), call(other), call(again)], analysis=FEW_DRAWS)
    assert world.study().mobilisations.num_rows == 0
    assert world.study().late_repeats["post_id"].to_pylist() == ["again"]


def _under_another_key(world: World, key: bytes) -> World:
    def name(value: Any) -> Any:
        return value and hashlib.blake2b(value.encode(), key=key, digest_size=8).hexdigest()

    names = ("post_id", "author_id", "account_id", "beneficiary_id", "reply_to_id", "reply_to_author_id", "root_id")
    names += ("repost_of_id", "repost_of_author_id", "quote_of_id", "quote_of_author_id")

    def renamed(row: Row) -> Row:
        lists = {each: [name(one) for one in row[each]] for each in ("mentions", "prefix_mentions") if each in row}
        return row | lists | {each: name(row[each]) for each in names if each in row}

    return replace(
        world,
        posts=[renamed(row) for row in world.posts],
        engagements=[renamed(row) for row in world.engagements],
        labels=[renamed(row) for row in world.labels],
        roles={name(one): role for one, role in world.roles.items()},
        uncovered=frozenset(map(name, world.uncovered)),
        histories=[(name(who), *span) for who, *span in world.histories],
    )


def _coarse(world: World) -> World:
    """Times to the hour, so that many things happen at one moment."""

    def cut(row: Row, *names: str) -> Row:
        return row | {each: row[each] and row[each].replace(minute=0, second=0, microsecond=0) for each in names}

    return replace(
        world,
        posts=[cut(row, "created_at") for row in world.posts],
        engagements=[cut(row, "first_seen", "not_before") for row in world.engagements],
    )


OF_THE_TEST = {"reach_followers", "reach_instances"}
"""The test's accounts get followers and instances by their names."""


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize(("seed", "coarse"), [(2, False), (6, True)])
def test_neither_order_nor_key_changes_anything(seed: int, coarse: bool) -> None:
    world = busy_world(seed, platforms=2)
    world = _coarse(world) if coarse else world
    dice = np.random.default_rng(seed)
    shuffled = replace(
        world,
        posts=[world.posts[i] for i in dice.permutation(len(world.posts))],
        engagements=[world.engagements[i] for i in dice.permutation(len(world.engagements))],
        labels=[world.labels[i] for i in dice.permutation(len(world.labels))],
    )
    plain = table(world, early=True)
    assert table(shuffled, early=True) == plain
    other = table(_under_another_key(shuffled, b"another"), early=True)
    assert [one for one in plain if one[1] not in OF_THE_TEST and plain[one] != other[one]] == []


def test_thinning_does_not_depend_on_pseudonyms_or_on_what_came_later() -> None:
    from transforms.indicators.sensitivity import TiedPairs, thinned_counts

    world = busy_world(3)
    later = [post(f"x{n}", "u05", days(130 + n), mentions=["u06", "u07", "u08"]) for n in range(20)]
    curves = [
        thinned_counts(TiedPairs(one.study(), ["2026-W24", "2026-W25"]), 0.5, draws=20)
        for one in (world, _under_another_key(world, b"k"), replace(world, posts=[*world.posts, *later]))
    ]
    assert sum(curves[0].values()) > 5
    assert curves[0] == curves[1] == curves[2]
