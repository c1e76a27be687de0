"""Interactions on hand-made posts, one rule at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.reference.campaigns import World, days, engagement, hours, post, quote, reply, repost

CALL = post("call", "seeker", days(0), tag=True)


def dyads(*posts: dict[str, Any], **more: Any) -> set[tuple[str, str, str, str]]:
    """(post, source, target, kind) of every interaction."""
    table = World(posts=posts, **more).study().interactions
    return {(r["post_id"], r["source_id"], r["target_id"], r["kind"]) for r in table.to_pylist()}


def only(*posts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The one interaction there is."""
    (row,) = World(posts=posts, **more).study().interactions.to_pylist()
    return row


def test_one_interaction_a_post_actor_and_target_by_precedence() -> None:
    both = reply("p", "helper", days(1), CALL, quote_of_id="call", quote_of_author_id="seeker", mentions=["seeker"])
    assert dyads(CALL, both) == {("p", "helper", "seeker", "reply")}
    quoting = quote("q", "helper", days(1), CALL, mentions=["seeker", "friend"])
    assert dyads(CALL, quoting) == {("q", "helper", "seeker", "quote"), ("q", "helper", "friend", "mention")}


def test_a_repost_carries_nothing_of_its_own() -> None:
    share = repost("r", "helper", days(1), CALL, mentions=["friend"], quote_of_id="call", quote_of_author_id="seeker")
    assert dyads(CALL, share) == {("call", "helper", "seeker", "repost")}


def test_self_pairs_make_no_dyad() -> None:
    own = [
        reply("a", "seeker", days(1), CALL),
        repost("b", "seeker", days(1), CALL),
        quote("c", "seeker", days(1), CALL),
    ]
    assert dyads(CALL, *own, post("d", "seeker", days(1), mentions=["seeker"])) == set()


def test_mentions_that_a_reply_inherits_are_left_out() -> None:
    first = post("first", "seeker", days(0), mentions=["x"])
    answer = reply("p", "helper", days(1), first, mentions=["seeker", "x", "y"])
    assert dyads(first, answer) == {
        ("first", "seeker", "x", "mention"),
        ("p", "helper", "seeker", "reply"),
        ("p", "helper", "y", "mention"),
    }


def test_without_the_parent_the_prefix_is_inherited() -> None:
    answer = reply("p", "helper", days(1), CALL, mentions=["seeker", "x", "y"], prefix_mentions=["seeker", "x"])
    assert dyads(answer) == {("p", "helper", "seeker", "reply"), ("p", "helper", "y", "mention")}
    assert ("p", "helper", "x", "mention") in dyads(CALL, answer), "the parent shows that x was not inherited"


@pytest.mark.parametrize(("names", "expected"), [(4, 4), (5, 0)])
def test_more_than_four_mentions_address_nobody(names: int, expected: int) -> None:
    crowd = [f"m{number}" for number in range(names)]
    answer = reply("p", "helper", days(1), CALL, mentions=["helper", "seeker", *crowd])
    found = dyads(CALL, answer)
    assert ("p", "helper", "seeker", "reply") in found, "replies stay"
    assert len([one for one in found if one[3] == "mention"]) == expected


def test_reposts_of_one_original_collapse_at_the_earliest_time() -> None:
    row = only(CALL, repost("r2", "helper", days(5), CALL), repost("r1", "helper", days(2), CALL))
    assert (row["time"], row["num_repeats"]) == (days(2), 1)


def test_reposts_of_two_posts_of_a_thread_stay_two() -> None:
    second = reply("second", "seeker", days(1), CALL)
    found = dyads(CALL, second, repost("a", "helper", days(2), CALL), repost("b", "helper", days(2), second))
    assert found == {("call", "helper", "seeker", "repost"), ("second", "helper", "seeker", "repost")}


def test_a_repost_of_a_repost_is_one_of_the_original() -> None:
    first = repost("r1", "relay", days(1), CALL)
    assert ("call", "helper", "seeker", "repost") in dyads(CALL, first, repost("r2", "helper", days(2), first))


def test_reposts_in_a_circle_end() -> None:
    one = post("one", "a", days(1), repost_of_id="two", repost_of_author_id="b")
    assert dyads(one, post("two", "b", days(1), repost_of_id="one", repost_of_author_id="a")) == set()


