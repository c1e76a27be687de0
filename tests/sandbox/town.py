"""The whole invented town: its Mastodon server, those of it who are on Bluesky, and its blog with comments."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.sandbox.bluesky_json import Sky
from tests.sandbox.bluesky_routes import SkyRoutes
from tests.sandbox.catalogue import Catalogue
from tests.sandbox.parameters import Parameters
from tests.sandbox.people import HOME
from tests.sandbox.routes import Routes
from tests.sandbox.server import Speech
from tests.sandbox.simulate import Simulation, simulate
from tests.sandbox.wordpress_routes import Blog, BlogRoutes
from tests.sandbox.world import World

SKY, CARNET = "ciel.example", "carnet.example"
_SMALL: dict[str, Any] = {"num_active": 48, "num_quiet": 12, "num_seekers": 24}
_ONLY_REPLIES = {"repost": 0.0, "reply": 1.0, "quote": 0.0, "mention": 0.0}
_BY_NAME = re.compile(r"\{@\d+\} ?")
_NOBODY = {"strong": 0.0, "moderate": 0.0, "weak": 0.0}


@dataclass(frozen=True, slots=True)
class Quarter:
    """A part of the town: on which platform and host what was played there, how its server speaks, when it is asked."""

    kind: str
    host: str
    played: Simulation
    speaks: Callable[[Catalogue, str], Speech]
    twice_a_week: bool


def town() -> list[Quarter]:
    """All quarters; their people are not the same, though some have the same name."""
    usual = Parameters()
    sky = dataclasses.replace(usual, seed=usual.seed + 1, episodes_a_week=(1, 3), strangers_exposed=12.0, **_SMALL)
    carnet = dataclasses.replace(usual, seed=usual.seed + 2, episodes_a_week=(1, 2), strangers_exposed=40.0, **_SMALL)
    return [
        Quarter("mastodon", HOME, simulate(), Routes, twice_a_week=True),
        Quarter("bluesky", SKY, on_bluesky(sky), SkyRoutes, twice_a_week=False),
        Quarter("wordpress", CARNET, on_the_blog(carnet), BlogRoutes, twice_a_week=False),
    ]


def on_bluesky(parameters: Parameters) -> Simulation:
    """A campaign on Bluesky, where nothing is edited."""
    played = simulate(parameters)
    for post in played.world.posts:
        post.edits.clear()
    return _moved(played, Sky, SKY)


def on_the_blog(parameters: Parameters) -> Simulation:
    """A campaign on a blog: all that it shows are answers, timed to the second; robots are not let in."""
    played = simulate(
        dataclasses.replace(parameters, share_of_acts=_ONLY_REPLIES, contacts_a_week=_NOBODY, prior_weeks=0)
    )
    world = played.world
    world.boosts.clear()
    world.favourites.clear()
    world.contacts[:] = [contact for contact in world.contacts if contact.kind == "reply"]
    for post in world.posts:
        post.mentions = post.inherited = ()
        post.media, post.language = False, None
        post.text, post.time = _BY_NAME.sub("", post.text), post.time.replace(microsecond=0)
        post.edits.clear()
        if world.people[post.author].role in ("bot", "automaton", "refused"):
            post.deleted = post.time
    return _moved(played, Blog, CARNET)


def _moved(played: Simulation, kind: type[World], host: str) -> Simulation:
    """The same, as that kind of world, everybody at `host`."""
    old = played.world
    people = [dataclasses.replace(person, instance=host) for person in old.people]
    world = kind(people, old.posts, old.boosts, old.favourites, old.contacts)
    return dataclasses.replace(played, world=world)
