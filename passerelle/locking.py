"""A folder's one writer: a lock that its holder may hand on to a child, and that no dead process can keep."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from passerelle.errors import LockedError

_held: dict[str, int] = {}
"""Folders whose lock this process holds: folder -> descriptor of the lock file."""


@contextmanager
def locked(folder: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Hold `folder`, made where there is none; a process that holds it already may take it again.

    The kernel lets go of the lock when its holder dies. Raises LockedError if another process still holds it after
    `wait_seconds`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = str(folder.resolve())
    if name in _held:
        yield
        return
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _seize(folder, descriptor, time.monotonic() + wait_seconds)
        _held[name] = descriptor
        yield
    finally:
        _held.pop(name, None)
        os.close(descriptor)


def descriptor_of(folder: Path) -> int:
    """Descriptor of the lock that this process holds. Raises KeyError if it holds none."""
    return _held[str(folder.resolve())]


def inherit(folder: Path, descriptor: int) -> None:
    """Hold the lock that a parent handed on: it stays taken until both have ended. Raises LockedError."""
    try:
        ours = os.path.samestat(os.fstat(descriptor), os.stat(folder / "lock"))
    except OSError:
        ours = False
    if not ours:
        raise _refused(folder)
    _held[str(folder.resolve())] = descriptor


def _seize(folder: Path, descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _refused(folder) from None
            time.sleep(min(1.0, max(0.05, deadline - time.monotonic())))


def _refused(folder: Path) -> LockedError:
    return LockedError(
        en=f"{folder}: another run is writing here; try again when it has ended",
        fr=f"{folder} : une autre exécution écrit ici ; réessayez quand elle sera finie",
    )
