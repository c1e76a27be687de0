"""Episodes and mobilisers on hand-made campaigns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.reference.campaigns import World, call, days, hours, post, quote, reply, repost

CALL = post("call", "seeker", days(0), tag=True)
TICK = timedelta(microseconds=1)


def world(*posts: dict[str, Any], **more: Any) -> World:
    """CALL and other posts, CALL being the one call."""
    return World(posts=[CALL, *posts], labels=[call(CALL), *more.pop("labels", [])], **more)


def acts(*posts: dict[str, Any], **more: Any) -> dict[tuple[str, str], tuple[str, int]]:
    """(account, episode) -> (first act, number of acts)."""
    table = world(*posts, **more).study().mobilisations
    return {(r["account_id"], r["episode_id"]): (r["act"], r["num_acts"]) for r in table.to_pylist()}


@pytest.mark.parametrize(("at", "episodes"), [(14 * 24, 2), (14 * 24 - 0.01, 1)])
def test_fourteen_days_after_the_first_call_a_new_episode_opens(at: float, episodes: int) -> None:
    again = [post("again", "seeker", days(10), tag=True), post("third", "seeker", hours(at), tag=True)]
    study = world(*again, labels=[call(one) for one in again]).study()
    assert study.episodes.num_rows == episodes, "no chaining: what counts is the call that opened it"
    assert study.episodes["call_ids"][0].as_py() == ["call"], "what comes after the follow-up is in no episode"
    assert study.late_repeats["post_id"].to_pylist() == (["again"] if episodes == 2 else ["again", "third"])


def test_a_call_needs_the_hashtag_and_words_of_its_own() -> None:
    plain, shared = post("plain", "x", days(1)), repost("shared", "y", days(1), CALL, tag=True)
    labels = [call(plain), call(shared), call(CALL) | {"label": "offer"}]
    assert World(posts=[CALL, plain, shared], labels=labels).study().episodes.num_rows == 0


def test_on_behalf_of_others() -> None:
    with_account = post("son", "mother", days(0), tag=True)
    without = post("neighbour", "friend", days(0), tag=True)
    labels = [call(with_account, "other", "child"), call(without, "other")]
    study = world(with_account, without, repost("r", "mother", days(1), with_account), labels=labels).study()
    found = {r["episode_id"]: (r["beneficiary_id"], r["beneficiary_is_author"]) for r in study.episodes.to_pylist()}
    assert found == {"call": ("seeker", False), "son": ("child", False), "neighbour": ("friend", True)}
    assert study.mobilisations.num_rows == 0, "the author of a call is no mobiliser of it"


def test_calls_for_one_person_by_two_authors_are_one_episode() -> None:
    second = post("second", "friend", days(3), tag=True)
    study = world(second, labels=[call(second, "other", "seeker")]).study()
    (episode,) = study.episodes.to_pylist()
    assert (episode["call_ids"], episode["author_ids"]) == (["call", "second"], ["seeker", "friend"])


@pytest.mark.parametrize(("at", "counts"), [(hours(168) - TICK, True), (hours(168), False), (hours(0), True)])
def test_the_follow_up_ends_after_168_hours(at: datetime, counts: bool) -> None:
    assert bool(acts(repost("r", "helper", at, CALL))) is counts


def test_one_follow_up_even_if_the_call_is_repeated() -> None:
    again = post("again", "seeker", days(6), tag=True)
    assert acts(again, repost("r", "helper", days(8), again), labels=[call(again)]) == {}
    assert acts(again, repost("r", "helper", days(6), again), labels=[call(again)]) == {
        ("helper", "call"): ("repost", 1)
    }


def test_an_action_belongs_to_the_nearest_call() -> None:
    below = reply("below", "other", days(1), CALL, tag=True)
    found = acts(
        below, reply("a", "helper", days(2), below), repost("b", "relay", days(2), below), labels=[call(below)]
    )
    assert found == {("helper", "below"): ("reply", 1), ("relay", "below"): ("repost", 1)}, "a call is never an action"


def test_two_ways_up_reach_two_calls() -> None:
    second = post("second", "other", days(0), tag=True)
    both = reply("p", "helper", days(1), CALL, quote_of_id="second", quote_of_author_id="other")
    found = acts(second, both, labels=[call(second)])
    assert found == {("helper", "call"): ("reply", 1), ("helper", "second"): ("quote", 1)}


def test_the_repost_of_a_quote_of_the_call_is_a_relay() -> None:
    quoting = quote("q", "a", days(1), CALL)
    assert acts(quoting, repost("r", "b", days(2), quoting))[("b", "call")] == ("repost", 1)


def test_acts_upon_own_posts_do_not_count() -> None:
    mine = reply("mine", "helper", days(1), CALL)
    own = [reply("more", "helper", days(2), mine), repost("bump", "helper", days(2), mine)]
    assert acts(mine, *own) == {("helper", "call"): ("reply", 1)}
    quoting = reply("both", "helper", days(2), mine, quote_of_id="call", quote_of_author_id="seeker")
    assert acts(mine, quoting) == {("helper", "call"): ("reply", 2)}, "its quote acts upon the seeker"


def test_undo_and_redo_is_one_mobiliser_with_two_acts() -> None:
    bumped = [repost("r1", "helper", days(1), CALL), repost("r2", "helper", days(2), CALL)]
    late = repost("r3", "helper", days(9), CALL)
    assert acts(*bumped, late) == {("helper", "call"): ("repost", 2)}


def test_the_thread_leads_to_the_call_where_the_parent_is_missing() -> None:
    lost = {"post_id": "gone", "author_id": "x"}
    assert acts(reply("p", "helper", days(1), lost, root_id="call")) == {("helper", "call"): ("reply", 1)}
    assert acts(reply("p", "helper", days(1), lost)) == {}


def test_an_answering_mention_stands_anywhere_but_needs_the_hashtag() -> None:
    assert acts(post("m", "helper", days(1), tag=True, mentions=["seeker"])) == {("helper", "call"): ("mention", 1)}
    assert acts(post("m", "helper", days(1), mentions=["seeker"])) == {}
    assert acts(post("m", "helper", days(7), tag=True, mentions=["seeker"])) == {}
    elsewhere = post("elsewhere", "x", days(0), mentions=["seeker"])
    inherits = reply("m", "helper", days(1), elsewhere, tag=True, mentions=["seeker"])
    assert acts(elsewhere, inherits) == {}, "an inherited mention is none"


def test_a_referral_names_a_third_person() -> None:
    answers = [
        reply("a", "helper", days(1), CALL, mentions=["recruiter", "firm", "seeker"]),
        reply("b", "other", days(1), CALL, mentions=["seeker"]),
    ]
    table = world(*answers).study().mobilisations
    assert dict(zip(table["account_id"].to_pylist(), table["num_referrals"].to_pylist(), strict=True)) == {
        "helper": 2,
        "other": 0,
    }


def test_organisers_and_bots_are_kept_apart_with_their_role() -> None:
    shares = [
        repost("a", "hub", days(1), CALL),
        repost("b", "robot", days(1), CALL),
        repost("c", "helper", days(1), CALL),
    ]
    table = world(*shares, roles={"hub": "organiser", "robot": "bot"}).study().mobilisations
    roles = dict(zip(table["account_id"].to_pylist(), table["role"].to_pylist(), strict=True))
    assert roles == {"hub": "organiser", "robot": "bot", "helper": "person"}


def test_deep_and_mixed_trees_have_parents_and_depths() -> None:
    answer = reply("a", "one", days(1), CALL)
    quoting = quote("q", "two", days(2), answer)
    mixed = reply("m", "three", days(3), quoting, quote_of_id="call", quote_of_author_id="seeker")
    table = world(answer, quoting, mixed, repost("r", "four", days(20), quoting)).study().cascades
    found = {(row["account_id"], row["act"]): (row["parent_id"], row["depth"]) for row in table.to_pylist()}
    assert found == {
        ("one", "reply"): ("call", 1),
        ("two", "quote"): ("a", 2),
        ("three", "reply"): ("q", 3),
        ("four", "repost"): ("q", 3),
    }


def test_posts_that_act_upon_one_another_in_a_circle() -> None:
    one = reply(
        "x", "one", days(1), {"post_id": "y", "author_id": "two"}, quote_of_id="call", quote_of_author_id="seeker"
    )
    two = quote("y", "two", days(1), one)
    assert acts(one, two) == {("one", "call"): ("reply", 1), ("two", "call"): ("quote", 1)}
    depths = {row["post_id"]: row["depth"] for row in world(one, two).study().cascades.to_pylist()}
    assert depths == {"x": 1, "y": 2}


WEEKS = [
    (datetime(2021, 1, 3, 22, 59, tzinfo=UTC), "2020-W53"),
    (datetime(2024, 12, 30, 12, tzinfo=UTC), "2025-W01"),
    (datetime(2026, 12, 31, 12, tzinfo=UTC), "2026-W53"),
    (datetime(2026, 3, 8, 23, 30, tzinfo=UTC), "2026-W11"),  # Sunday 23:30Z is Monday in Paris
    (datetime(2026, 3, 29, 22, 30, tzinfo=UTC), "2026-W14"),  # the clocks went forward that day
]


@pytest.mark.parametrize(("moment", "week"), WEEKS)
def test_cohorts_go_by_the_campaigns_calendar(moment: datetime, week: str) -> None:
    one = post("one", "x", moment, tag=True)
    assert World(posts=[one], labels=[call(one)]).study().episodes["iso_week"].to_pylist() == [week]


def test_an_episode_is_mature_when_its_168_hours_are_over() -> None:
    assert world(as_of=hours(168)).study().episodes["is_mature"].to_pylist() == [True]
    assert world(as_of=hours(168) - TICK).study().episodes["is_mature"].to_pylist() == [False]


def test_covered_means_since_the_first_moment_of_the_window() -> None:
    base = replace(world(), everybody_from=None)
    exact = replace(base, histories=[("seeker", days(-84), days(0))])
    assert exact.study().episodes["is_covered"].to_pylist() == [True]
    late = replace(base, histories=[("seeker", days(-84) + TICK, days(0))])
    assert late.study().episodes["is_covered"].to_pylist() == [False]
    gap = replace(base, histories=[("seeker", days(-90), days(-40)), ("seeker", days(-39), days(1))])
    assert gap.study().episodes["is_covered"].to_pylist() == [False]
    joined = replace(base, histories=[("seeker", days(-90), days(-40)), ("seeker", days(-40), days(1))])
    assert joined.study().episodes["is_covered"].to_pylist() == [True]
