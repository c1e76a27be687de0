"""Lines of a content, with their numbers. A cut archive is an error, never a shorter archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from passerelle.errors import UsageError
from spiders.archives.unpacking import BrokenArchiveError

MAX_LINE_BYTES = 64 * 1024 * 1024


class Place:
    """Where in a content the reading is."""

    def __init__(self) -> None:
        self.line = 0


@contextmanager
def unbroken(path: Path, place: Place) -> Iterator[None]:
    """Raise UsageError, with the last good line, for a packed file that is cut or damaged."""
    try:
        yield
    except BrokenArchiveError:
        raise cut(path, place.line) from None


def lines(stream: BinaryIO, place: Place) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, with its number from 1; one over MAX_LINE_BYTES comes cut at that length."""
    while line := stream.readline(MAX_LINE_BYTES):
        place.line += 1
        if not line.endswith(b"\n") and len(line) == MAX_LINE_BYTES:
            _skip_rest(stream)
        if not line.isspace():
            yield place.line, line


def cut(path: Path, number: int) -> UsageError:
    """The error for a file that ends too soon or is damaged after line `number`."""
    return UsageError(
        en=f"{path}: the file is cut or damaged after line {number}; nothing was imported, fetch the file again",
        fr=f"{path} : le fichier est tronqué ou abîmé après la ligne {number} ; rien n'a été importé, "
        "récupérez-le à nouveau",
    )


def _skip_rest(stream: BinaryIO) -> None:
    while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass
