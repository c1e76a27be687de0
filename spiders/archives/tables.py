"""Rows of a table of text (CSV and its kin) as dictionaries, with the line each one begins on."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from passerelle.errors import UsageError
from spiders.archives.columns import spellings
from spiders.archives.lines import MAX_LINE_BYTES, Place
from spiders.archives.unpacking import Reader

CsvRow = dict[str, str]
BROKEN_QUOTES = "quotes that do not pair"
NOT_TEXT = "bytes that are not UTF-8"
MAX_LINES_A_ROW = 2_000
_SEPARATORS = ",;\t|"
_SAYS_SEPARATOR = re.compile(r"sep=(.)\r?\n?\Z", re.IGNORECASE)
_ESCAPED = re.compile(r'(?<![\\"])\\"(?![";,\t|\r\n])')
_AROUND = " \t\r\n\ufeff\u200b\xa0"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by its header's names, or the `reason` for which there is none. `is_short`: it has not all its cells."""

    line: int
    cells: CsvRow
    reason: str = ""
    is_short: bool = False


class _Lines:
    """Lines of text that can be given back, so that a broken row costs its first line and no more."""

    def __init__(self, text: Iterable[str], place: Place) -> None:
        self._text = iter(text)
        self._again: deque[str] = deque()
        self._place = place
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) > MAX_LINES_A_ROW:
            raise csv.Error
        line = self._again.popleft() if self._again else next(self._text)
        self._place.line += 1
        self.taken.append(line)
        return line

    def begin(self) -> int:
        """Start a row; the number of its first line."""
        self.taken = []
        return self._place.line + 1

    def give_back(self) -> None:
        """Read all but the first line of the row again."""
        self._again.extendleft(reversed(self.taken[1:]))
        self._place.line -= len(self.taken) - 1


def header_of(head: bytes) -> tuple[list[str], str, bool]:
    """The names in the first row of a table that begins with `head`, its separator, and whether a line says that one.

    The separator is the one of comma, semicolon, tab and bar that the header holds most often.
    """
    lines = io.StringIO(head[: 1 << 20].decode("utf-8", "replace"), newline="").readlines()
    while lines and lines[0].isspace():
        lines.pop(0)
    said = _SAYS_SEPARATOR.match(lines[0]) if lines else None
    rest = lines[1:] if said else lines
    separator = said[1] if said else max(_SEPARATORS, key=(rest or [""])[0].count)
    try:
        names = next(csv.reader(rest, delimiter=separator), [])
    except csv.Error:
        names = []
    return [name.strip(_AROUND) for name in names], separator, bool(said)


def csv_rows(path: Path, stream: Reader, head: bytes, needed: Iterable[str], place: Place) -> Iterator[TableRow]:
    """Each row of a table. Raises UsageError for a column of `needed` that the header lacks, or has twice.

    A row without its last cells (spreadsheets leave empty ones out) has them empty; empty cells too many are left
    out; the header repeated further down (files put together) is passed over.
    """
    csv.field_size_limit(MAX_LINE_BYTES)
    header, separator, says = header_of(head)
    _check_header(path, header, list(needed))
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="surrogateescape", newline="")
    source = _Lines(text, place)
    escape = _ESCAPED.search(head[: 1 << 18].decode("utf-8", "replace"))
    reader = (
        csv.reader(source, delimiter=separator, strict=True, doublequote=False, escapechar="\\")
        if escape
        else csv.reader(source, delimiter=separator, strict=True)
    )
    names: list[str] = []
    for line, cells in _cells(reader, source):
        if cells is None:
            yield TableRow(line, {}, BROKEN_QUOTES)
        elif not any(map(str.strip, cells)) or (
            says and not names and len(cells) <= 2 and cells[0].lower().startswith("sep=")
        ):
            continue
        elif not names or [cell.strip(_AROUND) for cell in cells] == header:
            names = names or header
        else:
            names = _with_row_names(names, cells)
            yield _row(line, names, cells)


def _cells(reader: Iterator[list[str]], source: _Lines) -> Iterator[tuple[int, list[str] | None]]:
    while True:
        line = source.begin()
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            source.give_back()
            yield line, None


def _with_row_names(header: list[str], cells: list[str]) -> list[str]:
    """R's write.table gives each row a name and the header none for it: the first row then begins with 1."""
    is_first_of_r = len(cells) == len(header) + 1 and cells[0] == "1" and cells[-1] != ""
    return ["", *header] if is_first_of_r else header


def _row(line: int, header: list[str], cells: list[str]) -> TableRow:
    if any(map(str.strip, cells[len(header) :])):
        return TableRow(line, {}, f"{len(cells)} cells where the header has {len(header)}")
    if any("\udc80" <= character <= "\udcff" for cell in cells if not cell.isascii() for character in cell):
        return TableRow(line, {}, NOT_TEXT)
    is_short = len(cells) < len(header)
    return TableRow(line, dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False)), is_short=is_short)


def _check_header(path: Path, header: list[str], needed: list[str]) -> None:
    shown = ", ".join(header)[:200]
    if missing := [column for column in needed if not any(name in header for name in spellings(column))]:
        names = ", ".join(f"'{column}'" for column in missing)
        raise UsageError(
            en=f"{path}: column {names} is missing; the header has: {shown}",
            fr=f"{path} : la colonne {names} manque ; l'en-tête contient : {shown}",
        )
    known = dict.fromkeys(name for column in needed for name in spellings(column))
    if twice := [column for column in known if header.count(column) > 1]:
        names = ", ".join(f"'{column}'" for column in twice)
        raise UsageError(
            en=f"{path}, line 1: column {names} stands twice; give each its own name in the file",
            fr=f"{path}, ligne 1 : la colonne {names} figure deux fois ; donnez un nom à chacune dans le fichier",
        )
