"""The events of a life: a simulated campaign in which things go wrong as they do on real servers.

On top of what :func:`tests.sandbox.simulate.simulate` plays (calls, replies, quotes, boosts, bumps, chatter) come late
arrivals, edits (one of them back to the first words), deletions at every age, and boosts that are taken back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from tests.sandbox.parameters import Parameters
from tests.sandbox.people import HOME
from tests.sandbox.simulate import simulate
from tests.sandbox.truth import under_hashtag
from tests.sandbox.world import Post, World


@dataclass(frozen=True, slots=True)
class Mishaps:
    """How often what happens to a campaign post, as shares of all; `reserved` of the people are not indexable."""

    late: float = 0.3
    edited: float = 0.10
    to_and_fro: float = 0.03
    deleted: float = 0.08
    boosts_undone: float = 0.05
    reserved: float = 0.2


def live(parameters: Parameters, mishaps: Mishaps) -> World:
    """One world by one seed."""
    world = simulate(parameters).world
    rng = np.random.default_rng([parameters.seed, 7])
    echo = _echoes(world)
    ours = [post for post in world.posts if under_hashtag(post) and post.time >= parameters.start]
    for post in ours:
        if world.people[post.author].instance != HOME and rng.random() < mishaps.late:
            _come_late(rng, post, echo[post.number])
        if not post.deleted and rng.random() < mishaps.deleted:
            post.deleted = _later(rng, post, 9.0)
        if not post.edits and rng.random() < mishaps.edited:
            post.edits.append((_later(rng, post, 9.0), post.text + " Merci !"))
        elif not post.edits and rng.random() < mishaps.to_and_fro:
            there = _later(rng, post, 4.0)
            post.edits += [(there, post.text + " (non)"), (there + timedelta(hours=61), post.text)]
    for person in world.people:
        if person.role == "person" and rng.random() < mishaps.reserved:
            world.people[person.number] = replace(person, indexable=False)
    for boost in world.boosts:
        if boost.undone is None and rng.random() < mishaps.boosts_undone:
            boost.undone = boost.time + timedelta(hours=float(rng.exponential(60.0)) + 1.0)
    return world


def _echoes(world: World) -> dict[int, datetime]:
    """When anybody first answered, quoted or boosted each post."""
    first: dict[int, datetime] = defaultdict(lambda: datetime.max.replace(tzinfo=world.posts[0].time.tzinfo))
    acts = [(n, post.time) for post in world.posts for n in (post.reply_to, post.quote_of) if n is not None]
    for number, time in [*acts, *((boost.post, boost.time) for boost in world.boosts)]:
        first[number] = min(first[number], time)
    return first


def _come_late(rng: np.random.Generator, post: Post, first_echo: datetime) -> None:
    """Days late, but never after what answers it: a server fetches a parent with its reply."""
    arrived = post.time + timedelta(hours=float(rng.choice([5.0, 16.0, 40.0, 90.0])))
    if arrived < first_echo:
        post.arrived = arrived
        post.local_id = (int(post.time.timestamp() * 1000) << 16) + post.number % 65536


def _later(rng: np.random.Generator, post: Post, days: float) -> datetime:
    return (post.arrived or post.time) + timedelta(hours=1 + 24 * days * float(rng.random()))
