"""Lines of a file, gzip or not, with their numbers. A cut archive is an error, never a shorter archive."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from passerelle.errors import UsageError, french_reason

MAX_LINE_BYTES = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The content of `path`, unpacked if it is gzip. Raises UsageError if it cannot be opened."""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise
        raise UsageError(
            en=f"{path}: cannot read ({error.strerror}); check the path and its rights",
            fr=f"{path} : lecture impossible ({french_reason(error)}) ; vérifiez le chemin et les droits",
        ) from None


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line that is not blank, with its number from 1; one over MAX_LINE_BYTES comes cut at that length.

    Raises UsageError, with the last good line, for a gzip file that is cut or damaged.
    """
    number = 0
    try:
        with opened(path) as file:
            while line := file.readline(MAX_LINE_BYTES):
                number += 1
                if number == 1:
                    line = line.removeprefix(_BOM)
                if not line.endswith(b"\n"):
                    _skip_rest(file)
                if not line.isspace():
                    yield number, line
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise truncated(path, number) from None


def truncated(path: Path, number: int) -> UsageError:
    """The error for a gzip file that ends too soon or is damaged after line `number`."""
    return UsageError(
        en=f"{path}: the gzip file is cut or damaged after line {number}; nothing was imported, fetch the file again",
        fr=f"{path} : le fichier gzip est tronqué ou abîmé après la ligne {number} ; rien n'a été importé, "
        "récupérez-le à nouveau",
    )


def _skip_rest(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass
