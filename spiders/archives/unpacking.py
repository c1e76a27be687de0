"""Streams that count what they unpack and say when they are cut."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import zstandard

from passerelle.errors import UsageError

FREE_BYTES = 4 * 1024**3
MAX_RATIO = 300
"""Posts, however alike, pack to a hundredth at best; what unpacks to more is made to fill a disk."""
_WINDOW = 2**31
_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile)


if TYPE_CHECKING:
    Reader = io.BufferedReader[Any]
else:
    Reader = io.BufferedReader


class BrokenArchiveError(Exception):
    """A packed file that is cut or damaged."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still come out of `path`, which has `size` bytes."""

    path: Path
    size: int
    read: int = 0

    def take(self, number: int) -> None:
        """Note `number` bytes. Raises UsageError where the file gives out of all proportion."""
        self.read += number
        if self.read > FREE_BYTES + MAX_RATIO * self.size:
            raise UsageError(
                en=f"{self.path}: unpacks to more than {MAX_RATIO} times its size; nothing was imported, check it",
                fr=f"{self.path} : se décompresse à plus de {MAX_RATIO} fois sa taille ; rien n'a été importé, "
                "vérifiez le fichier",
            )


class Measured(io.RawIOBase):
    """Reads from another stream, whole blocks, within a budget. Raises BrokenArchiveError where that one breaks off."""

    def __init__(self, inner: IO[bytes], budget: Budget) -> None:
        self._inner, self._budget = inner, budget

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Whether the stream below can go back."""
        return self._inner.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, which may mean to unpack from the beginning."""
        try:
            return self._inner.seek(offset, whence)
        except (*_BROKEN, OSError) as error:
            raise _as_damage(error) from error

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._inner.tell()

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as there is something."""
        view, filled = memoryview(buffer), 0
        try:
            while filled < len(view) and (block := self._inner.read(len(view) - filled)):
                view[filled : filled + len(block)] = block
                filled += len(block)
                self._budget.take(len(block))
        except (*_BROKEN, OSError) as error:
            raise _as_damage(error) from error
        return filled


def _as_damage(error: Exception) -> Exception:
    """An error of the system stays one; bz2 says with an OSError without number that its data are broken."""
    return error if isinstance(error, OSError) and error.errno else BrokenArchiveError()


class ZstdStream(io.RawIOBase):
    """Unpacks zstd frames one after the other; zstandard's own reader ends without a word where a file is cut."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self._frame = self._next()
        self._waiting = b""
        self._begun = False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with some bytes, none at the end."""
        while not self._waiting:
            if self._frame.eof:
                rest, self._frame, self._begun = self._frame.unused_data, self._next(), False
            else:
                rest = b""
            block = rest or self._inner.read(1 << 18)
            if not block:
                if self._begun:
                    raise EOFError
                return 0
            self._begun = True
            self._waiting = self._frame.decompress(block)
        number = min(len(buffer), len(self._waiting))
        buffer[:number], self._waiting = self._waiting[:number], self._waiting[number:]
        return number

    @staticmethod
    def _next() -> Any:
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
