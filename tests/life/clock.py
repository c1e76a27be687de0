"""The clock of a life: a file with a moment, which the command, its crawls and the server all obey."""

from __future__ import annotations

import fcntl
from datetime import datetime, timedelta
from pathlib import Path

ANSWER = timedelta(seconds=1)


class VirtualClock:
    """Reads and moves the moment in `path`, as `PASSERELLE_CLOCK` names it. One answer of the server takes a second."""

    def __init__(self, path: Path, begin: datetime) -> None:
        self.path = path
        self.set(begin)

    def now(self) -> datetime:
        """The present moment."""
        with self.path.open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return datetime.fromisoformat(file.read().strip())

    def tick(self) -> None:
        """The time of one answer goes by."""
        with self.path.open("r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            moment = datetime.fromisoformat(file.read().strip()) + ANSWER
            file.seek(0)
            file.write(moment.isoformat(timespec="microseconds"))
            file.truncate()

    def set(self, moment: datetime) -> None:
        """Go to `moment`; nothing else may be running."""
        self.path.write_text(moment.isoformat(timespec="microseconds"), encoding="ascii")
