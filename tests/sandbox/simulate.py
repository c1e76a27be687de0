"""One seed, one world: `simulate(parameters)` plays an invented campaign from its prior history to its last week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from tests.sandbox.calls import Calls
from tests.sandbox.chatter import schedule_chatter
from tests.sandbox.episode import Episode
from tests.sandbox.friendship import Friends, friendships
from tests.sandbox.parameters import Parameters
from tests.sandbox.people import HOME, people
from tests.sandbox.sidelines import Sidelines
from tests.sandbox.stage import Stage
from tests.sandbox.world import Boost, Post, World


@dataclass(frozen=True, slots=True)
class Simulation:
    """A played world with what was planted in it."""

    parameters: Parameters
    world: World
    friends: list[Friends]
    episodes: list[Episode]


def simulate(parameters: Parameters | None = None) -> Simulation:
    """Play one campaign. The same parameters give the same world, to the microsecond."""
    parameters = parameters or Parameters()
    rng = np.random.default_rng(parameters.seed)
    stage = Stage(rng, parameters, people(rng, parameters))
    crowd = [p for p in stage.people if p.role == "person"]
    friends = friendships(rng, parameters, crowd)
    schedule_chatter(stage, friends)
    calls = Calls(stage)
    calls.schedule()
    Sidelines(stage).schedule()
    stage.play(parameters.as_of)
    _likes(rng, stage)
    _number(rng, stage.world)
    return Simulation(parameters, stage.world, friends, calls.episodes)


def _likes(rng: np.random.Generator, stage: Stage) -> None:
    for post in stage.world.posts:
        if post.label and post.reply_to is None:
            for _ in range(int(rng.poisson(0.8))):
                actor = int(rng.integers(len(stage.people)))
                stage.like(actor, post.number, post.time + timedelta(hours=float(rng.exponential(6.0)) + 0.1))


def _number(rng: np.random.Generator, world: World) -> None:
    """Local ids as servers give them: by time of arrival, a remote post some seconds after it was written."""
    arrivals: list[tuple[int, int, Post | Boost]] = []
    items: list[Post | Boost] = [*world.posts, *world.boosts]
    for turn, item in enumerate(items):
        author = item.author if isinstance(item, Post) else item.actor
        late = 0 if world.people[author].instance == HOME else int(rng.exponential(4000))
        arrivals.append((int(item.time.timestamp() * 1000) + late, turn, item))
    arrivals.sort(key=lambda arrival: arrival[:2])
    for turn, (milliseconds, _, item) in enumerate(arrivals):
        item.local_id = (milliseconds << 16) + turn % 65536
