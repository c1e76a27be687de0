"""A campaign lived from its first collection to its last erratum, with the public command, against the truth."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.events import Mishaps, live
from tests.life.plan import Plan
from tests.life.story import Story, tell
from tests.life.views import seen_from
from tests.sandbox.parameters import Parameters
from tests.sandbox.people import HOME, INSTANCES

SHORT = Parameters(
    seed=11, num_weeks=7, prior_weeks=4, num_active=60, num_quiet=8, num_seekers=36, episodes_a_week=(7, 9)
)
LONG = Parameters(num_weeks=9, prior_weeks=8, num_active=150, num_quiet=60, num_seekers=80, episodes_a_week=(9, 12))
_SHOWN = 60


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One Prefect server for all Mondays of the flow, as a team would have it."""
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
    command = [
        str(Path(sys.executable).with_name("prefect")),
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (home / "server.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **told})
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/health", server)
        yield {**told, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the Prefect server does not answer")


@pytest.mark.slow
def test_six_weeks_are_as_right_as_the_first_day(tmp_path: Path, prefect: dict[str, str]) -> None:
    plan = Plan(SHORT.start, num_weeks=6, seed=SHORT.seed)
    story = tell({HOME: live(SHORT, Mishaps())}, plan, _home(tmp_path), prefect, is_forked=True)
    _check(story, num_kills=6)
    assert story.requests[1] < story.requests[0], "the first had the past to read"


@pytest.mark.life
@pytest.mark.parametrize("seed", [101, 102, 103])
def test_eight_weeks_of_daily_steps(tmp_path: Path, prefect: dict[str, str], seed: int) -> None:
    parameters = dataclasses.replace(LONG, seed=seed)
    plan = Plan(parameters.start, num_weeks=8, seed=seed, days=(1, 2, 3, 4, 5, 6))
    world = live(parameters, Mishaps())
    worlds = {HOME: world, INSTANCES[1]: seen_from(world, INSTANCES[1], seed)}
    _check(tell(worlds, plan, _home(tmp_path), prefect), num_kills=8)


def _check(story: Story, num_kills: int) -> None:
    print(json.dumps({**story.figures, "requests": story.requests, "replayed": story.replayed}))
    lines = list(dict.fromkeys(story.wrong))
    assert not lines, f"{len(lines)} differences:\n" + "\n".join(lines[:_SHOWN])
    assert story.replayed[0] == story.replayed[1]
    assert story.figures["kills"] == num_kills


def _home(folder: Path) -> Path:
    """A folder as people name them: whatever is written into a URL on the way must come back out of it."""
    home = folder / "Données d'été, 100 % #1"
    home.mkdir()
    return home
