"""A thread as Bluesky shows it, a tree of replies in replies, as lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from spiders.collecting.shape import Item
from spiders.collecting.values import Json

_LEAST_DEPTH = 6  # what an index shows unasked: none shows less


def _places(payload: Any) -> Iterator[tuple[int, Json]]:
    """Each place of a thread below its root, with its depth, in the order shown."""
    waiting = [(0, payload["thread"])]
    while waiting:
        depth, node = waiting.pop()
        if not isinstance(node, dict):
            continue
        if depth > 0:
            yield depth, node
        replies = node.get("replies")
        waiting += [(depth + 1, reply) for reply in reversed(replies if isinstance(replies, list) else [])]


def _alone(node: Json) -> Item:
    return {name: value for name, value in node.items() if name not in ("replies", "parent")}


def below(payload: Any) -> Sequence[Item]:
    """Every reply, and what stands in the place of one, in the order shown. Raises KeyError, TypeError."""
    return [_alone(node) for _, node in _places(payload)]


def above(payload: Any) -> Sequence[Item]:
    """What a post answers, and so on up, the topmost first."""
    found, node = list[Item](), payload["thread"].get("parent")
    while isinstance(node, dict):
        found.append(_alone(node))
        node = node.get("parent")
    return found[::-1]


def edge(payload: Any) -> Collection[str]:
    """Places at the greatest depth shown: above it, replies that are counted and do not come are blocked."""
    nodes = list(_places(payload))
    deepest = max((depth for depth, _ in nodes), default=0)
    if deepest < _LEAST_DEPTH:
        return ()
    posts = (node.get("post") for depth, node in nodes if depth == deepest)
    return {str(post.get("uri")) for post in posts if isinstance(post, dict)}
