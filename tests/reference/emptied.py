"""Campaigns with one thing missing: what a real week may come without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.reference.campaigns import START, World, days

Row = dict[str, Any]


def _posts(world: World, change: Callable[[Row], Row | None]) -> World:
    return replace(world, posts=[row for one in world.posts if (row := change(dict(one))) is not None])


def _people(world: World) -> list[str]:
    return sorted({row["author_id"] for row in world.posts} | {row["account_id"] for row in world.engagements})


def _only_calls(world: World) -> World:
    called = {row["post_id"] for row in world.labels if row["label"] == "call"}
    return replace(_posts(world, lambda row: row if row["post_id"] in called else None), engagements=[])


def _one_actor(world: World) -> World:
    who = _people(world)[-1:]
    return _posts(world, lambda row: row | {"author_id": who[0], "mentions": [], "prefix_mentions": []})


def _silent(world: World) -> World:
    """Nobody but one account, an organiser, ever begins anything towards anybody."""
    loud = _people(world)[:1]
    quiet = {"mentions": [], "prefix_mentions": [], "reply_to_id": None, "reply_to_author_id": None}
    quiet |= {"quote_of_id": None, "quote_of_author_id": None}
    silenced = _posts(world, lambda row: row if row["author_id"] in loud else row | quiet)
    return replace(silenced, roles=dict.fromkeys(loud, "organiser"))


def _without(name: str) -> Callable[[World], World]:
    return lambda world: _posts(world, lambda row: row if row[name] is None else None)


EMPTIED: dict[str, Callable[[World], World]] = {
    "whole": lambda world: world,
    "nothing": lambda world: replace(world, posts=[], engagements=[], labels=[]),
    "no calls": lambda world: replace(world, labels=[row for row in world.labels if row["label"] != "call"]),
    "calls alone": _only_calls,
    "one call": lambda world: replace(world, labels=[row for row in world.labels if row["label"] == "call"][:1]),
    "one post": lambda world: replace(world, posts=list(world.posts)[:1], engagements=[]),
    "one actor": _one_actor,
    "nobody begins anything": _silent,
    "organisers alone": lambda world: replace(world, roles=dict.fromkeys(_people(world), "organiser")),
    "bots alone": lambda world: replace(world, roles=dict.fromkeys(_people(world), "bot")),
    "no replies": _without("reply_to_id"),
    "no quotes": _without("quote_of_id"),
    "no reposts": lambda world: replace(_without("repost_of_id")(world), engagements=[]),
    "no mentions": lambda world: _posts(world, lambda row: row | {"mentions": [], "prefix_mentions": []}),
    "no hashtag": lambda world: _posts(world, lambda row: row | {"hashtags": []}),
    "no language": lambda world: _posts(world, lambda row: row | {"language": None}),
    "no history": lambda world: _posts(world, lambda row: row if row["created_at"] >= days(104) else None),
    "no coverage": lambda world: replace(world, histories=[], everybody_from=None),
    "all deleted": lambda world: _posts(world, lambda row: row | {"deleted_at": days(200)}),
    "all at once": lambda world: _posts(world, lambda row: row | {"created_at": days(110)}),
    "seen too early": lambda world: replace(world, as_of=START),
    "seen at the last call": lambda world: replace(world, as_of=days(117)),
}
