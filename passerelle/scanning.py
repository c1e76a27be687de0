"""Is somebody anywhere in a folder? Every byte is looked at, as it lies and as it reads once it is unpacked.

WARC and other gzip files are decompressed, Parquet decoded page by page, SQLite read as it lies, pages that were given
free included; what JSON and addresses write in escapes is read too.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pyarrow as pa
import pyarrow.parquet as pq

_PSEUDONYM = re.compile(rb"(?<![0-9a-z])[ahlp][0-9a-f]{24}(?![0-9a-f])")
_ANYWHERE = re.compile(rb"(?=([ahlp][0-9a-f]{24}))")
_ESCAPED = re.compile(rb"(?:\\u[0-9a-fA-F]{4})+")
_SQLITE = b"SQLite format 3"
_SLASH = b"\\/"
_CHUNK = 1 << 22
_OVERLAP = 4096


@dataclass(slots=True)
class Scanned:
    """What a search came to: files and bytes looked at, and by file how many bytes of it matched."""

    files: int = 0
    bytes: int = 0
    matched: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    @property
    def bytes_matched(self) -> int:
        """All bytes that matched."""
        return sum(self.matched.values())


class Needles:
    """What is looked for: words (letter case ignored) and pseudonyms."""

    def __init__(self, words: Iterable[str], pseudonyms: Iterable[str]) -> None:
        given = {word for word in words if word}
        self.words = sorted({word.casefold() for word in given}, key=lambda word: (-len(word), word))
        self.pseudonyms = frozenset(one.encode() for one in pseudonyms)
        # of letters that are no ASCII bytes know no case: as given, small and large
        spelt = sorted({form.encode() for word in (*given, *self.words) for form in (word, word.upper())})
        # a word that ends in a letter or digit is not looked for within a longer one
        self._pattern = re.compile(b"|".join(map(_bounded, spelt)), re.IGNORECASE) if spelt else None
        self._within = re.compile(b"|".join(map(re.escape, spelt)), re.IGNORECASE) if spelt else None

    def __len__(self) -> int:
        return len(self.words) + len(self.pseudonyms)

    def only(self, one: str) -> Needles:
        """One of them alone."""
        return Needles([one], ()) if one in self.words else Needles((), [one])

    def masked(self, data: bytes, mask: bytes) -> bytes:
        """`data` with `mask` in the place of each of them."""
        found = _PSEUDONYM.sub(lambda match: mask if match[0] in self.pseudonyms else match[0], data)
        return self._pattern.sub(mask, found) if self._pattern else found

    def within(self, data: bytes) -> int:
        """The same where what stands beside them may be anything: between the cells of a database."""
        found = sum(len(one) for one in _ANYWHERE.findall(data) if one in self.pseudonyms) if self.pseudonyms else 0
        return found + (sum(len(match[0]) for match in self._within.finditer(data)) if self._within else 0)

    def matched(self, data: bytes) -> int:
        """How many bytes of `data` are one of them."""
        found = sum(len(one) for one in _PSEUDONYM.findall(data) if one in self.pseudonyms) if self.pseudonyms else 0
        return found + (sum(len(match[0]) for match in self._pattern.finditer(data)) if self._pattern else 0)


def scan_for(folders: Collection[Path], needles: Needles) -> Scanned:
    """Look for `needles` in every file below `folders`, and in names of files; a file is a folder of one."""
    done = Scanned()
    for path in _files(folders):
        done.files += 1
        found = needles.matched(path.name.encode("utf-8", "surrogateescape"))
        try:
            for data in readings(path):
                done.bytes += len(data)
                found += sum(needles.matched(reading) for reading in _spellings(data))
                found += needles.within(data) if is_database(path) else 0
        except OSError:
            done.unread.append(str(path))
        if found:
            done.matched[str(path)] = found
    return done


def readings(path: Path) -> Iterator[bytes]:
    """The bytes of a file as they lie, then as they read once unpacked."""
    yield from _pieces(path)
    if path.suffix == ".gz":
        yield from _unzipped(path)
    elif path.suffix == ".parquet":
        yield from _decoded(path)


def is_database(path: Path) -> bool:
    """Whether a file is a database of SQLite, or its journal."""
    if path.name.endswith(("-wal", "-shm", "-journal")):
        return True
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _files(folders: Collection[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_file():
            yield folder
        else:
            yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:] if len(piece) == _CHUNK else b""


def _unzipped(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) as file:
            tail = b""
            while piece := file.read(_CHUNK):
                yield tail + piece
                tail = piece[-_OVERLAP:] if len(piece) == _CHUNK else b""
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return  # what is cut was read as far as it goes


def _decoded(path: Path) -> Iterator[bytes]:
    try:
        file = pq.ParquetFile(path)
        for batch in file.iter_batches():
            for column in pa.table(batch).columns:
                yield from _texts(column)
    except pa.ArrowException:
        return


def _texts(column: pa.ChunkedArray) -> Iterator[bytes]:
    words = {str(value) for value in column.to_pylist() if value is not None}
    yield "\n".join(sorted(words)).encode("utf-8", "surrogatepass")


def _spellings(data: bytes) -> Iterator[bytes]:
    yield data
    if b"\\u" in data or _SLASH in data:
        yield _ESCAPED.sub(_unescaped, data.replace(_SLASH, b"/"))
    if b"%" in data:
        yield unquote_to_bytes(data)


def _unescaped(match: re.Match[bytes]) -> bytes:
    units = bytes.fromhex(match[0].replace(b"\\u", b"").decode())
    return units.decode("utf-16-be", "replace").encode()


def _bounded(word: bytes) -> bytes:
    plain = re.escape(word)
    return (rb"(?<![0-9A-Za-z_])" if word[:1].isalnum() else b"") + plain + rb"(?![0-9A-Za-z_])"
