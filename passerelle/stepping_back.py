"""The way out of damage: a table back at its last whole version, or away altogether; nothing is deleted."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
from deltalake import DeltaTable

from passerelle import clock
from passerelle.errors import DamagedError, UsageError
from passerelle.lake import Lake
from passerelle.soundness import (
    damage_told,
    forget,
    is_written,
    note,
    num_rows,
    open_table,
    read_ledger,
    refuse_lost_files,
    table_files,
)
from passerelle.tables import TABLES


def damage(lake: Lake, name: str) -> DamagedError | None:
    """What is wrong with a table, every file of which is read; None where it is whole or was never written."""
    path = lake.path(name)
    try:
        if is_written(path):
            delta = open_table(path)
            refuse_lost_files(path, delta)
            _read_through(path, delta)
    except DamagedError as error:
        return error
    return None


def step_back(lake: Lake, name: str) -> tuple[int | None, int]:
    """Put what is damaged of a table aside. Returns the version it is at now (None: none was whole) and its rows.

    Raises UsageError for a table that is whole: what it holds is never given up.
    """
    if name not in TABLES:
        raise UsageError(
            en=f"'{name}' is no table; the tables are {', '.join(TABLES)}",
            fr=f"« {name} » n'est pas une table ; les tables sont {', '.join(TABLES)}",
        )
    if damage(lake, name) is None:
        raise UsageError(en=f"{name} is whole, nothing was changed", fr=f"{name} est entière, rien n'a été modifié")
    path = lake.path(name)
    target = lake.aside / "tables" / f"{name}-{clock.now():%Y%m%dT%H%M%S%fZ}"
    version, rows = _last_whole(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if version is None:
        if path.exists():
            path.replace(target)
        forget(path.parent, name)
        return None, 0
    _put_away(path, version, target)
    note(path)
    return version, rows


def renew_ledger(lake: Lake) -> None:
    """Write the ledger anew where it cannot be read, from what the tables hold."""
    tables = lake.tables
    try:
        read_ledger(tables)
    except DamagedError:
        forget(tables)
        for name in TABLES:
            if damage(lake, name) is None and lake.version(name) is not None:
                note(lake.path(name))


def _last_whole(path: Path) -> tuple[int | None, int]:
    """The newest version that holds what the log says, every file of it there, and its rows."""
    commits = sorted((path / "_delta_log").glob("*.json"), reverse=True)
    for commit in commits:
        if not commit.is_file() or commit.stat().st_size == 0 or not commit.stem.isdigit():
            continue
        try:
            with damage_told(path):
                delta = DeltaTable(str(path), version=int(commit.stem))
            refuse_lost_files(path, delta)
            _read_through(path, delta)
        except DamagedError:
            continue
        return delta.version(), num_rows(delta)
    return None, 0


def _read_through(path: Path, delta: DeltaTable) -> None:
    with damage_told(path):
        for file in table_files(delta):
            for _batch in pq.ParquetFile(file).iter_batches():
                pass


def _put_away(path: Path, version: int, target: Path) -> None:
    """Move every commit and checkpoint after `version` away, the newest first: a kill leaves a log without holes."""
    target.mkdir(parents=True)
    log = path / "_delta_log"
    later = [file for file in log.iterdir() if file.name[:20].isdigit() and int(file.name[:20]) > version]
    if (hint := log / "_last_checkpoint").exists():
        later.append(hint)
    for file in sorted(later, key=lambda file: file.name, reverse=True):
        file.replace(target / file.name)
