"""Runs that have landed in staging and wait to be cleaned and committed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from passerelle.lake import MANIFEST, STATE, Lake
from passerelle.tables import TABLES, UNKNOWN

NEEDED = {"run_id", "source", "clock", "campaign_hash", "status", "tables", "counters"}
"""What every manifest says."""


@dataclass(frozen=True, slots=True)
class StagedRun:
    """One landed run: its folder and its manifest (written last, so that a folder with one is whole)."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def run_id(self) -> str:
        """Name of the run."""
        return str(self.manifest["run_id"])

    @property
    def source(self) -> str:
        """What it came from: a host, or ``import``."""
        return str(self.manifest["source"])

    @property
    def clock(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.manifest["clock"])

    def state(self) -> bytes | None:
        """The crawl state that the run left, as JSON; None for an import."""
        path = self.folder / STATE
        return path.read_bytes() if path.exists() else None

    def files(self, name: str) -> list[Path]:
        """The Parquet files of one table."""
        return [self.folder / file for file in self.manifest["tables"].get(name, {"files": []})["files"]]

    def rows(self, name: str) -> int:
        """Number of rows of one table."""
        return int(self.manifest["tables"].get(name, {"rows": 0})["rows"])


def staged_runs(lake: Lake) -> list[StagedRun]:
    """Every whole run in staging whose manifest can be read, oldest clock first."""
    runs = [run for run in map(_opened, _manifests(lake)) if run is not None]
    return sorted(runs, key=lambda run: (run.clock, run.run_id))


def broken_runs(lake: Lake) -> list[Path]:
    """Folders of staged runs whose manifest says nothing that can be read."""
    return [path.parent for path in _manifests(lake) if _opened(path) is None]


def _manifests(lake: Lake) -> list[Path]:
    return sorted(lake.staging.glob(f"*/{MANIFEST}"))


def _opened(path: Path) -> StagedRun | None:
    try:
        run = StagedRun(path.parent, orjson.loads(path.read_bytes()))
        is_whole = run.run_id == path.parent.name and run.clock.tzinfo is not None
        return run if is_whole and run.manifest.keys() >= NEEDED else None
    except (ValueError, KeyError, TypeError):
        return None


def staged_rows(
    runs: Sequence[StagedRun],
    name: str,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
) -> pa.Table:
    """Rows of one table in all `runs`, in the order of the runs; of some `columns`, or `where` something holds.

    Rows without a source, which an older version staged, get that of their run. Raises pyarrow.ArrowException or
    OSError for a file that cannot be read.
    """
    wanted = list(columns) if columns else TABLES[name].schema.names
    if "source" not in wanted or TABLES[name].column("source").before is None:
        return _rows(runs, name, wanted, where)
    none = TABLES[name].empty().select(wanted)
    return pa.concat_tables([none, *(_with_source(_rows([run], name, wanted, where), run.source) for run in runs)])


def _with_source(rows: pa.Table, source: str) -> pa.Table:
    place, named = rows.schema.get_field_index("source"), rows["source"]
    told = pc.if_else(pc.equal(named, UNKNOWN), source, named)
    return rows.set_column(place, rows.schema.field(place), told)


def rows_with_run(
    runs: Sequence[StagedRun], name: str, where: pc.Expression | None = None
) -> tuple[pa.Table, pa.Array]:
    """The same, and beside them the run that each row is of."""
    rows = _rows(runs, name, [*TABLES[name].schema.names, "__filename"], where)
    told = pc.dictionary_encode(rows["__filename"].combine_chunks())
    folders = pa.array([Path(file).parent.name for file in told.dictionary.to_pylist()], pa.string())
    return rows.drop_columns("__filename"), folders.take(told.indices)


def _rows(runs: Sequence[StagedRun], name: str, wanted: list[str], where: pc.Expression | None) -> pa.Table:
    schema = TABLES[name].schema
    files = [str(file) for run in runs for file in run.files(name)]
    if not files:
        return pa.schema([*schema, pa.field("__filename", pa.string())]).empty_table().select(wanted)
    rows = ds.dataset(files, schema=schema, format="parquet").to_table(
        columns=wanted,
        filter=where,
        batch_readahead=1,  # what is read ahead stands in memory beside what is kept
        fragment_readahead=1,
    )
    return TABLES[name].brought_up(rows)


def drop(runs: Sequence[StagedRun]) -> None:
    """Remove committed runs from staging, the manifest first: half a folder is no run."""
    for run in runs:
        (run.folder / MANIFEST).unlink()
        shutil.rmtree(run.folder)
