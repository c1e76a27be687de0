"""Tables by people, at a size where no order is luck; and what is covered of who has several accounts."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from passerelle.tables import ACCOUNTS, COVERAGE, ENGAGEMENTS, HANDLES, POSTS
from tests.reference.campaigns import days, post
from transforms.interactions.same_people import (
    accounts_of_people,
    each_post_once,
    engagements_of_people,
    handles_of_people,
)
from transforms.ties.coverage import build_coverage

SAME = {f"b{n}": f"a{n}" for n in range(0, 1000, 2)}


def account(name: str, number: int) -> dict[str, Any]:
    is_other = name[0] == "b"
    row = dict.fromkeys(ACCOUNTS.schema.names) | {"account_id": name, "platform": "bluesky" if is_other else "mastodon"}
    row |= {"declared_bot": is_other and number % 4 == 0, "organiser_profile": False, "followers": number + is_other}
    return row | {"handle_id": name, "first_seen_at": days(1 + is_other), "last_seen_at": days(5 + is_other)}


@pytest.mark.parametrize("order", range(3))
def test_each_person_has_one_row_that_says_what_any_account_said(order: int) -> None:
    rows = [account(f"{letter}{n}", n) for n in range(1000) for letter in "ab"]
    Random(order).shuffle(rows)
    made = accounts_of_people(pa.Table.from_pylist(rows, schema=ACCOUNTS.schema), SAME).to_pylist()
    people = {row["account_id"]: row for row in made}
    assert len(people) == len(made) == 1_500
    for n in range(1000):
        mine, is_joined = people[f"a{n}"], n % 2 == 0
        told = (mine["platform"], mine["declared_bot"], mine["followers"], mine["first_seen_at"], mine["last_seen_at"])
        assert told == ("mastodon", is_joined and n % 4 == 0, n + is_joined, days(1), days(5 + is_joined))


def test_who_reposts_with_two_accounts_has_reposted_once_the_first_time() -> None:
    rows = [repost(f"{letter}{n}", days(1 + (letter == "a"))) for n in range(1000) for letter in "ab"]
    Random(4).shuffle(rows)
    made = engagements_of_people(pa.Table.from_pylist(rows, schema=ENGAGEMENTS.schema), SAME).to_pylist()
    found = {(row["account_id"]): row["first_seen"] for row in made}
    assert len(found) == len(made) == 1_500
    assert all(found[f"a{n}"] == days(1 if n % 2 == 0 else 2) for n in range(1000))


def repost(name: str, at: datetime) -> dict[str, Any]:
    row = dict.fromkeys(ENGAGEMENTS.schema.names) | {"platform": "mastodon", "post_id": "p", "account_id": name}
    return row | {"kind": "repost", "first_seen": at, "source": "one"}


def test_a_post_that_servers_of_two_platforms_show_is_one_that_of_the_first() -> None:
    rows = [
        post(f"p{n}", "a", days(0), platform=platform, first_captured_at=days(day), embedded=embedded)
        for n in range(1000)
        for platform, day, embedded in (("mastodon", 2 + n % 3, False), ("lemmy", 3, n % 2 == 0))
    ]
    Random(5).shuffle(rows)
    table = pa.Table.from_pylist(rows, schema=POSTS.schema)
    made = {row["post_id"]: row["platform"] for row in each_post_once(table).to_pylist()}
    assert len(made) == 1000
    for n in range(1000):
        assert made[f"p{n}"] == ("mastodon" if n % 2 == 0 or n % 3 == 0 else "lemmy")
    assert each_post_once(table.slice(0, 1)).num_rows == 1


def test_every_handle_leads_to_the_person_and_nobody_is_joined_by_likeness() -> None:
    rows = [{"handle_id": f"h-{name}", "account_id": name, "platform": "mastodon"} for name in ("a0", "b0", "a1", "b1")]
    table = pa.Table.from_pylist(rows, schema=HANDLES.schema)
    made = {row["handle_id"]: row["account_id"] for row in handles_of_people(table, SAME).to_pylist()}
    assert made == {"h-a0": "a0", "h-b0": "a0", "h-a1": "a1", "h-b1": "b1"}
    assert handles_of_people(table, {}) is table


def test_a_person_is_covered_while_every_account_is_that_was_asked_for() -> None:
    rows = [history("a0", 1, 9), history("b0", 4, 20), history("a2", 1, 9), history("b4", 5, 6), history("x", 1, 3)]
    spans = build_coverage(pa.Table.from_pylist(rows, schema=COVERAGE.schema), same=SAME).spans.to_pylist()
    told = [(row["account_id"], row["covered_from"], row["covered_until"]) for row in spans]
    assert told == [
        ("a0", days(4), days(9)),
        ("a2", days(1), days(9)),
        ("a4", days(5), days(6)),
        ("x", days(1), days(3)),
    ]
    apart = [history("a0", 1, 3), history("b0", 4, 20)]
    assert build_coverage(pa.Table.from_pylist(apart, schema=COVERAGE.schema), same=SAME).spans.num_rows == 0


def history(name: str, begin: float, end: float) -> dict[str, Any]:
    row = dict.fromkeys(COVERAGE.schema.names) | {"run_id": "r", "platform": "mastodon", "source": "one"}
    row |= {"scope": "history", "subject_id": name, "asked_at": days(end), "is_complete": True, "got": 1}
    return row | {"covered_from": days(begin), "covered_until": days(end)}
