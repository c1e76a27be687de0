"""Killing a step at a seeded point: when so many requests were served, or so many files of the lake written."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.life.household import Process

_PATIENCE = 30.0


class Killer:
    """Kills the process it is given once `is_due` says so; of the whole group, or of the command alone."""

    def __init__(self, *, whole_group: bool) -> None:
        self.whole_group = whole_group
        self._process: Process | None = None
        self._ready = threading.Event()
        self.has_struck = False

    def aim(self, process: Process) -> None:
        """The process to kill."""
        self._process = process
        self._ready.set()

    def strike(self) -> None:
        """SIGKILL now."""
        self._ready.wait()
        assert self._process is not None
        self.has_struck = True
        with suppress(ProcessLookupError):
            (os.killpg if self.whole_group else os.kill)(self._process.pid, signal.SIGKILL)

    def strike_at_write(self, written: Callable[[], int], number: int) -> threading.Thread:
        """Strike when `written()` has reached `number`, from a thread of its own; it gives up when the process ends."""

        def watch() -> None:
            self._ready.wait()
            assert self._process is not None
            while self._process.poll() is None:
                if written() >= number:
                    self.strike()
                    return
                time.sleep(0.002)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        return thread

    def survivors(self) -> list[int]:
        """Processes of the group that live on half a minute after the command was killed: there should be none."""
        assert self._process is not None
        deadline = time.monotonic() + _PATIENCE
        while (left := _members(self._process.pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left


def num_writes(lake: Path) -> int:
    """How many commits, files of crawl state and files of releases there are."""
    commits = sum(1 for _ in lake.glob("tables/*/_delta_log/*.json"))
    return commits + sum(1 for place in ("releases", "restricted", "state") for _ in (lake / place).rglob("*"))


def _members(group: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            # after the command's name, in brackets: state, parent, group
            state, _, its_group = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append(int(stat.parent.name))
    return found
