"""Several overlapping files, in any order, as one stream of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from passerelle.campaign import Mapping
from passerelle.errors import UsageError
from passerelle.records import MalformedRecord, PostRecord, Record
from spiders.archives import rtweet, tweets_v1, tweets_v2
from spiders.archives.capture import Capture, in_order_of_capture
from spiders.archives.detect import Format, detect, is_empty, is_json
from spiders.archives.fields import FieldError, parsed, reading
from spiders.archives.lines import lines
from spiders.archives.mapped import Mapped, MappedRow, needed
from spiders.archives.tables import CsvRow, csv_rows

__all__ = ["Format", "read_archives"]


def read_archives(
    paths: Sequence[Path],
    *,
    clock: datetime,
    form: Format | None = None,
    mapping: Mapping | None = None,
    captured_at: datetime | None = None,
) -> Iterator[Record]:
    """Every record of `paths`: what cannot be read comes as MalformedRecord, with its file and line.

    `form` is detected where it is not given; a `mapping` means ``mapped``. Capture time is `captured_at`, else
    what the rows say, else the date in the file's name, else `clock` in the order given (later rows are newer).

    Raises UsageError for a file that cannot be opened, is cut, lacks a mapped column, has no known format, and for
    a collection in which no post could be read.
    """
    posts, trouble = 0, None
    rows = 0
    for path, base in in_order_of_capture(paths, clock, captured_at):
        capture = Capture(path.name, base, captured_at is not None, rows, assumed=base == clock)
        for record in _read(path, "mapped" if mapping else form, mapping, capture):
            posts += isinstance(record, PostRecord)
            trouble = trouble or (record if isinstance(record, MalformedRecord) else None)
            yield capture.not_before_its_time(record) if isinstance(record, PostRecord) else record
        rows = capture.rows
    if not posts:
        raise _empty(paths, trouble)


def _read(path: Path, form: Format | None, mapping: Mapping | None, capture: Capture) -> Iterator[Record]:
    if is_empty(path):
        return iter([MalformedRecord(source=path.name, where="file", reason="empty file", captured_at=capture.base)])
    match form or detect(path):
        case "twarc1":
            return _from_lines(path, capture, partial(_tweet_v1, capture))
        case "twarc2":
            return _from_lines(path, capture, partial(_tweets_v2, capture))
        case "rtweet":
            return _from_table(path, capture, rtweet.NEEDED, partial(_rtweet, capture))
        case _:
            return _mapped(path, mapping, capture)


def _mapped(path: Path, mapping: Mapping | None, capture: Capture) -> Iterator[Record]:
    if mapping is None:
        raise UsageError(
            en=f"{path}: a mapped file needs a column mapping; name one of the campaign's [mappings.NAME]",
            fr=f"{path} : ce fichier demande une correspondance de colonnes ; nommez l'une des [mappings.NOM] de la "
            "campagne",
        )
    mapped = Mapped(mapping)
    if is_json(path):
        return _from_lines(path, capture, lambda line, _: _mapped_row(mapped, capture, parsed(line)))
    return _from_table(path, capture, needed(mapping), lambda row: _mapped_row(mapped, capture, row))


def _from_lines(path: Path, capture: Capture, make: Callable[[bytes, str], Iterable[Record]]) -> Iterator[Record]:
    for number, line in lines(path):
        where = f"line {number}"
        yield from reading(partial(make, line, where), path.name, where, capture.base)


def _from_table(
    path: Path, capture: Capture, columns: Iterable[str], make: Callable[[CsvRow], Iterable[Record]]
) -> Iterator[Record]:
    for number, row in csv_rows(path, columns):
        where = f"line {number}"
        if isinstance(row, str):
            yield MalformedRecord(source=path.name, where=where, reason=row, captured_at=capture.base)
        else:
            yield from reading(partial(make, row), path.name, where, capture.base)


def _tweet_v1(capture: Capture, line: bytes, where: str) -> Iterator[Record]:
    tweet = parsed(line)
    if "user" not in tweet and "delete" not in tweet:
        raise FieldError("user")
    return tweets_v1.records_of_line(tweet, capture.stamp(), capture.source)


def _tweets_v2(capture: Capture, line: bytes, where: str) -> Iterator[Record]:
    page = parsed(line)
    captured_at = capture.stamp(tweets_v2.retrieved_at(page))
    return tweets_v2.records_of_line(page, captured_at, capture.source, where)


def _rtweet(capture: Capture, row: CsvRow) -> Iterator[Record]:
    return rtweet.records_of_row(row, capture.stamp(), capture.source)


def _mapped_row(mapped: Mapped, capture: Capture, row: MappedRow) -> Iterator[Record]:
    return mapped.records_of_row(row, capture.stamp(mapped.captured_at(row)), capture.source)


def _empty(paths: Sequence[Path], trouble: MalformedRecord | None) -> UsageError:
    names = ", ".join(map(str, paths)) or "-"
    why = f" ({trouble.source}, {trouble.where}: {trouble.reason})" if trouble else ""
    return UsageError(
        en=f"{names}: no post could be read{why}; nothing was imported, check the files",
        fr=f"{names} : aucune publication lisible{why} ; rien n'a été importé, vérifiez les fichiers",
    )
