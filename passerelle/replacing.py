"""One folder in another's place, at once: whoever looks sees the old one or the new one."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

_AT_FDCWD, _EXCHANGE = -100, 2


def put_in_place(draft: Path, place: Path) -> None:
    """Let `draft` be what `place` names, and remove what was there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        draft.rename(place)
        return
    if not _exchanged(draft, place):  # a file system that cannot: for a moment there is neither
        old = draft.with_name(draft.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        place.rename(old)
        draft.rename(place)
        draft = old
    shutil.rmtree(draft)


def _exchanged(one: Path, other: Path) -> bool:
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return swap is not None and swap(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0
