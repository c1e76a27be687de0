"""Three weeks of one world, collected from two servers that each know a part of it, against the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.life.events import Mishaps, live
from tests.life.plan import Plan, Step
from tests.life.story import tell
from tests.life.views import seen_from
from tests.sandbox.parameters import Parameters
from tests.sandbox.people import HOME, INSTANCES

WORLD = Parameters(
    seed=23, num_weeks=4, prior_weeks=3, num_active=40, num_quiet=8, num_seekers=20, episodes_a_week=(5, 7)
)


class Calm(Plan):
    """A plan in which nobody is killed and no server is in trouble."""

    def _week(self, rng, week):  # type: ignore[no-untyped-def]
        steps = super()._week(rng, week)
        return [Step(step.moment, step.command) for step in steps]


@pytest.mark.life
@pytest.mark.slow
def test_three_weeks_from_two_servers_are_true(tmp_path: Path) -> None:
    plan = Calm(WORLD.start, num_weeks=3, seed=WORLD.seed, days=(2, 5), by_flow=frozenset())
    world = live(WORLD, Mishaps(reserved=0.0))
    worlds = {HOME: world, INSTANCES[1]: seen_from(world, INSTANCES[1], WORLD.seed)}
    story = tell(worlds, plan, tmp_path, {})
    print(json.dumps({**story.figures, "requests": story.requests, "replayed": story.replayed}))
    lines = list(dict.fromkeys(story.wrong))
    assert not lines, f"{len(lines)} differences:\n" + "\n".join(lines[:60])
