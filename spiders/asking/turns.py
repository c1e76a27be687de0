"""One queue a host: whoever asks a host on this machine waits for whoever else does, another crawl or campaign.

A host is asked by one process at a time. What it said to the last one, how long to wait, holds for the next.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from passerelle import clock

_log = logging.getLogger(__name__)
_LOOK_AGAIN = 0.02  # seconds between two looks at whether it is our turn


@dataclass(frozen=True, slots=True)
class Word:
    """What the last one leaves: when it was `answered`, and until when what may not be asked, and why.

    Moments are unix seconds; `holds` are by what a limit is of, the host or one kind of question to it.
    """

    answered: float = 0.0
    holds: Mapping[str, tuple[float, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Turns:
    """The queues in which this process stands; without a `folder` it stands in none, as it asks alone."""

    folder: Path | None
    _held: dict[str, int] = field(default_factory=dict)

    async def take(self, host: str) -> Word:
        """Wait until nobody else asks `host`; what the last one left. Who can stand in no queue asks alone."""
        if self.folder is None:
            return Word()
        try:
            descriptor = os.open(self.folder / quote(host, safe=""), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError:
            return Word()
        try:
            while not _is_ours(descriptor):
                await clock.pause(_LOOK_AGAIN)
        except BaseException:
            os.close(descriptor)
            raise
        self._held[host] = descriptor
        return _read(descriptor)

    def leave(self, host: str, word: Word | None = None) -> None:
        """Let the next one ask `host`, and leave it a `word` (None: the one that was there)."""
        descriptor = self._held.pop(host, None)
        if descriptor is None:
            return
        try:
            if word is not None:
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, json.dumps([word.answered, word.holds]).encode(), 0)
        except OSError:  # no room: nothing is left for the next one
            _log.debug("no word left for %s", host)
        finally:
            os.close(descriptor)


def machine_queues() -> Path | None:
    """The folder of this user's queues on this machine; None where it cannot be ours alone, or time is not real."""
    if clock.is_told():
        return None
    told = os.environ.get("XDG_RUNTIME_DIR")
    parent = Path(told) if told else Path(tempfile.gettempdir())
    folder = parent / f"passerelle-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        told_of = folder.lstat()
    except OSError:
        return None
    return folder if told_of.st_uid == os.getuid() and not folder.is_symlink() else None


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> Word:
    """What stands in the file; nothing where nothing was written, or a writer was cut."""
    try:
        answered, holds = json.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
        return Word(float(answered), {place: (float(until), str(why)) for place, (until, why) in holds.items()})
    except (ValueError, TypeError, AttributeError):
        return Word()
