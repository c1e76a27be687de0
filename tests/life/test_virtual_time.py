"""The server of a life obeys the clock file: windows of its limit, outages, late arrivals."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.life.clock import ANSWER, VirtualClock
from tests.life.events import Mishaps, live
from tests.life.shown import arrival, is_shown, is_tagged
from tests.life.truth import Truth
from tests.life.views import seen_from
from tests.sandbox.faults import Fault
from tests.sandbox.parameters import Parameters
from tests.sandbox.people import INSTANCES
from tests.sandbox.server import Sandbox
from tests.sandbox.world import World

BEGIN = datetime(2026, 3, 10, 5, tzinfo=UTC)
TAG = "/api/v1/timelines/tag/EmploiDesVallons"


@pytest.fixture(scope="module")
def world() -> World:
    parameters = Parameters(seed=5, num_weeks=3, prior_weeks=2, num_active=30, num_quiet=6, num_seekers=14)
    return live(parameters, Mishaps())


@pytest.fixture
def clock(tmp_path: Path) -> VirtualClock:
    return VirtualClock(tmp_path / "clock", BEGIN)


def test_an_answer_takes_a_second_for_everybody(world: World, clock: VirtualClock) -> None:
    with Sandbox(world, BEGIN, clock=clock) as server:
        server.answer(TAG)
        server.answer(TAG)
    assert clock.now() == BEGIN + 2 * ANSWER


def test_a_spent_limit_comes_back_by_the_clock(world: World, clock: VirtualClock) -> None:
    with Sandbox(world, BEGIN, limit=2, clock=clock) as server:
        assert [server.answer(TAG).status for _ in range(3)] == [200, 200, 429]
        clock.set(BEGIN + timedelta(seconds=301))
        assert server.answer(TAG).status == 200


def test_an_outage_begins_and_ends_at_its_moments(world: World, clock: VirtualClock) -> None:
    away = Fault("unavailable", times=99, begins=BEGIN + timedelta(hours=1), ends=BEGIN + timedelta(hours=2))
    with Sandbox(world, BEGIN, clock=clock) as server:
        server.faults.append(away)
        seen = []
        for minutes in (0, 61, 119, 121):
            clock.set(BEGIN + timedelta(minutes=minutes))
            seen.append(server.answer(TAG).status)
    assert seen == [200, 503, 503, 200]


def test_what_the_door_refuses_leaves_no_trace(world: World, clock: VirtualClock) -> None:
    with Sandbox(world, BEGIN, clock=clock) as server:
        server.door = lambda: False
        assert server.answer(TAG).torn
        assert not server.log
    assert clock.now() == BEGIN


def test_a_late_post_is_sorted_in_by_its_own_time(world: World, clock: VirtualClock) -> None:
    late = next(p for p in world.posts if is_tagged(p) and p.arrived and is_shown(p, p.arrived))
    assert late.arrived is not None
    with Sandbox(world, BEGIN, clock=clock) as server:
        shown = []
        for moment in (late.arrived - timedelta(minutes=1), late.arrived + timedelta(minutes=1)):
            clock.set(moment)
            statuses = json.loads(server.answer(f"{TAG}?limit=40").body)
            assert [s["created_at"] for s in statuses] == sorted((s["created_at"] for s in statuses), reverse=True)
            shown.append(world.uri(late) in [s["uri"] for s in statuses])
    assert shown == [False, True]


def test_another_server_has_the_same_posts_under_other_ids(world: World) -> None:
    view = seen_from(world, INSTANCES[1], seed=5)
    assert [view.uri(post) for post in view.posts] == [world.uri(post) for post in world.posts]
    assert [view.activity(boost) for boost in view.boosts] == [world.activity(boost) for boost in world.boosts]
    assert {p.local_id for p in view.posts}.isdisjoint(p.local_id for p in world.posts)
    never = [p for p in view.posts if arrival(p) > BEGIN + timedelta(days=3650)]
    assert 0.1 < len(never) / len(view.posts) < 0.8
    replies = [p for p in view.posts if p.reply_to is not None]
    late = [p for p in replies if arrival(p) < arrival(view.posts[p.reply_to])]
    assert late
    assert all(view.posts[p.reply_to] in never for p in late), "of a parent that comes, no reply comes before it"
    lost = [b for b in view.boosts if arrival(b) > BEGIN + timedelta(days=3650) and view.posts[b.post] not in never]
    assert 0.05 < len(lost) / len(view.boosts) < 0.4


def test_the_truth_agrees_with_what_the_server_shows(world: World, clock: VirtualClock) -> None:
    """The two are written apart: the comparisons would be blind to what only one of them knows."""
    truth = Truth(world, bytes(32))
    ours = [post for post in world.posts if is_tagged(post)]
    with Sandbox(world, BEGIN, clock=clock) as server:
        for days in range(0, 12, 2):
            moment = BEGIN + timedelta(days=days)
            for post in ours:
                clock.set(moment)
                answer = server.answer(f"/api/v1/statuses/{post.local_id}")
                assert (answer.status == 200) == is_shown(post, moment + ANSWER)
                if answer.status == 200:
                    said, status = truth.said(post, moment + ANSWER), json.loads(answer.body)
                    counts = status["replies_count"], status["reblogs_count"], status["favourites_count"]
                    assert counts == (said.replies, said.reposts, said.favourites)
                    assert (status["edited_at"] is None) == (said.edited_at is None)
