"""A crawl is never left alone: it holds the lock of its lake and ends with the command that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from passerelle.errors import LockedError
from passerelle.lake import Lake
from passerelle.vault import Vault
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.spiders.crawling import REPOSITORY
from tests.spiders.forked import hears_ctrl_c
from tests.spiders.hamlet import HOME, MONDAY, Desk, Hamlet

pytestmark = pytest.mark.slow
PATIENCE = 900.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A hamlet whose server falls silent in the middle of the first collection."""
    hamlet = Hamlet()
    for k in range(6):
        hamlet.post(k % 3, -k - 1)
    with Sandbox(hamlet.world, MONDAY, limit=1_000_000, home=HOME, frozen=True) as server:
        server.faults.append(Fault("hang", match="/accounts/", times=1, after=1, seconds=3600))
        desk = Desk(tmp_path, server)
        desk.campaign("timeout_seconds = 3000")
        yield desk


def until(is_so: Callable[[], bool]) -> None:
    """Wait for it; fails if it never comes."""
    for _ in range(int(PATIENCE / 0.1)):
        if is_so():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it never came")


def crawls(folder: Path) -> list[int]:
    """Process ids of the crawls that write under `folder`, dead ones that nobody has buried left out."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words, state = (place / "cmdline").read_bytes(), (place / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if b"spiders.crawl" in words and os.fsencode(folder) in words and state != "Z":
            found.append(int(place.name))
    return found


def is_locked(lake: Lake) -> bool:
    try:
        with lake.lock():
            return False
    except LockedError:
        return True


def begun(desk: Desk) -> subprocess.Popen[str]:
    """The command, whose crawl waits for a server that has fallen silent."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *desk.words("collect")],
        cwd=REPOSITORY,
        env=desk.environment(MONDAY),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    until(lambda: any(fault.struck for fault in desk.server.faults))
    return process


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_crawl_of_a_command_that_was_ended_ends_and_is_taken_up_by_the_next(desk: Desk, how: int) -> None:
    command = begun(desk)
    [crawl] = crawls(desk.folder)
    command.send_signal(how)
    if how == signal.SIGKILL:
        command.wait()
        assert is_locked(desk.lake()) or crawls(desk.folder) == []
    until(lambda: crawls(desk.folder) == [])
    assert command.wait() in (-signal.SIGKILL, 130)
    until(lambda: not is_locked(desk.lake()))  # a process that ends loses its command line before its files
    [cut] = Vault(desk.lake().vault).cut_runs(desk.server.address)
    assert not (desk.lake().staging / cut.run_id / "manifest.json").exists()
    desk.server.faults.clear()
    num_asked = len(desk.server.log)
    assert desk.run("collect", hours=1).returncode == 0
    assert [run["run_id"] for run in desk.lake().read("runs").to_pylist()] == [cut.run_id]
    assert len(desk.asked()) < num_asked
    assert crawl not in crawls(desk.folder)


def test_nobody_takes_up_a_run_that_is_alive(desk: Desk) -> None:
    command = begun(desk)
    try:
        other = desk.run("collect", hours=1)
        assert (other.returncode, desk.asked()) == (75, [])
        with pytest.raises(LockedError, match="still being collected"):
            Vault(desk.lake().vault).cut_runs(desk.server.address)
    finally:
        command.kill()
        command.wait()
    until(lambda: not is_locked(desk.lake()))
