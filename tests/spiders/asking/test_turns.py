"""One queue a host: what two crawls may ask of one server is what one may."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from spiders.asking import turns
from spiders.asking.turns import Turns, Word, machine_queues
from tests.sandbox.server import Sandbox
from tests.spiders.crawling import campaign_file, crawl
from tests.spiders.hamlet import HOME, MONDAY, TAG, Hamlet

HOST = "ville.test:8080"
WORD = Word(11.0, {HOST: (12.5, "pause")})
PAUSE = 0.1
QUIET = "first_days = 4000\nhistory_days = 0"


@pytest.fixture(autouse=True)
def _real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSERELLE_CLOCK", raising=False)


def test_the_word_that_one_leaves_is_heard_by_the_next(tmp_path: Path) -> None:
    first, second = Turns(tmp_path), Turns(tmp_path)
    assert asyncio.run(first.take(HOST)) == Word()
    first.leave(HOST, WORD)
    assert asyncio.run(second.take(HOST)) == WORD
    second.leave(HOST)
    assert asyncio.run(first.take(HOST)) == WORD
    assert asyncio.run(second.take("autre.test")) == Word()


def test_nobody_asks_while_another_does(tmp_path: Path) -> None:
    first, second = Turns(tmp_path), Turns(tmp_path)

    async def meeting() -> Word:
        await first.take(HOST)
        waiting = asyncio.create_task(second.take(HOST))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        first.leave(HOST, WORD)
        return await waiting

    assert asyncio.run(meeting()) == WORD


def test_who_gives_up_waiting_leaves_nothing_behind(tmp_path: Path) -> None:
    first, second = Turns(tmp_path), Turns(tmp_path)

    async def meeting() -> None:
        await first.take(HOST)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(second.take(HOST), 0.1)
        second.leave(HOST, Word(99.0, {}))
        first.leave(HOST, WORD)

    open_before = len(os.listdir("/proc/self/fd"))
    asyncio.run(meeting())
    assert len(os.listdir("/proc/self/fd")) == open_before
    assert asyncio.run(second.take(HOST)) == WORD


@pytest.mark.parametrize(
    "text", [b"", b"[1, ", b"{}", b"[1]", b'["x", {}]', b"[1, []]", b'[1, {"a": 2}]', b"\xff", b"null"]
)
def test_what_a_cut_writer_left_is_as_nothing(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "ville.test%3A8080").write_bytes(text)
    assert asyncio.run(Turns(tmp_path).take(HOST)) == Word()


def test_a_folder_that_is_not_ours_alone_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    ours = machine_queues()
    assert ours is not None
    assert ours.stat().st_mode & 0o777 == 0o700
    ours.rmdir()
    ours.symlink_to(tmp_path)
    assert machine_queues() is None
    ours.unlink()
    monkeypatch.setattr(turns.os, "getuid", lambda: 12345)
    assert machine_queues() is None
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    assert machine_queues() is None


def test_who_can_stand_in_no_queue_asks_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    turns_here = Turns(tmp_path)
    for host in ("link", "long" * 99):
        assert asyncio.run(turns_here.take(host)) == Word()
        turns_here.leave(host, WORD)
    assert asyncio.run(turns_here.take(HOST)) == Word()
    monkeypatch.setattr(turns.os, "pwrite", full_disk)
    turns_here.leave(HOST, WORD)
    assert asyncio.run(Turns(tmp_path).take(HOST)) == Word()


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_who_has_no_folder_asks_alone() -> None:
    alone = Turns(None)
    assert asyncio.run(alone.take(HOST)) == Word()
    alone.leave(HOST, WORD)
    assert asyncio.run(alone.take(HOST)) == Word()


class Watched(Sandbox):
    """A server that notes when it is asked, and how many ask it at once at most."""

    def __init__(self, *words: Any, **more: Any) -> None:
        self.moments: list[float] = []
        self.num_inside = self.most_inside = 0
        self._count_lock = threading.Lock()
        super().__init__(*words, **more)

    def answer(self, target: str, host: str = "") -> Any:
        """As ever, noted."""
        with self._count_lock:
            self.moments.append(time.monotonic())
            self.num_inside += 1
            self.most_inside = max(self.most_inside, self.num_inside)
        time.sleep(0.01)
        try:
            return super().answer(target, host)
        finally:
            with self._count_lock:
                self.num_inside -= 1


@pytest.fixture
def hamlet() -> Hamlet:
    hamlet = Hamlet()
    for k in range(12):
        hamlet.boost((k + 1) % 3, hamlet.post(k % 3, -k - 1), -k - 0.5)
    return hamlet


def two_campaigns(folder: Path, server: Sandbox, collect: str, pause: float = 0) -> list[Any]:
    """What two campaigns bring that collect from one server at the same time, each with a lake of its own."""
    done: dict[str, Any] = {}

    def one(name: str) -> None:
        (folder / name).mkdir()
        campaign = campaign_file(folder / name, server.address, TAG, collect=f"homes = false\n{collect}")
        text = campaign.read_text("utf-8").replace("delay_seconds = 0", f"delay_seconds = {pause}")
        campaign.write_text(text, "utf-8")
        done[name] = crawl(campaign, folder / name / "lake")

    threads = [threading.Thread(target=one, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [done["a"], done["b"]]


def test_two_campaigns_that_ask_one_server_keep_its_pause_together(tmp_path: Path, hamlet: Hamlet) -> None:
    with Watched(hamlet.world, MONDAY, home=HOME, frozen=True, states_limit=False) as server:
        both = two_campaigns(tmp_path, server, QUIET, pause=PAUSE)
        assert [one.code for one in both] == [0, 0]
        assert len(both[0].records) == len(both[1].records) > 12
        assert server.most_inside == 1
        assert min(then - now for now, then in pairwise(server.moments)) >= PAUSE


def test_two_campaigns_use_one_limit_and_never_pass_it(tmp_path: Path, hamlet: Hamlet) -> None:
    with Watched(hamlet.world, MONDAY, home=HOME, limit=10, window_seconds=1.0) as server:
        both = two_campaigns(tmp_path, server, QUIET)
        assert [one.code for one in both] == [0, 0]
        assert len(server.log) > 20
        assert [status for _, status in server.log if status == 429] == []
