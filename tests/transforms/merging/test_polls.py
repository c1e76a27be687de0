"""Which server a poll of an older lake asked: told by the runs, or not at all."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from passerelle.tables import POLLS, TIME, UNKNOWN
from tests.reference.campaigns import days
from transforms.merging.polls import with_sources

RUNS = [("a1", "one.test", 1), ("b1", "two.test", 2), ("a2", "one.test", 3), ("b2", "two.test", 4)]


def told(polls: dict[float, str], runs: list[tuple[str, str, float]], moments: dict[str, float]) -> dict[float, str]:
    rows: list[dict[str, Any]] = [
        {"platform": "m", "post_id": "p", "kind": "repost", "complete": True, "got": 0}
        | {"source": source, "polled_at": days(day)}
        for day, source in polls.items()
    ]
    crawls = [{"run_id": run, "source": source, "started_at": days(day)} for run, source, day in runs]
    seen = [{"run_id": run, "at": days(day)} for run, day in moments.items()]
    made = with_sources(
        pa.Table.from_pylist(rows, schema=POLLS.schema),
        pa.Table.from_pylist(
            crawls, schema=pa.schema([("run_id", pa.string()), ("source", pa.string()), ("started_at", TIME)])
        ),
        pa.Table.from_pylist(seen, schema=pa.schema([("run_id", pa.string()), ("at", TIME)])),
    )
    found = {row["polled_at"]: row["source"] for row in made.to_pylist()}
    return {day: found[days(day)] for day in polls}


def test_it_is_the_server_of_the_run_that_was_going_on() -> None:
    polls = {0.5: UNKNOWN, 1.2: UNKNOWN, 2.2: UNKNOWN, 3.5: UNKNOWN, 4.5: UNKNOWN, 4.6: "named.test"}
    expected = {0.5: UNKNOWN, 1.2: "one.test", 2.2: "two.test", 3.5: "one.test", 4.5: "two.test", 4.6: "named.test"}
    assert told(polls, RUNS, {"a1": 1.9, "b1": 2.9, "a2": 3.9}) == expected


def test_where_runs_of_two_servers_lie_within_each_other_nobody_can_tell() -> None:
    """The run of one was cut, two was asked alone, and one's run was taken up again."""
    polls = {1.2: UNKNOWN, 2.2: UNKNOWN, 3.5: UNKNOWN, 4.5: UNKNOWN}
    expected = {1.2: UNKNOWN, 2.2: UNKNOWN, 3.5: "one.test", 4.5: "two.test"}
    assert told(polls, RUNS, {"a1": 2.5, "b1": 2.3}) == expected
    assert told(polls, [(run, "one.test", day) for run, _, day in RUNS], {"a1": 2.5}) == dict.fromkeys(
        polls, "one.test"
    )


def test_a_lake_without_runs_tells_nothing() -> None:
    assert told({1.0: UNKNOWN}, [], {}) == {1.0: UNKNOWN}
