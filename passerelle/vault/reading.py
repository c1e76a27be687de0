"""Reading a run's files: every record verified (length and digest) before anything is served from it."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.utils import Digester

from passerelle.vault.model import Attempt, RunInfo, parse_warc_date

# what warcio raises on records that are cut within their head, seen by cutting one at every byte
_DAMAGE = (ArchiveLoadFailed, zlib.error, EOFError, KeyError, ValueError, AttributeError, TypeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where one record stands. `number` counts the records of its file from 1."""

    path: Path
    offset: int
    number: int
    kind: str
    url: str
    captured_at: datetime
    fingerprint: str = ""
    ordinal: int = 0
    digest: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, attempt: Attempt, path: Path, offset: int, digest: str) -> Entry:
        """The entry of an answer that was just written."""
        return cls(
            path=path,
            offset=offset,
            number=0,
            kind="response",
            url=attempt.url,
            captured_at=attempt.captured_at,
            digest=digest,
        )


@dataclass(slots=True)
class Scan:
    """The sound records of one file, in order; `damage` says what follows the last of them, if anything is amiss."""

    path: Path
    entries: list[Entry] = field(default_factory=list)
    damage: str | None = None


def scan(path: Path) -> Scan:
    """Read the whole of `path` and verify each record. Damage ends the scan; it raises nothing."""
    found = Scan(path)
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests=True)
        try:
            for record in records:
                body = record.content_stream().read()
                if not _is_sound(record):
                    found.damage = "cut short or altered"
                    return found
                offset = records.get_record_offset()
                found.entries.append(_entry(path, offset, len(found.entries) + 1, record, body))
        except _DAMAGE as error:
            found.damage = f"unreadable: {type(error).__name__}"
    return found


def _is_sound(record: Any) -> bool:
    """Whether the record, read to its end, is as long as it says and has the digests that it states."""
    if record.rec_type != "revisit":
        return record.digest_checker.passed is True
    # warcio leaves revisits unverified: their block is the answer's head alone
    block = record.http_headers.to_ascii_bytes()
    digester = Digester("sha1")
    digester.update(block)
    headers = record.rec_headers
    stated = headers.get_header("WARC-Block-Digest"), int(headers.get_header("Content-Length"))
    return stated == (str(digester), len(block))


def _entry(path: Path, offset: int, number: int, record: Any, body: bytes) -> Entry:
    headers = record.rec_headers
    return Entry(
        path=path,
        offset=offset,
        number=number,
        kind=record.rec_type,
        url=headers.get_header("WARC-Target-URI") or "",
        captured_at=parse_warc_date(headers.get_header("WARC-Date")),
        fingerprint=headers.get_header("Passerelle-Fingerprint") or "",
        ordinal=int(headers.get_header("Passerelle-Ordinal") or 0),
        digest=headers.get_header("WARC-Payload-Digest") or "",
        fields=_fields(body) if record.rec_type in ("warcinfo", "metadata") else {},
    )


def _fields(body: bytes) -> dict[str, str]:
    lines = (line.partition(": ") for line in body.decode("utf-8").splitlines())
    return {name.removesuffix(":"): value for name, _, value in lines}


def first_entry(path: Path) -> Entry | None:
    """The ``warcinfo`` entry that opens `path`; None where there is none."""
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                return _entry(path, 0, 1, record, record.content_stream().read())
        except _DAMAGE:
            return None
    return None


def load(entry: Entry, payloads: Mapping[str, Entry]) -> Attempt:
    """The attempt that stands at `entry`; a revisit takes its body from the record it refers to (`payloads`).

    Raises KeyError when that record is nowhere in the vault.
    """
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body = b""
    if entry.kind != "metadata":
        status, headers, body = _answer(entry)
    if entry.kind == "revisit":
        body = _answer(payloads[entry.digest])[2]
    return Attempt(
        url=entry.url,
        fingerprint=entry.fingerprint,
        ordinal=entry.ordinal,
        captured_at=entry.captured_at,
        status=status,
        headers=headers,
        body=body,
        failure=entry.fields.get("failure"),
        detail=entry.fields.get("detail", ""),
    )


def _answer(entry: Entry) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    with entry.path.open("rb") as file:
        file.seek(entry.offset)
        record = next(iter(ArchiveIterator(file)))
        body = record.content_stream().read()
        http = record.http_headers
        return int(http.get_statuscode()), tuple(http.headers), body


@dataclass(slots=True)
class RecordedRun:
    """One run as the vault holds it: who it was, its attempts in order, and how it ended (None: it did not)."""

    info: RunInfo
    parts: list[Path]
    attempts: dict[str, list[Entry]]
    ended: str | None

    def __len__(self) -> int:
        return sum(len(entries) for entries in self.attempts.values())


def recorded_run(info: RunInfo, scans: list[Scan], end: str) -> RecordedRun:
    """Put the parts of a run together; `end` is the URI of the record that ends it."""
    attempts: dict[str, list[Entry]] = defaultdict(list)
    ended = None
    for entry in _entries(scans):
        if entry.url == end:
            ended = entry.fields["status"]
        elif entry.fingerprint:
            attempts[entry.fingerprint].append(entry)
    return RecordedRun(info, [found.path for found in scans], dict(attempts), ended)


def _entries(scans: list[Scan]) -> Iterator[Entry]:
    for found in scans:
        yield from found.entries
