"""What time it is, and waiting: the only place that asks the system for either.

``PASSERELLE_CLOCK`` gives another clock to every step of the job, for tests, demonstrations and backfills:

- a moment, such as ``2026-03-09T04:00:00+00:00``: the time of a process begins there and goes on;
- a file that holds a moment: all processes that are given the file share that time. It stands still, but for waits:
  who waits moves it on.

With either, a wait passes at once and moves the clock by its length. Without it, this is the system's clock.
"""

from __future__ import annotations

import asyncio
import fcntl
import math
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from passerelle.errors import UsageError

VARIABLE = "PASSERELLE_CLOCK"
_started = time.monotonic()
_skipped = timedelta()


def now() -> datetime:
    """The present moment, in UTC. Raises UsageError where ``PASSERELLE_CLOCK`` holds neither a moment nor a file."""
    told = os.environ.get(VARIABLE)
    if not told:
        return datetime.now(UTC)
    if (begin := _moment(told)) is not None:
        return begin + timedelta(seconds=time.monotonic() - _started) + _skipped
    return _shared(Path(told))


def sleep(seconds: float) -> None:
    """Wait; under another clock, move it on instead."""
    if not os.environ.get(VARIABLE):
        time.sleep(seconds)
    else:
        _skip(seconds)


async def pause(seconds: float) -> None:
    """Wait and let others work meanwhile; under another clock, move it on instead."""
    if not os.environ.get(VARIABLE):
        await asyncio.sleep(seconds)
    else:
        _skip(seconds)
        await asyncio.sleep(0)


def is_told() -> bool:
    """Whether this is another clock than the system's: then it does not go on while nothing happens."""
    return bool(os.environ.get(VARIABLE))


def _skip(seconds: float) -> None:
    """A wait moves the clock, however short: whoever waits in small steps for a moment would wait for ever."""
    global _skipped
    wait = timedelta(microseconds=math.ceil(seconds * 1e6))
    told = os.environ[VARIABLE]
    if _moment(told) is not None:
        _skipped += wait
        return
    with Path(told).open("r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        moment = _checked(file.read().strip(), told) + wait
        file.seek(0)
        file.write(moment.isoformat(timespec="microseconds"))
        file.truncate()


def _shared(path: Path) -> datetime:
    try:
        with path.open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return _checked(file.read().strip(), str(path))
    except (OSError, UnicodeDecodeError):
        raise _unusable(str(path)) from None


def _checked(text: str, told: str) -> datetime:
    moment = _moment(text)
    if moment is None:
        raise _unusable(told)
    return moment


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _unusable(told: str) -> UsageError:
    return UsageError(
        en=f"{VARIABLE}={told}: write a moment such as 2026-03-09T04:00:00+00:00, or a file that holds one",
        fr=f"{VARIABLE}={told} : écrivez un moment, comme 2026-03-09T04:00:00+00:00, ou un fichier qui en contient un",
    )
