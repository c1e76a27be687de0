"""The clock that can be given from outside."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from passerelle import clock
from passerelle.errors import UsageError

MOMENT = datetime(2026, 3, 9, 4, tzinfo=UTC)


def test_the_systems_clock_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(clock.VARIABLE, raising=False)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_moment_goes_on_and_a_wait_moves_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, "2026-03-09T05:00:00+01:00")
    before, began = clock.now(), time.monotonic()
    assert before >= MOMENT
    clock.sleep(7200)
    assert clock.now() - before >= timedelta(hours=2)
    assert time.monotonic() - began < 60


def test_a_file_is_shared_by_processes_and_stands_still(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shared = tmp_path / "clock"
    shared.write_text("2026-03-09T04:00:00Z")
    monkeypatch.setenv(clock.VARIABLE, str(shared))
    assert clock.now() == clock.now() == MOMENT
    subprocess.run([sys.executable, "-c", "from passerelle import clock; clock.sleep(90)"], check=True)
    asyncio.run(clock.pause(30.5))
    assert clock.now() == MOMENT + timedelta(seconds=120.5)


@pytest.mark.parametrize("told", ["yesterday", "{folder}/missing", "{folder}/nonsense"])
def test_what_is_no_clock_is_refused(told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_text("soon")
    monkeypatch.setenv(clock.VARIABLE, told.format(folder=tmp_path))
    with pytest.raises(UsageError, match="PASSERELLE_CLOCK="):
        clock.now()


@pytest.mark.parametrize("told", ["2026-03-09T04:00:00Z", "clock"])
def test_a_wait_for_a_moment_between_two_microseconds_ends(
    told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is computed with floats falls there: a wait of nothing would be waited for ever."""
    shared = tmp_path / "clock"
    shared.write_text("2026-03-09T04:00:00.000001Z")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(clock.VARIABLE, told)
    until = clock.now().timestamp() + 3e-7
    for _ in range(3):
        if clock.now().timestamp() < until:
            clock.sleep(until - clock.now().timestamp())
    assert clock.now().timestamp() >= until
