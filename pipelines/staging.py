"""Files of a landed run: Parquet batches, the crawl state, and last the manifest that makes them count."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from passerelle.errors import PasserelleError, french_reason
from passerelle.lake import MANIFEST, STATE
from passerelle.tables import TABLES
from passerelle.weeks import iso_weeks


class StagingFolder:
    """Writes one run's folder. Whatever has no ``manifest.json`` is no run: readers pass it by."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables: dict[str, dict[str, Any]] = {}

    def open(self) -> None:
        """Begin with an empty folder; what a killed run of the same name left goes first."""
        with self._writing():
            self.discard()
            self.path.mkdir(parents=True)

    def write(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add one batch of rows to a table."""
        if not rows:
            return
        entry = self.tables.setdefault(name, {"files": [], "rows": 0})
        file = f"{name}-{len(entry['files']):05d}.parquet"
        batch = _batch(name, rows)
        with self._writing(), (self.path / file).open("wb") as sink:
            pq.write_table(batch, sink, compression="zstd", compression_level=1)
            _to_disk(sink.fileno(), sink)
        entry["files"].append(file)
        entry["rows"] += batch.num_rows

    def close(self, manifest: Mapping[str, Any], state: Mapping[str, Any] | None) -> None:
        """Write ``state.json`` (unless None), then ``manifest.json`` by rename: from then on the run exists."""
        with self._writing():
            if state is not None:
                self._write_json(STATE, state)
            self._write_json(MANIFEST, manifest)

    def discard(self) -> None:
        """Remove the folder, its manifest first."""
        (self.path / MANIFEST).unlink(missing_ok=True)
        if self.path.exists():
            shutil.rmtree(self.path)

    def _write_json(self, name: str, value: Mapping[str, Any]) -> None:
        draft = self.path / f"{name}.new"
        with draft.open("wb") as file:
            file.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
            _to_disk(file.fileno(), file)
        draft.replace(self.path / name)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PasserelleError(
                en=f"{self.path}: cannot write ({error.strerror}); nothing of this run was kept: "
                "make room or mend the rights, then run again",
                fr=f"{self.path} : écriture impossible ({french_reason(error)}) ; "
                "rien de cette exécution n'a été gardé : faites de la place ou corrigez les droits, puis relancez",
            ) from error


def _batch(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    schema = TABLES[name].schema
    columns = {field.name: field for field in schema}
    week = columns.pop("iso_week", None)
    batch = pa.table(
        {column: pa.array([row.get(column) for row in rows], type=field.type) for column, field in columns.items()}
    )
    if week is not None:
        batch = batch.append_column("iso_week", iso_weeks(batch["created_at"]))
    return TABLES[name].conform(batch)


def _to_disk(descriptor: int, file: Any) -> None:
    file.flush()
    os.fsync(descriptor)
