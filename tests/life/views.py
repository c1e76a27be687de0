"""The same world as another server sees it: other ids, other arrivals, and posts that never came."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import numpy as np

from tests.sandbox.world import Boost, Post, World

_NEVER = datetime(2999, 1, 1, tzinfo=UTC)


def seen_from(
    world: World, instance: str, seed: int, share: float = 0.7, boosts: float = 0.8, orphans: float = 0.3
) -> World:
    """What `instance` knows: all by its own people, of the rest `share` of posts, and of their boosts `boosts`.

    Of the replies and quotes whose parent never came, `orphans` come without it.
    """
    rng = np.random.default_rng([seed, 13])
    view = copy.deepcopy(world)
    for post in view.posts:
        above = [view.posts[n] for n in (post.reply_to, post.quote_of) if n is not None]
        came = _is_own(view, post.author, instance) or rng.random() < share
        whole = all(p.arrived != _NEVER for p in above) or rng.random() < orphans
        _arrive(rng, view, post, post.author, instance, came=came and whole)
        shown = [p.arrived for p in above if p.arrived and p.arrived != _NEVER]
        post.arrived = max([post.arrived or post.time, *shown])
    for boost in view.boosts:
        came = _is_own(view, boost.actor, instance) or rng.random() < boosts
        came = came and view.posts[boost.post].arrived != _NEVER
        _arrive(rng, view, boost, boost.actor, instance, came=came)
        boost.arrived = max(boost.arrived or boost.time, view.posts[boost.post].arrived or boost.time)
    return view


def _arrive(rng: np.random.Generator, view: World, item: Post | Boost, who: int, instance: str, *, came: bool) -> None:
    item.home_id = item.local_id
    seconds = 0.0 if _is_own(view, who, instance) else float(rng.exponential(20.0))
    item.arrived = item.time + timedelta(seconds=seconds) if came else _NEVER
    item.local_id = (int(item.time.timestamp() * 1000) << 16) + int(rng.integers(65536))


def _is_own(view: World, who: int, instance: str) -> bool:
    return view.people[who].instance == instance
