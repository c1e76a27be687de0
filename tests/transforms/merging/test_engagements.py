"""When a repost can have happened, by looks on one server or several."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from passerelle.tables import ENGAGEMENTS, POLLS, POSTS, UNKNOWN
from tests.reference.campaigns import days, post
from transforms.merging.engagements import bound_engagements

POST = post("p", "seeker", days(0))
ONE, TWO = "one.test", "two.test"


def poll(day: float, source: str, *, complete: bool = True, seconds: int | None = 0) -> dict[str, Any]:
    ended = None if seconds is None else days(day) + timedelta(seconds=seconds)
    told = {"platform": "mastodon", "post_id": "p", "kind": "repost", "source": source, "polled_at": days(day)}
    return told | {"ended_at": ended, "complete": complete, "got": 0}


def look(at: datetime, source: str, account: str = "a") -> dict[str, Any]:
    told = {"platform": "mastodon", "post_id": "p", "account_id": account, "kind": "repost"}
    return told | {"first_seen": at, "source": source}


def bound(looks: list[dict[str, Any]], polls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tables = ((looks, ENGAGEMENTS), (polls, POLLS), ([POST], POSTS))
    made = [bound_engagements(*(pa.Table.from_pylist(rows, schema=table.schema) for rows, table in tables))]
    for number in range(3):
        for rows in (looks, polls):
            Random(number).shuffle(rows)
        made.append(bound_engagements(*(pa.Table.from_pylist(rows, schema=table.schema) for rows, table in tables)))
    assert all(other == made[0] for other in made), "the order of rows does not matter"
    rows: list[dict[str, Any]] = made[0].to_pylist()
    return rows


def test_a_poll_says_nothing_of_what_another_server_showed() -> None:
    """One may never hear of a repost that two knows since the first day."""
    polls = [poll(1, TWO), poll(2, ONE), poll(3, ONE, complete=False), poll(4, TWO)]
    (row,) = bound([look(days(4), TWO)], polls)
    assert (row["not_before"], row["first_seen"]) == (days(1), days(4))
    (row,) = bound([look(days(4), ONE)], polls)
    assert row["not_before"] == days(2)


def test_the_first_look_on_any_server_counts_with_the_polls_of_that_server() -> None:
    polls = [poll(1, ONE), poll(2, TWO), poll(5, ONE), poll(6, TWO)]
    (row,) = bound([look(days(6), TWO), look(days(5), ONE)], polls)
    assert (row["source"], row["not_before"], row["first_seen"]) == (ONE, days(1), days(5))


def test_a_poll_of_nobody_knows_which_server_bounds_nothing() -> None:
    (row,) = bound([look(days(4), ONE)], [poll(2, UNKNOWN), poll(3, UNKNOWN)])
    assert row["not_before"] == POST["created_at"]


@pytest.mark.parametrize("seconds", [3, None])
def test_who_stands_on_a_later_page_was_there_when_the_poll_began(seconds: int | None) -> None:
    """A poll of more than one page bounds those that were first seen after it, not those it shows."""
    looks = [look(days(4) + timedelta(seconds=page), ONE, f"a{page}") for page in range(4)]
    before = poll(1, ONE, seconds=seconds)
    rows = bound([*looks, look(days(6), ONE, "later")], [before, poll(4, ONE, seconds=3), poll(6, ONE)])
    assert {row["account_id"]: row["not_before"] for row in rows} == {
        **{f"a{page}": days(1) for page in range(4)},
        "later": days(4),
    }
