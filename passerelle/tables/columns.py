"""What a column and a table are, and the columns that many tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.allowed import first_stray
from passerelle.platforms import PLATFORMS

TIME = pa.timestamp("us", tz="UTC")
TEXT, INT, REAL, FLAG, LIST = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its Arrow type, whether null has a meaning, and its words.

    `before` is what rows hold that were written before the column was added, where null has no meaning. `values` are
    all that it may hold, where that is a short list.
    """

    name: str
    type: pa.DataType
    en: str
    fr: str
    nullable: bool = True
    before: str | bool | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: grain in words, key, partition column, columns in order."""

    name: str
    en: str
    fr: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: str | None = None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; key columns are never null."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]

    def empty(self) -> pa.Table:
        """A table of no rows with this schema."""
        return self.schema.empty_table()

    def conform(self, table: pa.Table) -> pa.Table:
        """`table` with these columns in this order and type; a missing nullable column is null.

        Raises KeyError for a missing mandatory column, pyarrow.ArrowInvalid for a value that does not fit, ValueError
        for one that the column may not hold.
        """
        return pa.table(
            {c.name: _column(table, c) for c in self.columns},
            schema=self.schema,
        )

    def brought_up(self, rows: pa.Table) -> pa.Table:
        """`rows` (any of these columns) of an older file; nulls in a column with a `before` become that."""
        for column in self.columns:
            place = rows.schema.get_field_index(column.name)
            if column.before is not None and place >= 0 and rows[column.name].null_count:
                filled = pc.fill_null(rows[column.name], pa.scalar(column.before, column.type))
                rows = rows.set_column(place, rows.schema.field(place), filled)
        return rows


def _column(table: pa.Table, column: Column) -> pa.ChunkedArray | pa.Array:
    if column.name in table.column_names:
        found = table[column.name].cast(column.type)
        if column.values and (stray := first_stray(pc.unique(found).to_pylist(), column.values)) is not None:
            raise ValueError(f"column '{column.name}' may hold {', '.join(column.values)}, not '{stray}'")
        return found
    if not column.nullable:
        raise KeyError(f"column '{column.name}' is missing")
    return pa.nulls(table.num_rows, column.type)


def optional(name: str, kind: pa.DataType, en: str, fr: str) -> Column:
    """A column where null has a meaning."""
    return Column(name, kind, en, fr)


def required(name: str, kind: pa.DataType, en: str, fr: str, before: str | bool | None = None) -> Column:
    """A column that is never null."""
    return Column(name, kind, en, fr, nullable=False, before=before)


def one_of(name: str, values: object, en: str, fr: str, *, nullable: bool = False) -> Column:
    """A text column that holds one of a Literal's values."""
    return Column(name, TEXT, en, fr, nullable=nullable, values=get_args(values))


UNKNOWN = "unknown"
"""Source of what was written before its table named it, where nothing else tells it."""

PLATFORM = required(
    "platform",
    TEXT,
    f"Family of the source: {', '.join(PLATFORMS)}, or the name given by an import",
    f"Famille de la source : {', '.join(PLATFORMS)}, ou le nom donné par un import",
)
POST_ID = required(
    "post_id",
    TEXT,
    "Pseudonym of the post's canonical URI",
    "Pseudonyme de l'URI canonique de la publication",
)
ACCOUNT_ID = required("account_id", TEXT, "Pseudonym of the account", "Pseudonyme du compte")
RUN_ID = required("run_id", TEXT, "The run that brought the row", "La collecte qui a apporté la ligne")
