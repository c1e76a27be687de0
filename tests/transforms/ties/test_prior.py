"""Ties on hand-made histories: D, NW, R, class, M, overlap and range, frozen at the call."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from passerelle.campaign import Analysis
from tests.reference.campaigns import World, call, days, hours, post, repost

TICK = timedelta(microseconds=1)
T_CALL = days(100)
CALL = post("call", "seeker", T_CALL, tag=True)
SHARE = repost("share", "helper", T_CALL + timedelta(hours=1), CALL)


def contact(source: str, target: str, at: datetime) -> dict[str, Any]:
    """A post by `source` that mentions `target`."""
    return post(f"{source}-{target}-{at:%m%d%H%M%S%f}", source, at, mentions=[target])


def tie(*contacts: tuple[str, str, float] | tuple[str, str, datetime], **more: Any) -> Mapping[str, Any]:
    """The tie of helper and seeker at the call after contacts (source, target, days before the call or moment)."""
    made = [contact(a, b, at if isinstance(at, datetime) else T_CALL - timedelta(days=at)) for a, b, at in contacts]
    (row,) = World(posts=[CALL, SHARE, *made], labels=[call(CALL)], **more).study().mobilisations.to_pylist()
    return row


TO, FROM = ("helper", "seeker"), ("seeker", "helper")


@pytest.mark.parametrize(
    ("contacts", "name"),
    [
        ([(*TO, 1)], "weak"),
        ([(*TO, 1), (*TO, 1.01)], "weak"),
        ([(*TO, 1), (*FROM, 1.01)], "moderately_weak"),
        ([(*TO, 1), (*TO, 2)], "moderately_weak"),
        ([(*TO, n) for n in range(1, 20)], "moderately_weak"),
        ([(*TO, 1), (*TO, 8), (*TO, 9), (*FROM, 10)], "strong"),
        ([(*TO, 1), (*TO, 8), (*FROM, 10)], "moderately_weak"),
        # 2026-06-10 is a Wednesday: these four days lie in one ISO week
        ([(*TO, 2), (*FROM, 1), (*TO, hours(24 * 100 - 7.9)), (*TO, hours(24 * 100 - 1))], "moderately_weak"),
        ([(*TO, 90)], "dormant"),
        ([], "new"),
    ],
)
def test_classes(contacts: list[tuple[str, str, Any]], name: str) -> None:
    assert tie(*contacts)["tie_class"] == name


def test_the_window_is_half_open_to_the_microsecond() -> None:
    begin = T_CALL - timedelta(days=84)
    assert tie((*TO, begin))["num_days"] == 1
    assert tie((*TO, begin - TICK))["tie_class"] == "dormant"
    assert tie((*TO, T_CALL - TICK))["num_days"] == 1
    assert tie((*TO, T_CALL))["num_days"] == 0


def test_the_window_is_elapsed_time_not_calendar_days() -> None:
    # the clocks of Paris go forward within this window; 84 days are 2,016 hours all the same
    assert tie((*TO, T_CALL - timedelta(hours=2016)))["num_days"] == 1


def test_days_and_weeks_are_counted_in_utc() -> None:
    # 23:30Z and 00:30Z are one day in Paris and two in UTC, Sunday and Monday
    sunday = datetime(2026, 6, 7, 23, 30, tzinfo=UTC)
    row = tie((*TO, sunday), (*TO, sunday + timedelta(hours=1)))
    assert (row["num_days"], row["num_weeks"]) == (2, 2)


def test_weeks_across_the_years_end_are_iso_weeks() -> None:
    at = datetime(2025, 1, 3, 12, tzinfo=UTC)
    one = post("call", "seeker", at, tag=True)
    share = repost("share", "helper", at + timedelta(hours=1), one)
    # 2024-12-30 and 2025-01-02 are both in 2025-W01; 2024-12-29 is in 2024-W52
    history = [contact("helper", "seeker", datetime(2024, 12, d, 12, tzinfo=UTC)) for d in (29, 30)]
    history.append(contact("helper", "seeker", datetime(2025, 1, 2, 12, tzinfo=UTC)))
    (row,) = World(posts=[one, share, *history], labels=[call(one)]).study().mobilisations.to_pylist()
    assert (row["num_days"], row["num_weeks"]) == (3, 2)


def test_repeats_of_a_repost_give_no_day() -> None:
    old = post("old", "seeker", days(50))
    bumps = [repost(f"b{n}", "helper", days(51 + n), old) for n in range(6)]
    (row,) = World(posts=[CALL, SHARE, old, *bumps], labels=[call(CALL)]).study().mobilisations.to_pylist()
    assert row["num_days"] == 1


def test_unknown_goes_before_dormant_and_needs_both_uncovered() -> None:
    long_ago = (*TO, 90)
    assert tie(long_ago, everybody_from=None)["tie_class"] == "unknown"
    assert tie(long_ago, uncovered=frozenset({"helper", "seeker"}))["tie_class"] == "unknown"
    assert tie(long_ago, uncovered=frozenset({"helper"}))["tie_class"] == "dormant"
    assert tie((*TO, 3), everybody_from=None)["tie_class"] == "weak", "what was seen is known"
    assert tie(everybody_from=T_CALL - timedelta(days=84))["tie_class"] == "new"
    assert tie(everybody_from=T_CALL - timedelta(days=84) + TICK)["tie_class"] == "unknown"


def test_what_lies_before_the_start_of_coverage_makes_nobody_dormant() -> None:
    begin = T_CALL - timedelta(days=90)
    assert tie((*TO, begin), everybody_from=begin)["tie_class"] == "dormant"
    assert tie((*TO, begin - TICK), everybody_from=begin)["tie_class"] == "new"


def test_mutual_neighbours_overlap_and_range() -> None:
    # helper - x - seeker, helper - y - seeker, helper - z, seeker - w
    around = [("helper", "x", 5), ("x", "seeker", 5), ("y", "helper", 6), ("y", "seeker", 7), ("helper", "z", 3)]
    row = tie((*TO, 1), *around, ("seeker", "w", 2))
    assert (row["num_mutual"], row["range"]) == (2, 2.0)
    # k = 4 and 4: 2 / (4 - 1 + 4 - 1 - 2)
    assert row["overlap"] == pytest.approx(0.5)
    untied = tie(*around, ("seeker", "w", 2))
    assert (untied["tie_class"], untied["num_mutual"], untied["overlap"], untied["range"]) == ("new", 2, None, 2.0)


@pytest.mark.parametrize(
    ("path", "far"),
    [
        ([], math.inf),
        ([("helper", "x"), ("x", "y"), ("y", "seeker")], 3.0),
        ([("helper", "x"), ("x", "y"), ("y", "z"), ("z", "seeker")], 4.0),
    ],
)
def test_range_without_the_own_tie(path: list[tuple[str, str]], far: float) -> None:
    for own in ([], [(*TO, 1)]):
        row = tie(*own, *((a, b, 4) for a, b in path))
        assert (row["range"], row["num_mutual"]) == (far, 0)


def test_a_lone_pair_has_no_overlap_and_a_leaf_on_a_hub_has_none_to_share() -> None:
    assert tie((*TO, 1))["overlap"] is None
    assert tie((*TO, 1), ("seeker", "x", 2), ("y", "seeker", 2))["overlap"] == 0


def test_an_organisers_hub_moves_nobodys_span() -> None:
    around = [(*TO, 1), ("helper", "x", 5), ("x", "seeker", 5), ("seeker", "w", 2)]
    hub = [("hub", who, 3) for who in ("helper", "seeker", "x", "w")]
    before, after = tie(*around), tie(*around, *hub, roles={"hub": "organiser"})
    assert before == after
    assert tie(*around, *hub)["num_mutual"] == 2, "as a person the hub would be a mutual neighbour"


def test_an_organiser_has_strength_but_is_not_in_the_graph() -> None:
    row = tie((*TO, 1), ("helper", "x", 5), ("x", "seeker", 5), roles={"helper": "organiser"})
    found = row["role"], row["tie_class"], row["num_mutual"], row["overlap"], row["range"]
    assert found == ("organiser", "weak", 0, None, math.inf)


def test_thresholds_and_window_are_parameters() -> None:
    contacts = [(*TO, 1), (*TO, 8), (*FROM, 10)]
    assert tie(*contacts, analysis=Analysis(strong_days=3))["tie_class"] == "strong"
    assert tie(*contacts, analysis=Analysis(window_days=5))["tie_class"] == "weak"


def test_alters_are_those_with_a_tie_at_the_call() -> None:
    made = [contact(who, "seeker", days(90)) for who in ("helper", "quiet", "hub", "robot")]
    made += [
        contact("seeker", "quiet", days(91)),
        contact("late", "seeker", days(101)),
        contact("old", "seeker", days(1)),
    ]
    roles = {"hub": "organiser", "robot": "bot"}
    table = World(posts=[CALL, SHARE, *made], labels=[call(CALL)], roles=roles).study().alters
    found = {r["account_id"]: (r["tie_class"], r["num_days"], r["is_mobiliser"]) for r in table.to_pylist()}
    assert found == {"helper": ("weak", 1, True), "quiet": ("moderately_weak", 2, False)}
