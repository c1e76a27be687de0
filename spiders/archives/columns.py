"""What a mapping's columns find in a row: a cell, a dotted path into JSON, the first filled one of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from passerelle.campaign import Mapping as Columns

MappedRow = Mapping[str, Any]
_OR, _MAYBE = " | ", " |"
_NO_COLUMNS = (
    "platform", "unsigned", "time_format", "time_zone", "list_separator", "text_format", "encoding", "misread_as",
    "one_author", "answers", "files", "rows", "comments", "public",
)  # fmt: skip


def needed(columns: Columns) -> list[str]:
    """The columns that a table must have: of several with a bar between them, one; none where a bar is the end."""
    named = (value for value in columns.model_dump(exclude=set(_NO_COLUMNS)).values() if value)
    return [column for column in named if not column.endswith(_MAYBE)]


def spellings(column: str) -> list[str]:
    """The columns of which the first filled one counts."""
    return column.removesuffix(_MAYBE).split(_OR)


def may_lack(row: MappedRow, column: str) -> bool:
    """Whether `row` has none of the columns, and need not."""
    return column.endswith(_MAYBE) and not has(row, column)


def has(row: MappedRow, column: str) -> bool:
    """Whether `row` has any of the columns, filled or not."""
    return any(name in row or name.partition(".")[0] in row for name in spellings(column))


def filled(row: MappedRow, column: str) -> Any:
    """The first filled value of `column`; null where there is none."""
    first = None
    for name in spellings(column):
        for value in every(row, name):
            if value not in (None, "", [], {}):
                return value
            first = value if first is None else first
    return first


def every(row: MappedRow, column: str) -> Iterator[Any]:
    """All values of one column: a dotted path leads through nested objects, and through every object of a list."""
    if column in row:
        yield row[column]
    else:
        yield from _along(row, column.split("."))


def _along(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _along(one, path)
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _along(value[path[0]], path[1:])
