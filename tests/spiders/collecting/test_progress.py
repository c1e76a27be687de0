"""What a long crawl says of how far it is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from passerelle import clock
from spiders.collecting import progress
from spiders.collecting.progress import told


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What is said, under a clock that waits move on."""
    said: list[str] = []
    (tmp_path / "clock").write_text("2026-11-22T06:00:00+00:00", "ascii")
    monkeypatch.setenv("PASSERELLE_CLOCK", str(tmp_path / "clock"))
    monkeypatch.setattr(progress, "tell", lambda host, en, fr: said.append(f"{host}: {en} / {fr}"))
    return said


def run(*, replaying: bool = False) -> SimpleNamespace:
    return SimpleNamespace(source="ville.test", tape=SimpleNamespace(replaying=replaying))


def test_it_says_once_a_minute_how_many_are_done_and_how_long_the_rest_takes(lines: list[str]) -> None:
    for _ in told(run(), "threads", "fils", range(20)):
        clock.sleep(25)
    assert lines[0] == "ville.test: threads: 3 of 20 done, about 7 min to go / fils : 3 sur 20, encore 7 min environ"
    assert [line.split(" done")[0] for line in lines] == [f"ville.test: threads: {n} of 20" for n in range(3, 20, 3)]


def test_what_is_soon_done_and_a_replay_say_nothing(lines: list[str]) -> None:
    assert list(told(run(), "threads", "fils", range(1000))) == list(range(1000))
    for _ in told(run(replaying=True), "threads", "fils", range(20)):
        clock.sleep(25)
    assert list(told(run(), "threads", "fils", ())) == []
    assert lines == []
