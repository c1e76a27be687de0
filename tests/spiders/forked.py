"""Crawls and commands in processes of their own that need not import all anew: each is forked from one that has."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

REPOSITORY = Path(__file__).parents[2]
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.spiders.warm"])


def crawl_forked(words: Sequence[str], env: Mapping[str, str], timeout: float) -> CompletedProcess[str]:
    """What ``python -m spiders.crawl`` gives with these words and environment."""
    return _forked(_crawl, words, env, timeout)


def command_forked(words: Sequence[str], env: Mapping[str, str], timeout: float) -> CompletedProcess[str]:
    """What ``passerelle`` gives with these words and environment."""
    return _forked(_command, words, env, timeout)


def hears_ctrl_c() -> None:
    """For `preexec_fn`: whoever runs tests in the background has SIGINT ignored, and so would what they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Command:
    """The public command in a process and a group of its own, which goes on; as much of a Popen as its killer needs."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], out: Path, err: Path) -> None:
        self._process = _CONTEXT.Process(target=_begin, args=(_command, list(words), dict(env), out, err))
        self._lock = threading.Lock()  # how it ended can be read once
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number, and its group's."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, minus the signal's number where it was killed; None while it goes on."""
        with self._lock:
            return self._process.exitcode

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        while (code := self.poll()) is None:
            time.sleep(0.01)
        return code


def _forked(
    run: Callable[[list[str]], None], words: Sequence[str], env: Mapping[str, str], timeout: float
) -> CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        out, err = (Path(folder, name) for name in ("out", "err"))
        process = _CONTEXT.Process(target=_begin, args=(run, list(words), dict(env), out, err))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise TimeoutExpired(list(words), timeout)
        return CompletedProcess(list(words), process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def _begin(run: Callable[[list[str]], None], words: list[str], env: dict[str, str], out: Path, err: Path) -> None:
    os.setsid()
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(REPOSITORY)
    from passerelle import clock

    importlib.reload(clock)  # the time of a process begins with it
    run(words)


def _crawl(words: list[str]) -> None:
    from spiders.crawl import main

    main(words, prog_name="spiders.crawl")


def _command(words: list[str]) -> None:
    sys.argv = ["passerelle", *words]
    from flows.cli import main

    main()
