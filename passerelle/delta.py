"""How a table of the lake is read and written as Delta Lake, once it is known where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import DeltaTable

from passerelle.errors import PasserelleError
from passerelle.soundness import damage_told, is_written, open_table, refuse_lost_files, table_files
from passerelle.tables import Table


def dataset(path: Path, table: Table, version: int | None = None) -> ds.Dataset:
    """The Parquet files of a version, opened by pyarrow itself: docs/adr/0002 says why not by delta-rs."""
    partition = [table.schema.field(table.partition)] if table.partition else []
    return ds.dataset(
        table_files(_opened(path, version)),
        schema=table.schema,
        format="parquet",
        partitioning=ds.partitioning(pa.schema(partition), flavor="hive"),
        partition_base_dir=str(path.resolve()),
    )


def writable(path: Path, table: Table) -> DeltaTable:
    """The table to write to, made where there is none. Raises DamagedError unless it is whole."""
    if not is_written(path):
        partition = [table.partition] if table.partition else None
        return DeltaTable.create(str(path), schema=table.schema, mode="ignore", partition_by=partition)
    delta = open_table(path)
    refuse_lost_files(path, delta)
    return delta


def matching(path: Path, table: Table, rows: pa.Table) -> str:
    """When a kept row is one of `rows`: their keys are equal. For a merge, as SQL.

    Only partitions that may hold such a row are named: else a merge would read the whole table, however old.
    """
    same = [f"new.{column} = old.{column}" for column in table.key]
    if table.partition:
        names = [column for column in table.key if pa.types.is_string(table.schema.field(column).type)]
        telling = max(names, key=lambda column: pc.count_distinct(rows[column]).as_py())
        alike = among(telling, pc.unique(rows[telling]))
        places = dataset(path, table).to_table(columns=[table.partition], filter=alike)[table.partition]
        same.append(f"old.{table.partition} IN ({quoted(pc.unique(places).to_pylist() or [''])})")
    return " AND ".join(same)


def among(column: str, values: Sequence[str] | pa.Array) -> pc.Expression:
    """Filter for :meth:`Lake.read`: rows whose text `column` is one of `values`.

    The cast hides the statistics of files written by a merge, which are `string_view`: pyarrow cannot compare them
    with strings (docs/adr/0002).
    """
    return (
        pc.field(column)
        .cast(pa.string())
        .isin(values if isinstance(values, pa.Array) else pa.array(values, pa.string()))
    )


def refuse_newer(path: Path, columns: set[str]) -> None:
    """Raises PasserelleError where the table has `columns` that this program does not know."""
    if columns:
        listed = ", ".join(sorted(columns))
        raise PasserelleError(
            en=f"{path}: a newer version wrote {listed}, which this one does not know; install that one, "
            "nothing was changed",
            fr=f"{path} : une version plus récente y a écrit {listed}, que celle-ci ne connaît pas ; installez-la, "
            "rien n'a été modifié",
        )


def refuse_double_keys(table: Table, rows: pa.Table) -> None:
    """Raises ValueError if a key stands twice in `rows`."""
    keys = rows.select(list(table.key)).group_by(list(table.key)).aggregate([])
    if keys.num_rows != rows.num_rows:
        raise ValueError(f"{table.name}: {rows.num_rows - keys.num_rows} keys stand twice in one write")


def quoted(values: Sequence[str]) -> str:
    """Values as a list of SQL."""
    return ", ".join(f"'{value}'" for value in values)


def _opened(path: Path, version: int | None) -> DeltaTable:
    if version is None:
        return open_table(path)
    with damage_told(path):
        return DeltaTable(str(path), version=version)
