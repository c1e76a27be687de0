"""Rows of a CSV file as dictionaries, with the line each one ends on."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from passerelle.errors import UsageError
from spiders.archives.lines import MAX_LINE_BYTES, opened, truncated

CsvRow = dict[str, str]


def csv_rows(path: Path, needed: Iterable[str]) -> Iterator[tuple[int, CsvRow | str]]:
    """Each row of `path` by its header's names, or a string that says why the row is no row.

    The separator is the one of comma, semicolon and tab that the header holds most often. Raises UsageError for a
    column of `needed` that the header lacks (named), bytes that are not UTF-8, and a cut gzip file.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    number = 0
    try:
        with opened(path) as binary:
            text = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
            header_line = text.readline()
            separator = max(",;\t", key=header_line.count)
            header = next(csv.reader([header_line], delimiter=separator), [])
            _check_header(path, header, needed)
            reader = csv.reader(text, delimiter=separator)
            for cells in _cells(reader):
                number = reader.line_num + 1
                if cells:
                    yield number, _row(header, cells)
    except UnicodeDecodeError:
        raise UsageError(
            en=f"{path}: not UTF-8 after line {number or 1}; save the file as UTF-8 and import it again",
            fr=f"{path} : le fichier n'est pas en UTF-8 après la ligne {number or 1} ; enregistrez-le en UTF-8 "
            "puis relancez l'import",
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise truncated(path, number) from None


def _cells(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield ["", ""]


def _row(header: list[str], cells: list[str]) -> CsvRow | str:
    if len(cells) != len(header):
        return f"{len(cells)} cells where the header has {len(header)}"
    return dict(zip(header, cells, strict=True))


def _check_header(path: Path, header: list[str], needed: Iterable[str]) -> None:
    missing = [column for column in needed if column not in header]
    if missing:
        names = ", ".join(f"'{column}'" for column in missing)
        raise UsageError(
            en=f"{path}: column {names} is missing; the header has: {', '.join(header)[:200]}",
            fr=f"{path} : la colonne {names} manque ; l'en-tête contient : {', '.join(header)[:200]}",
        )
