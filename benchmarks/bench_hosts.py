"""Twelve hosts side by side against one after the other, and what a second collection costs on each platform.

Every host is a loopback server that states no limit, so that the campaign's pause between two requests is kept at each.
The whole public command is timed, in a process of its own: start, collection and commit. The second collection comes
three days after the first: requests per post that was new to it.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from benchmarks.ratios import print_table
from passerelle.lake import Lake
from tests.sandbox.parameters import Parameters
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import simulate
from tests.sandbox.stock import HASHTAG
from tests.sandbox.town import Quarter, town

NUM_HOSTS, PAUSE = 12, 0.5
_CAMPAIGN = f"""
name = "banc"
hashtags = ["{HASHTAG}"]
purpose = "Measuring the collector on invented people"
legal_basis = "none needed"
retention_days = 1
contact = "banc@example.test"
"""
_SOURCE = '[[sources]]\nkind = "{kind}"\nhost = "{host}"\n'
_SMALL = Parameters(num_weeks=3, prior_weeks=2, num_active=40, num_quiet=4, num_seekers=20, episodes_a_week=(2, 3))


def collect(folder: Path, sources: list[tuple[str, str]], collect: str, clock: str = "") -> float:
    """Seconds that ``passerelle collect`` takes."""
    named = "".join(_SOURCE.format(kind=kind, host=host) for kind, host in sources)
    (folder / "campaign.toml").write_text(f"{_CAMPAIGN}{named}[collect]\nhomes = false\n{collect}\n", "utf-8")
    command = [sys.executable, "-m", "flows.cli", "collect", "-c", str(folder / "campaign.toml"), "--lake", str(folder)]
    environment = {**os.environ, "PASSERELLE_KEY": "ab" * 32, **({"PASSERELLE_CLOCK": clock} if clock else {})}
    begin = time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def side_by_side(num_hosts: int = NUM_HOSTS) -> dict[str, float]:
    """Seconds for all hosts at once and one after the other, and how many times faster the first is."""
    seconds: dict[int, float] = {}
    worlds = [simulate(_SMALL) for _ in range(num_hosts)]
    for at_once in (1, num_hosts):
        with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
            servers = [
                stack.enter_context(Sandbox(w.world, w.parameters.as_of, home=None, states_limit=False)) for w in worlds
            ]
            sources = [("mastodon", server.address) for server in servers]
            told = f"first_days = 4000\nhistory_days = 0\ndelay_seconds = {PAUSE}\nat_once = {at_once}"
            seconds[at_once] = collect(Path(folder), sources, told)
            asked = sum(len(server.log) for server in servers)
    one, all_ = seconds[1], seconds[num_hosts]
    return {
        "hosts": num_hosts,
        "requests": asked,
        "one_by_one_s": one,
        "side_by_side_s": all_,
        "times_faster": one / all_,
    }


def second_collection(quarter: Quarter) -> dict[str, float]:
    """Requests of a first collection in mid-campaign and of one three days later, and the posts new to the second."""
    parameters = quarter.played.parameters
    moment = parameters.start + timedelta(weeks=10)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = quarter.played.world
        with Sandbox(world, moment, limit=10**9, home=quarter.host, frozen=True, speaks=quarter.speaks) as server:
            source = [(quarter.kind, server.address)]
            counts = []
            for now in (moment, moment + timedelta(days=3)):
                server.now = now
                server.log.clear()
                collect(folder, source, "first_days = 84\ndelay_seconds = 0", now.isoformat())
                counts.append((len(server.log), Lake(folder / "banc").read("posts").num_rows))
    (first, before), (second, after) = counts
    new = after - before
    return {
        "first": first,
        "posts": before,
        "second": second,
        "new_posts": new,
        "requests_per_new_post": second / new if new else math.nan,
    }


def main(num_hosts: int = NUM_HOSTS) -> None:
    """Print both as tables."""
    print_table(("measured", "value"), list(side_by_side(num_hosts).items()))
    rows = [(quarter.kind, *second_collection(quarter).values()) for quarter in town()]
    print_table(("platform", "first", "posts", "second", "new posts", "requests per new post"), rows)


if __name__ == "__main__":
    main()
