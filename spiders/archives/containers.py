"""What a file holds: unpacked by its first bytes, whatever its name says, and never more than is sane."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, cast

import zstandard

from passerelle.errors import UsageError, french_reason
from spiders.archives.exports import chosen, is_archive, is_named, is_profile
from spiders.archives.foreign import document, refuse_foreign
from spiders.archives.unpacking import BrokenArchiveError, Budget, Measured, Reader, ZstdStream

HEAD_BYTES = 4 * 1024 * 1024
"""How much of a content can be looked at before it is read."""
MAX_DEPTH = 4
MAX_MEMBERS = 100_000
_PROFILE_BYTES = 16 * 1024 * 1024

_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_ZSTD, _ZIP, _EMPTY_ZIP = b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06"
_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile)


@dataclass(slots=True)
class Content:
    """One file's bytes, unpacked: read `stream` before asking for the next. `profile`: the export's page on its owner.

    `name` is that of the file given, with the member's path behind it where that is an archive of several.
    """

    path: Path
    name: str
    stream: Reader
    profile: bytes | None = None
    is_member: bool = False
    wanted: str | None = None

    @property
    def label(self) -> Path:
        """The file's path, with the member's behind it, for messages."""
        return Path(f"{self.path}{self.name.removeprefix(self.path.name)}")


@dataclass(frozen=True, slots=True)
class Opening:
    """How archives are opened: within what budget, and which of their files."""

    budget: Budget
    wanted: str | None


@contextmanager
def again(content: Content) -> Iterator[Content]:
    """The same content from its beginning, opened a second time."""
    found = contents(content.path, content.wanted)
    try:
        yield next(one for one in found if one.name == content.name)
    finally:
        found.close()


def contents(path: Path, wanted: str | None = None) -> Generator[Content]:
    """Every file in `path`, which may be packed (gzip, bz2, xz, zstd), an archive (zip, tar), or one in another.

    Of a platform's own export only what holds posts is opened; of an archive, with `wanted`, what is named so
    (patterns, with " | " between them). Raises UsageError for what cannot be opened, is cut, has a password, is a
    document of another kind, is nested deeper than MAX_DEPTH, or unpacks out of all proportion.
    """
    try:
        with path.open("rb") as raw:
            budget = Budget(path, path.stat().st_size)
            for content in _open(path, path.name, cast(IO[bytes], raw), Opening(budget, wanted), 0):
                content.wanted = wanted
                if not (wanted and content.is_member and not is_named(content.name, wanted)):
                    yield content
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise BrokenArchiveError from error
        raise UsageError(
            en=f"{path}: cannot read ({error.strerror or error}); check the path and its rights",
            fr=f"{path} : lecture impossible ({french_reason(error)}) ; vérifiez le chemin et les droits",
        ) from None


def _open(path: Path, name: str, raw: IO[bytes], how: Opening, depth: int) -> Iterator[Content]:
    if depth > MAX_DEPTH:
        raise UsageError(
            en=f"{path}: archives inside archives, more than {MAX_DEPTH} deep; unpack it and import what is inside",
            fr=f"{path} : archives imbriquées à plus de {MAX_DEPTH} niveaux ; décompressez-la et importez son contenu",
        )
    stream = io.BufferedReader(Measured(raw, how.budget), HEAD_BYTES)
    head = stream.peek(HEAD_BYTES)
    refuse_foreign(path, name, head)
    if head.startswith((*_PACKED, _ZSTD)):
        yield from _open(path, name, _unpacked(stream, head), how, depth + 1)
    elif head.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _zip_members(path, name, stream, how, depth)
    elif head[257:262] == b"ustar":
        yield from _tar_members(path, name, stream, how, depth)
    else:
        yield Content(path, name, stream)


def _zip_members(path: Path, name: str, stream: Reader, how: Opening, depth: int) -> Iterator[Content]:
    with _seekable(stream) as file, _damage(), zipfile.ZipFile(file) as archive:
        files = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        document(path, files)
        for member, profile in _pairs(path, list(files), how.wanted):
            if files[member].flag_bits & 1:
                raise _locked(path)
            with _known_method(path):
                told = archive.open(files[profile]).read(_PROFILE_BYTES) if profile else None
                inside = archive.open(files[member])
            yield from _inside(path, f"{name}/{member}", inside, how, depth, told)


def _tar_members(path: Path, name: str, stream: Reader, how: Opening, depth: int) -> Iterator[Content]:
    with _seekable(stream) as file, _damage(), tarfile.open(fileobj=file, mode="r:") as archive:
        files = {info.name: info for info in islice(archive, MAX_MEMBERS + 1) if info.isfile()}
        for member, profile in _pairs(path, list(files), how.wanted):
            told = cast(IO[bytes], archive.extractfile(files[profile])).read(_PROFILE_BYTES) if profile else None
            inside = cast(IO[bytes], archive.extractfile(files[member]))
            yield from _inside(path, f"{name}/{member}", inside, how, depth, told)


def _inside(
    path: Path, name: str, raw: IO[bytes], how: Opening, depth: int, profile: bytes | None
) -> Iterator[Content]:
    for content in _open(path, name, raw, how, depth + 1):
        content.profile, content.is_member = content.profile or profile, True
        yield content


def _pairs(path: Path, names: list[str], wanted: str | None) -> list[tuple[str, str | None]]:
    """Members to be read, each with the profile that goes with it."""
    if len(names) > MAX_MEMBERS:
        raise UsageError(
            en=f"{path}: more than {MAX_MEMBERS} files inside; unpack it and import what holds posts",
            fr=f"{path} : plus de {MAX_MEMBERS} fichiers dedans ; importez ceux qui contiennent des publications",
        )
    if wanted:
        return [(name, None) for name in _named_so(path, names, wanted)]
    profile = next((name for name in names if is_profile(name)), None)
    return [(name, profile) for name in chosen(names)]


def _named_so(path: Path, names: list[str], wanted: str) -> list[str]:
    """Those that are wanted, and archives, in which some may be."""
    found = sorted(name for name in names if is_named(name, wanted) or is_archive(name))
    if not found:
        raise UsageError(
            en=f"{path}: none of the {len(names)} files inside is named {wanted}; export it as JSON or CSV where the "
            "platform asks, or correct files in the mapping",
            fr=f"{path} : aucun des {len(names)} fichiers ne se nomme {wanted} ; exportez en JSON ou en CSV si la "
            "plateforme le demande, ou corrigez files dans la correspondance",
        )
    return found


def _unpacked(stream: Reader, head: bytes) -> IO[bytes]:
    if head.startswith(_ZSTD):
        return io.BufferedReader(ZstdStream(stream))
    if head.startswith(b"BZ"):
        return bz2.BZ2File(stream)
    return lzma.LZMAFile(stream) if head.startswith(b"\xfd") else cast(IO[bytes], gzip.GzipFile(fileobj=stream))


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (*_BROKEN, tarfile.ReadError) as error:
        raise BrokenArchiveError from error


@contextmanager
def _known_method(path: Path) -> Iterator[None]:
    try:
        yield
    except NotImplementedError:
        raise UsageError(
            en=f"{path}: packed by a method that is not known here; unpack it and import what is inside",
            fr=f"{path} : compressé par une méthode inconnue ici ; décompressez-le et importez son contenu",
        ) from None


@contextmanager
def _seekable(stream: Reader) -> Iterator[IO[bytes]]:
    """`stream` where one may go back in it, else a copy of it on disk that has no name and goes with its use."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        while block := stream.read(1 << 20):
            copy.write(block)
        copy.seek(0)
        yield cast(IO[bytes], copy)


def _locked(path: Path) -> UsageError:
    return UsageError(
        en=f"{path}: a zip with a password; unpack it and import what is inside",
        fr=f"{path} : zip protégé par un mot de passe ; décompressez-le et importez son contenu",
    )
