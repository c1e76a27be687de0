"""What servers of one world showed, and what a week of asking brought: by key, at a size where order is no luck."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from passerelle.tables import ACCOUNTS, COVERAGE, POST_VERSIONS, POSTS, RUNS
from tests.reference.campaigns import days, post
from transforms.collection.unseen import ServerLists, shown_posts, weekly_unseen
from transforms.collection.weekly import weekly_coverage

ONE, TWO, THREE = "one.test", "two.test", "three.test"
LOOKS = ["platform", "post_id", "source", "embedded"]
COUNT = 2_000


def asked(
    source: str, scope: str = "timeline", day: float = 1, platform: str = "mastodon", **more: Any
) -> dict[str, Any]:
    row = {"run_id": f"r{day}", "platform": platform, "source": source, "scope": scope, "subject_id": "i4emploi"}
    row |= {"asked_at": days(day), "is_complete": True, "got": 5, "expected": None, "reason": None}
    return {**dict.fromkeys(COVERAGE.schema.names), **row, **more}


def account(name: str, platform: str, home: str) -> dict[str, Any]:
    row = dict.fromkeys(ACCOUNTS.schema.names) | {"account_id": name, "platform": platform, "instance": home}
    flags = {"declared_bot": False, "organiser_profile": False}
    return row | flags | {"handle_id": name, "first_seen_at": days(0), "last_seen_at": days(0)}


def world(order: int, platform: str = "mastodon", servers: tuple[str, ...] = (ONE, TWO)) -> ServerLists:
    """Of every ten posts one is written on ONE, and it alone shows that; the others are shown by servers in turn."""
    posts, looks, people = [], [], []
    for n in range(COUNT):
        home = ONE if n % 10 == 0 else THREE
        posts.append(post(f"p{n}", f"a{n}", days(1 + 7 * (n % 2)), platform=platform, source=home, tag=True))
        people.append(account(f"a{n}", platform, home))
        shown = {ONE} if home == ONE else {ONE, TWO} if n % 10 < 5 else {ONE} if n % 10 < 7 else {TWO}
        looks += [{"platform": platform, "post_id": f"p{n}", "source": s, "embedded": False} for s in shown] * 2
    looks.append({"platform": platform, "post_id": "p9", "source": ONE, "embedded": True})
    posts.append(post("other", "a1", days(1), platform=platform, hashtags=["autre"]))
    looks.append({"platform": platform, "post_id": "other", "source": ONE, "embedded": False})
    for rows in (posts, looks, people):
        Random(order).shuffle(rows)
    schema = pa.schema([POST_VERSIONS.schema.field(name) for name in LOOKS])
    return shown_posts(
        pa.Table.from_pylist(looks, schema=schema),
        pa.Table.from_pylist(posts, schema=POSTS.schema),
        pa.Table.from_pylist(people, schema=ACCOUNTS.schema),
        pa.Table.from_pylist([asked(server, platform=platform) for server in servers], schema=COVERAGE.schema),
        frozenset({"i4emploi"}),
        "Europe/Paris",
    )


@pytest.mark.parametrize("order", range(3))
def test_posts_of_a_server_that_was_asked_stand_beside_the_lists(order: int) -> None:
    found = world(order).estimate("mastodon")
    assert (found.num_lists, found.seen) == (2, COUNT)
    elsewhere = (1_201) * (1_401) / 801 - 1  # 1,200 on one, 1,400 on two, 800 on both
    assert found.total == pytest.approx(200 + elsewhere)
    by_week = weekly_unseen(world(order)).to_pylist()
    assert [(row["seen"], row["num_lists"], row["reason"]) for row in by_week] == [(1_000, 2, None)] * 2
    assert sum(row["total"] for row in by_week) == pytest.approx(found.total, rel=0.01)


def test_why_it_is_not_known() -> None:
    assert world(0, servers=(ONE,)).estimate("mastodon").reason == "one_list"
    assert world(0, platform="bluesky").estimate("bluesky").reason == "one_index"
    assert world(0).estimate("mastodon", ["2030-W01"]).reason == "little_overlap"
    assert world(0, servers=()).sources == {}
    assert weekly_unseen(world(0, servers=())).num_rows == 0


def test_a_week_of_asking_counts_what_came_and_what_was_not_whole_the_last_time() -> None:
    rows = [
        asked(ONE, day=1, is_complete=False, reason="unreachable", got=0),
        asked(ONE, day=2),
        asked(ONE, "thread", 2, subject_id="p1", is_complete=False, reason="missing_replies", got=2, expected=3),
        asked(ONE, "thread", 3, subject_id="p1", got=3, expected=3),
        asked(ONE, "thread", 3, subject_id="p2", is_complete=False, reason="withheld", got=0, expected=1),
        asked(ONE, "history", 3, subject_id="a1", is_complete=False, reason="noindex", got=0),
        asked(TWO, day=3, got=9),
        asked(ONE, day=9, is_complete=False, reason="limit"),
    ]
    runs = [run(day, {"nobot": 2} if day == 2 else {}) for day in (1, 2, 3, 9)]
    Random(3).shuffle(rows)
    told = weekly_coverage(
        pa.Table.from_pylist(rows, schema=COVERAGE.schema), pa.Table.from_pylist(runs, schema=RUNS.schema), "UTC"
    ).to_pylist()
    first, last, other = told[0], told[2], told[1]
    assert [(row["iso_week"], row["source"]) for row in told] == sorted(
        (row["iso_week"], row["source"]) for row in told
    )
    assert (first["source"], first["runs"], first["asked"], first["received"]) == (ONE, 3, 6, 10)
    assert (first["announced"], first["received_of_announced"]) == (7, 5)
    assert (first["gaps"], first["threads"], first["incomplete_threads"]) == (0, 2, 1)
    assert (first["histories"], first["incomplete_histories"]) == (1, 1)
    assert json.loads(first["reasons"]) == {"noindex": 1, "withheld": 1}
    assert json.loads(first["refused"]) == {"nobot": 2}
    assert (other["source"], other["received"], other["announced"]) == (TWO, 9, None)
    assert (last["gaps"], json.loads(last["reasons"])) == (1, {"limit": 1})
    empty = weekly_coverage(COVERAGE.empty(), RUNS.empty(), "UTC")
    assert empty.num_rows == 0


def run(day: float, refused: dict[str, int]) -> dict[str, Any]:
    at: datetime = days(day) + timedelta(0)
    row = {"run_id": f"r{day}", "source": ONE, "started_at": at, "finished_at": at, "status": "complete"}
    row |= {"campaign_hash": "", "reasons": json.dumps({"refused": refused, "quarantined": {}}), "cursors": "{}"}
    counts = ("fetched", "accepted", "updated", "duplicate", "quarantined", "refused", "checks", "failed_checks")
    return {**dict.fromkeys(RUNS.schema.names), **row, **dict.fromkeys(counts, 0)}
