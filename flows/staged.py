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

from passerelle.lake import Lake
from passerelle.tables import TABLES


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
    def clock(self) -> datetime:
        """When the run began."""
        return datetime.fromisoformat(self.manifest["clock"])

    def state(self) -> bytes | None:
        """The crawl state that the run left, as JSON; None for an import."""
        path = self.folder / "state.json"
        return path.read_bytes() if path.exists() else None

    def files(self, name: str) -> list[Path]:
        """The Parquet files of one table."""
        return [self.folder / file for file in self.manifest["tables"].get(name, {"files": []})["files"]]

    def rows(self, name: str) -> int:
        """Number of rows of one table."""
        return int(self.manifest["tables"].get(name, {"rows": 0})["rows"])


def staged_runs(lake: Lake) -> list[StagedRun]:
    """Every whole run in staging, oldest clock first."""
    manifests = sorted(lake.staging.glob("*/manifest.json"))
    runs = [StagedRun(path.parent, orjson.loads(path.read_bytes())) for path in manifests]
    return sorted(runs, key=lambda run: (run.clock, run.run_id))


def staged_rows(
    runs: Sequence[StagedRun],
    name: str,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
) -> pa.Table:
    """Rows of one table in all `runs`, in the order of the runs; of some `columns`, or `where` something holds."""
    schema = TABLES[name].schema
    wanted = list(columns) if columns else schema.names
    files = [str(file) for run in runs for file in run.files(name)]
    empty = schema.empty_table().select(wanted)
    if not files:
        return empty
    return ds.dataset(files, schema=schema, format="parquet").to_table(
        columns=wanted,
        filter=where,
        batch_readahead=1,  # what is read ahead stands in memory beside what is kept
        fragment_readahead=1,
    )


def drop(runs: Sequence[StagedRun]) -> None:
    """Remove committed runs from staging, the manifest first: half a folder is no run."""
    for run in runs:
        (run.folder / "manifest.json").unlink()
        shutil.rmtree(run.folder)