def test_a_polled_repost_lies_between_two_polls() -> None:
    row = only(CALL, engagements=[engagement(CALL, "helper", days(3), not_before=days(2))])
    assert (row["not_before"], row["time"]) == (days(2), days(3))
    early = World(posts=[CALL], engagements=[engagement(CALL, "helper", days(3), not_before=days(2))]).study("earliest")
    assert early.interactions["time"].to_pylist() == [days(2)]


def test_nobody_reposts_before_the_post_was_there() -> None:
    row = only(CALL, engagements=[engagement(CALL, "helper", days(3), not_before=days(-1))])
    assert row["not_before"] == days(0)


def test_an_exact_time_wins_over_an_interval() -> None:
    look = engagement(CALL, "helper", days(3), not_before=days(0))
    row = only(CALL, repost("r", "helper", days(2), CALL), engagements=[look])
    assert (row["time"], row["not_before"], row["num_repeats"]) == (days(2), days(2), 0)


def test_a_repost_seen_before_the_exact_one_was_undone_and_redone() -> None:
    look = engagement(CALL, "helper", days(1), not_before=days(0))
    row = only(CALL, repost("r", "helper", days(2), CALL), engagements=[look])
    assert (row["time"], row["num_repeats"]) == (days(1), 1)


def test_likes_and_shared_threads_are_no_ties() -> None:
    like = engagement(CALL, "fan", days(1), kind="favourite")
    answers = [reply("a", "one", days(1), CALL), reply("b", "two", days(1), CALL)]
    found = dyads(CALL, *answers, engagements=[like])
    assert found == {("a", "one", "seeker", "reply"), ("b", "two", "seeker", "reply")}


def test_a_quote_of_a_post_never_seen_makes_no_dyad_but_a_reply_does() -> None:
    assert dyads(quote("q", "helper", days(1), CALL)) == set()
    assert dyads(reply("p", "helper", days(1), CALL)) == {("p", "helper", "seeker", "reply")}


def test_orphans_are_replies_whose_climb_ends_at_a_missing_parent() -> None:
    lost = reply("lost", "a", days(1), {"post_id": "gone", "author_id": "x"}, tag=True)
    below = reply("below", "b", days(8), lost)
    rooted = reply("rooted", "c", days(1), {"post_id": "gone2", "author_id": "x"}, root_id="root")
    self_reply = reply("self", "d", days(1), {"post_id": "self", "author_id": "d"})
    study = World(posts=[lost, below, rooted, self_reply]).study()
    found = {row["post_id"]: (row["time"], row["has_hashtag"]) for row in study.orphans.to_pylist()}
    assert found == {"lost": (days(1), True), "below": (days(8), False)}
    roots = {row["post_id"]: row["root_id"] for row in study.interactions.to_pylist()}
    assert roots == {"lost": None, "below": None, "rooted": "root"}


def test_replies_in_a_circle_end_without_root_and_are_no_orphans() -> None:
    one = post("one", "a", days(1), reply_to_id="two", reply_to_author_id="b")
    study = World(posts=[one, post("two", "b", days(1), reply_to_id="one", reply_to_author_id="a")]).study()
    assert study.orphans.num_rows == 0
    assert study.interactions["root_id"].to_pylist() == [None, None]


def test_campaign_is_what_stands_under_the_hashtag() -> None:
    below = quote("q", "a", days(1), CALL)
    under = reply("u", "b", days(2), below)
    other = post("o", "c", days(2), mentions=["a"])
    shared = repost("r", "d", days(3), under)
    table = World(posts=[CALL, below, under, other, shared]).study().interactions
    flags = {(row["post_id"], row["source_id"]): row["is_campaign"] for row in table.to_pylist()}
    assert flags == {("q", "a"): True, ("u", "b"): True, ("o", "c"): False, ("u", "d"): True}


def test_deleted_posts_and_later_ones_were_never_there() -> None:
    assert dyads(CALL, reply("p", "helper", days(1), CALL, deleted_at=days(3))) == set()
    late = reply("p", "helper", days(5) + timedelta(microseconds=1), CALL)
    assert dyads(CALL, late, as_of=days(5)) == set()
    assert dyads(CALL, late | {"created_at": days(5)}, as_of=days(5)) != set()


def test_weeks_are_in_utc() -> None:
    sunday = hours(24 * 7 - 8.5)  # 23:30Z, Monday in Paris
    row = only(CALL, reply("p", "helper", sunday, CALL))
    assert row["iso_week"] == "2026-W10"
