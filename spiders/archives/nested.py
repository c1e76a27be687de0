"""Rows of JSON that stand in others: a list of rows in one object, and what answers a row beside it, at any depth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from passerelle.campaign import Mapping as Columns
from spiders.archives.columns import MappedRow, every, spellings
from spiders.archives.fields import NOT_OBJECT


class NestedRow(NamedTuple):
    """A row and where it stands; a text in its place says why there is none."""

    where: str
    row: MappedRow | str


def rows_in(columns: Columns, where: str, value: MappedRow | str) -> Iterator[NestedRow]:
    """The rows of one object: those of its list, or itself where it has none."""
    lists = [] if isinstance(value, str) or not columns.rows else _lists(value, columns.rows)
    if not lists:
        yield NestedRow(where, value)
    for number, one in enumerate((one for found in lists for one in found), 1):
        yield NestedRow(f"{where}, row {number}", one if isinstance(one, Mapping) else NOT_OBJECT)


def comments_in(columns: Columns, where: str, row: MappedRow | str) -> list[NestedRow]:
    """What stands under `row` and answers it."""
    if isinstance(row, str) or not columns.comments:
        return []
    found = (one for comments in _lists(row, columns.comments) for one in comments)
    return [
        NestedRow(f"{where}, comment {number}", one if isinstance(one, Mapping) else NOT_OBJECT)
        for number, one in enumerate(found, 1)
    ]


def _lists(row: MappedRow, column: str) -> list[list[Any]]:
    """Every list of `column`, an object in whose place is a list of one."""
    values = (value for name in spellings(column) for value in every(row, name))
    return [value if isinstance(value, list) else [value] for value in values if isinstance(value, (list, Mapping))]
