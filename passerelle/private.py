"""What a lake keeps for its owner's eyes alone: everything but the releases, which are to be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
OTHERS = 0o077
_own_masks: list[int] = []
_tightened: set[Path] = set()


@contextmanager
def kept_private(root: Path, readable: Path) -> Iterator[None]:
    """While a lake is written: what is made is its owner's alone, and what lay open under `root` is so no longer.

    `readable`, a folder of `root`, is left as it is. What belongs to somebody else is left too: `doctor` tells.
    """
    _own_masks.append(os.umask(OTHERS))
    try:
        if root.resolve() not in _tightened:
            tighten(root, readable)
            _tightened.add(root.resolve())
        yield
    finally:
        os.umask(_own_masks.pop())


@contextmanager
def private_files() -> Iterator[None]:
    """While something is made, anywhere, that is its owner's alone."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def readable_by_others() -> Iterator[None]:
    """While something is made that others are to read: as the user has it elsewhere."""
    if not _own_masks:
        yield
        return
    before = os.umask(_own_masks[0])
    try:
        yield
    finally:
        os.umask(before)


def tighten(root: Path, readable: Path) -> None:
    """Take from others what :func:`open_to_others` finds."""
    for path in open_to_others(root, readable):
        try:
            close(path)
        except PermissionError:
            continue


def open_to_others(root: Path, readable: Path) -> Iterator[Path]:
    """Folders and files under `root`, itself and `readable` apart, that others than their owner can get at."""
    for named in sorted(root.iterdir()) if root.is_dir() else ():
        if named == readable:
            continue
        if is_open(top := named.resolve()):
            yield top
        for folder, folders, files in os.walk(top):
            yield from (path for name in (*folders, *files) if is_open(path := Path(folder, name)))


def close(path: Path) -> None:
    """Take a folder or a file from all but its owner. Raises PermissionError where it is somebody else's."""
    path.chmod(FOLDER if path.is_dir() else FILE)


def is_open(path: Path) -> bool:
    """Whether others than its owner have any right to it."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    return not stat.S_ISLNK(mode) and bool(stat.S_IMODE(mode) & OTHERS)
