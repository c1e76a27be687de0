"""The processes that crawl, side by side, under the lake's lock: each ends with us, whatever ends us."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

from flows.job import Job
from passerelle import clock
from passerelle.errors import ExitCode

_SECONDS_TO_END = 15.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A crawl's process that ended: exit code, what it wrote to stderr, and the verdict on each of its runs."""

    code: int
    said: str
    verdicts: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what its runs should have brought is missing."""
        done = (ExitCode.DONE, ExitCode.INTERRUPTED)
        return self.code in done and all(told["outcome"] == "complete" for told in self.verdicts)

    @property
    def why(self) -> tuple[str, str]:
        """In English and French, what the verdicts say went wrong; without any, the last thing that was said."""
        told = [told["errors"] for told in self.verdicts if told["errors"]["en"]]
        if told:
            return told[-1]["en"][-1], told[-1]["fr"][-1]
        lines = self.said.strip().splitlines()
        if lines:
            return lines[-1].removeprefix("passerelle: "), lines[-1].removeprefix("passerelle: ")
        return (
            f"the crawl ended with exit code {self.code} and said nothing",
            f"la collecte a fini avec le code de sortie {self.code}, sans rien dire",
        )


def run_crawls(
    job: Job, commands: Mapping[str, Sequence[str]], *, at_once: int, are_told_to_end: bool = False
) -> dict[str, Ended]:
    """Run each of `commands`, up to so many at once; how each ended, under its name.

    Under another clock than the system's they run one after the other: what one waits would pass for all. Those that
    `are_told_to_end` are told so once we are, and heard out; what had not begun by then has no end.
    """
    with job.lake.lock():
        crowd = _Crowd(job, dict(commands), 1 if clock.is_told() else at_once)
        try:
            crowd.run()
        except KeyboardInterrupt:
            if not are_told_to_end:
                raise
            crowd.told_to_end()
        finally:
            crowd.end()
    return crowd.ended


@dataclass
class _Crowd:
    """Crawls that wait, that run, and how those ended that did."""

    job: Job
    waiting: dict[str, Sequence[str]]
    at_once: int
    running: dict[str, _Crawl] = field(default_factory=dict)
    ended: dict[str, Ended] = field(default_factory=dict)
    silent: SimpleQueue[str] = field(default_factory=SimpleQueue)

    def run(self) -> None:
        """Start what waits as soon as there is room, until all have ended."""
        while self.waiting or self.running:
            while self.waiting and len(self.running) < self.at_once:
                name = next(iter(self.waiting))
                self.running[name] = _Crawl(self.job, self.waiting.pop(name), partial(self.silent.put, name))
            name = self.silent.get()
            self.ended[name] = self.running[name].outcome()
            del self.running[name]

    def told_to_end(self) -> None:
        """Have those that run end in their own time, and start no other."""
        self.waiting.clear()
        for crawl in self.running.values():
            crawl.process.send_signal(signal.SIGTERM)
        self.run()

    def end(self) -> None:
        """Have all that still run end: none is left alone."""
        for crawl in self.running.values():
            crawl.let_go()
        for crawl in self.running.values():
            crawl.end()


class _Crawl:
    """One process. Its progress goes to our stderr as it comes, and is kept to tell why it failed.

    It ends with us: by the pipe that is its standard input, which is closed when we are gone, however that comes.
    """

    def __init__(self, job: Job, words: Sequence[str], when_silent: Callable[[], None]) -> None:
        where = ["--campaign", str(job.campaign_file), "--lake", str(job.lake.root), "--json"]
        lock = job.lake.held_lock()
        self._told: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed in the end
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spiders.crawl", *where, "--lock", str(lock), *words],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdout=self._told,
            pass_fds=[lock],
            text=True,
        )
        self._said: list[str] = []
        self._when_silent = when_silent
        self._reader = Thread(target=self._pass_on, daemon=True)
        self._reader.start()

    def outcome(self) -> Ended:
        """How it ended, once it is silent."""
        code = self.process.wait()
        self._reader.join()
        self._told.seek(0)
        verdicts = [json.loads(line) for line in self._told]
        self.end()
        return Ended(code, "".join(self._said), verdicts)

    def let_go(self) -> None:
        """Have it end: that we are there is what it goes on for."""
        if self.process.stdin is not None:
            self.process.stdin.close()

    def end(self) -> None:
        """See that it has ended."""
        self.let_go()
        try:
            self.process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        self._told.close()

    def _pass_on(self) -> None:
        for line in self.process.stderr or ():
            self._said.append(line)
            sys.stderr.write(line)
        self._when_silent()
