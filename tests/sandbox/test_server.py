"""The loopback server says what a Mastodon server would say, and nothing it could not know."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.catalogue import account_id
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import Simulation
from tests.sandbox.truth import under_hashtag

TAG = "/api/v1/timelines/tag/EmploiDesVallons"


def get(sandbox: Sandbox, target: str) -> tuple[Any, dict[str, str]]:
    with urllib.request.urlopen(sandbox.url + target, timeout=10) as answer:  # noqa: S310
        return json.loads(answer.read()), dict(answer.headers)


def follow(sandbox: Sandbox, target: str) -> list[Any]:
    """Every item, by `Link: rel=next` until there is none."""
    items: list[Any] = []
    while target:
        found, headers = get(sandbox, target)
        items += found
        following = [x for x in headers.get("Link", "").split(", ") if 'rel="next"' in x]
        target = following[0].split(">")[0].removeprefix("<" + sandbox.url) if following else ""
    return items


def test_hashtag_timeline_pages_to_its_end_without_loss(sandbox: Sandbox, small_simulation: Simulation) -> None:
    statuses = follow(sandbox, TAG + "?limit=40")
    there = [p for p in small_simulation.world.posts if under_hashtag(p) and not p.deleted]
    assert sorted(s["uri"] for s in statuses) == sorted(small_simulation.world.uri(p) for p in there)
    assert [int(s["id"]) for s in statuses] == sorted((int(s["id"]) for s in statuses), reverse=True)
    assert sandbox.log[-1] == (sandbox.log[-1][0], 200)


def test_hashtag_is_folded_and_lookalikes_stay_out(sandbox: Sandbox) -> None:
    plain, _ = get(sandbox, TAG)
    assert get(sandbox, "/api/v1/timelines/tag/EMPLOIDESVALLONS")[0] == plain
    fakes, _ = get(sandbox, "/api/v1/timelines/tag/emploidesvallonsfaux")
    assert not {s["id"] for s in fakes} & {s["id"] for s in plain}


def test_min_id_goes_forward_and_loses_nothing(sandbox: Sandbox) -> None:
    everything = follow(sandbox, TAG + "?limit=40")
    cursor, found = everything[-1]["id"], [everything[-1]]
    while page := get(sandbox, f"{TAG}?limit=7&min_id={cursor}")[0]:
        found = page + found
        cursor = page[0]["id"]
    assert [s["id"] for s in found] == [s["id"] for s in everything]


def test_status_has_the_fields_of_a_real_one(sandbox: Sandbox, shared_data: Path) -> None:
    real = json.loads((shared_data / "mastodon-endpoints" / "tag-rstats-mastodon.social.json").read_text())[0]
    ours = get(sandbox, TAG)[0][0]
    assert set(real) <= set(ours)
    assert set(real["account"]) <= set(ours["account"])
    assert {k: type(v) for k, v in real["account"].items() if v is not None}.items() <= {
        **{k: type(v) for k, v in ours["account"].items()},
        "last_status_at": str,
    }.items()


def test_thread_shows_replies_and_context(sandbox: Sandbox, small_simulation: Simulation) -> None:
    world = small_simulation.world
    reply = next(p for p in world.posts if p.reply_to is not None and world.posts[p.reply_to].label == "call")
    call = world.posts[reply.reply_to or 0]
    below = get(sandbox, f"/api/v1/statuses/{call.local_id}/context")[0]["descendants"]
    assert world.uri(reply) in [s["uri"] for s in below]
    above = get(sandbox, f"/api/v1/statuses/{reply.local_id}/context")[0]["ancestors"]
    assert [s["uri"] for s in above] == [world.uri(call)]
    assert [s["in_reply_to_id"] for s in below if s["uri"] == world.uri(reply)] == [str(call.local_id)]


def test_reposters_come_without_times_but_timelines_have_them(sandbox: Sandbox, small_simulation: Simulation) -> None:
    world = small_simulation.world
    post = max(world.posts, key=lambda p: sum(b.post == p.number for b in world.boosts))
    people = follow(sandbox, f"/api/v1/statuses/{post.local_id}/reblogged_by?limit=10")
    there = {b.actor for b in world.boosts if b.post == post.number and b.undone is None}
    assert {p["id"] for p in people} == {account_id(number) for number in there}
    boost = next(b for b in world.boosts if b.post == post.number and b.undone is None)
    wrappers = follow(sandbox, f"/api/v1/accounts/{account_id(boost.actor)}/statuses?limit=40")
    found = next(s for s in wrappers if s["reblog"] and s["reblog"]["uri"] == world.uri(post))
    assert found["created_at"][:23] == boost.time.isoformat(timespec="milliseconds")[:23]


def test_the_future_is_not_shown(sandbox: Sandbox, small_simulation: Simulation) -> None:
    late, _ = get(sandbox, TAG + "?limit=40")
    sandbox.now = small_simulation.parameters.start + timedelta(days=6)
    early, _ = get(sandbox, TAG + "?limit=40")
    assert early
    assert {s["id"] for s in early} != {s["id"] for s in late}
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(sandbox, f"/api/v1/statuses/{late[0]['id']}")


def test_edits_and_deletions_show_from_their_moment(simulation: Simulation) -> None:
    world = simulation.world
    edited = next(p for p in world.posts if p.edits)
    deleted = next(p for p in world.posts if p.deleted)
    moment = edited.edits[0][0]
    with Sandbox(world, moment - timedelta(minutes=5)) as server:
        before, _ = get(server, f"/api/v1/statuses/{edited.local_id}")
        server.now = moment + timedelta(minutes=5)
        after, _ = get(server, f"/api/v1/statuses/{edited.local_id}")
        assert deleted.deleted is not None
        server.now = deleted.deleted - timedelta(minutes=5)
        assert get(server, f"/api/v1/statuses/{deleted.local_id}")[0]["uri"] == world.uri(deleted)
        server.now = deleted.deleted + timedelta(minutes=5)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(server, f"/api/v1/statuses/{deleted.local_id}")
    assert (before["edited_at"], before["content"]) != (after["edited_at"], after["content"])
    assert before["edited_at"] is None


def test_lookup_robots_and_unknown_paths(sandbox: Sandbox) -> None:
    hub, _ = get(sandbox, "/api/v1/accounts/lookup?acct=emploi_vallons")
    assert hub["username"] == "emploi_vallons"
    assert get(sandbox, "/api/v2/instance")[0]["domain"] == "vallons.example"
    with urllib.request.urlopen(sandbox.url + "/robots.txt", timeout=10) as answer:  # noqa: S310
        assert b"Disallow: /media_proxy/" in answer.read()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(sandbox, "/api/v1/nothing")
