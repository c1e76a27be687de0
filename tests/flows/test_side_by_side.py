"""Several sources of a campaign, collected side by side by the public command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from passerelle.lake import Lake
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.spiders.crawling import campaign_file
from tests.spiders.forked import REPOSITORY, command_forked, hears_ctrl_c
from tests.spiders.hamlet import KEY, MONDAY, TAG, Hamlet
from tests.spiders.test_left_alone import PATIENCE, crawls, until

pytestmark = pytest.mark.slow
NUM_HOSTS = 3
NUM_POSTS = 6  # of each, and as many reposts


@pytest.fixture
def servers() -> Iterator[list[Sandbox]]:
    """Three hamlets whose people are not the same."""
    with ExitStack() as stack:
        served = []
        for number in range(NUM_HOSTS):
            hamlet = Hamlet()
            for k in range(NUM_POSTS):
                hours = -k - 1 - number / 10
                hamlet.boost((k + 1) % 3, hamlet.post(k % 3, hours), hours + 0.5)
            served.append(stack.enter_context(Sandbox(hamlet.world, MONDAY, limit=10**6, home=None, frozen=True)))
        yield served


def words(folder: Path, servers: list[Sandbox], at_once: int) -> list[str]:
    collect = f"homes = false\nfirst_days = 4000\ntimeout_seconds = 3000\nat_once = {at_once}"
    path = campaign_file(folder, servers[0].address, TAG, collect=collect)
    more = "".join(f'[[sources]]\nkind = "mastodon"\nhost = "{server.address}"\n' for server in servers[1:])
    path.write_text(path.read_text("utf-8").replace("[collect]", f"{more}[collect]"), "utf-8")
    return ["collect", "-c", str(path), "--lake", str(folder / "lakes")]


def environment(**more: str) -> dict[str, str]:
    told = {name: value for name, value in os.environ.items() if name != "PASSERELLE_CLOCK"}
    return {**told, "PASSERELLE_KEY": KEY, "PASSERELLE_LANG": "en", **more}


def num_posts(folder: Path) -> int:
    return Lake(folder / "lakes" / "essai").read("posts").num_rows


def test_all_are_asked_before_any_has_ended(tmp_path: Path, servers: list[Sandbox]) -> None:
    barrier, met = threading.Barrier(NUM_HOSTS), []

    def wait_for_the_others(server: Sandbox) -> bool:
        server.door = None
        met.append(barrier.wait(PATIENCE))
        return True

    for server in servers:
        server.door = lambda server=server: wait_for_the_others(server)
    done = command_forked(words(tmp_path, servers, at_once=NUM_HOSTS), environment(), timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(met) == [0, 1, 2]


def test_no_more_than_are_told_and_never_more_than_one_under_another_clock(
    tmp_path: Path, servers: list[Sandbox]
) -> None:
    for at_once, clock in ((1, ""), (3, MONDAY.isoformat())):
        order: list[str] = []
        for server in servers:
            server.log.clear()
            server.door = lambda server=server, order=order: order.append(server.address) or True
        folder = tmp_path / str(at_once)
        folder.mkdir()
        done = command_forked(
            words(folder, servers, at_once), environment(**{"PASSERELLE_CLOCK": clock} if clock else {}), PATIENCE
        )
        assert done.returncode == 0
        assert len(order) > 20
        assert sum(now != then for now, then in pairwise(order)) == NUM_HOSTS - 1


def test_one_that_is_lost_costs_the_others_nothing(tmp_path: Path, servers: list[Sandbox]) -> None:
    servers[1].faults.append(Fault("unavailable", match="/", times=10**6))
    clock = {"PASSERELLE_CLOCK": MONDAY.isoformat()}  # nobody waits for what does not come
    lost = command_forked(words(tmp_path, servers, at_once=NUM_HOSTS), environment(**clock), timeout=PATIENCE)
    assert lost.returncode == 4
    assert servers[1].address in lost.stderr
    assert num_posts(tmp_path) == 2 * 2 * NUM_POSTS
    servers[1].faults.clear()
    done = command_forked(words(tmp_path, servers, at_once=NUM_HOSTS), environment(), timeout=PATIENCE)
    assert (done.returncode, num_posts(tmp_path)) == (0, NUM_HOSTS * 2 * NUM_POSTS)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_all_end_with_the_command_and_the_next_takes_all_up(tmp_path: Path, servers: list[Sandbox], how: int) -> None:
    for server in servers:
        server.faults.append(Fault("hang", match="/accounts/", times=1, after=1, seconds=3600))
    command = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *words(tmp_path, servers, at_once=NUM_HOSTS)],
        cwd=REPOSITORY, env=environment(), stderr=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c,
    )  # fmt: skip
    until(lambda: all(server.faults[0].struck for server in servers))
    assert len(crawls(tmp_path)) == NUM_HOSTS
    command.send_signal(how)
    command.wait(PATIENCE)
    until(lambda: not crawls(tmp_path))
    asked = [len(server.log) for server in servers]
    again = command_forked(words(tmp_path, servers, at_once=NUM_HOSTS), environment(), timeout=PATIENCE)
    assert again.returncode == 0, again.stderr
    assert num_posts(tmp_path) == NUM_HOSTS * 2 * NUM_POSTS
    assert [len(server.log) - before for server, before in zip(servers, asked, strict=True)] < asked
