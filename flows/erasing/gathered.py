"""Rows that wait: in staging, and in what was set aside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from passerelle.lake import Lake
from passerelle.tables import TABLES


def waiting_folders(lake: Lake) -> Iterator[Path]:
    """The folder of each run that waits or was set aside."""
    for place in (lake.staging, lake.aside):
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if path.is_dir())


def table_of(file: Path) -> str:
    """The table that a staged file is of."""
    return file.stem.rpartition("-")[0]


def staged_tables(lake: Lake, name: str) -> list[pa.Table]:
    """Rows of a table that wait; what cannot be read is passed over: it goes with its folder."""
    found = []
    for folder in waiting_folders(lake):
        for file in sorted(folder.glob(f"{name}-*.parquet")):
            if table_of(file) == name:
                try:
                    found.append(TABLES[name].conform(TABLES[name].brought_up(pq.read_table(file))))
                except (pa.ArrowException, KeyError, ValueError):
                    continue
    return found
