"""Two weeks of a campaign on Bluesky and of one on a blog, by the public command, against the truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.life.plan import Plan
from tests.life.story import tell
from tests.sandbox.parameters import Parameters
from tests.sandbox.simulate import Simulation
from tests.sandbox.town import CARNET, SKY, on_bluesky, on_the_blog
from tests.sandbox.truth import under_hashtag
from tests.sandbox.world import World

pytestmark = pytest.mark.slow
TWO_WEEKS = Parameters(
    seed=13, num_weeks=3, prior_weeks=4, num_active=40, num_quiet=6, num_seekers=24, episodes_a_week=(6, 8),
    strangers_exposed=24.0,
)  # fmt: skip
REGRETTED = 0.08
NO_HOMES = "\n[collect]\nhomes = false\n"  # directory and servers of Bluesky's people are no part of this world


def regretted(world: World) -> World:
    """The same, of which some campaign posts are deleted within days."""
    rng = np.random.default_rng([TWO_WEEKS.seed, 7])
    for post in world.posts:
        if under_hashtag(post) and post.deleted is None and rng.random() < REGRETTED:
            post.deleted = post.time + timedelta(hours=1 + 200 * float(rng.random()))
    return world


@pytest.mark.parametrize(
    ("platform", "host", "played"), [("bluesky", SKY, on_bluesky), ("wordpress", CARNET, on_the_blog)]
)
def test_two_weeks_are_as_right_as_the_first_day(
    tmp_path: Path, platform: str, host: str, played: Callable[[Parameters], Simulation]
) -> None:
    plan = Plan(TWO_WEEKS.start, num_weeks=2, seed=TWO_WEEKS.seed, by_flow=frozenset())
    worlds = {host: regretted(played(TWO_WEEKS).world)}
    story = tell(worlds, plan, tmp_path, {}, NO_HOMES, platform=platform, is_forked=True)
    print(story.figures, story.requests, story.replayed)
    lines = list(dict.fromkeys(story.wrong))
    assert not lines, f"{len(lines)} differences:\n" + "\n".join(lines[:60])
    assert story.replayed[0] == story.replayed[1]
