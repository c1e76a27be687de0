"""A search proves itself first: what is looked for is planted in each form that files have, and must be found."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import write_deltalake

from passerelle.scanning import Needles, scan_for


def forms_found(folder: Path, needles: Needles) -> tuple[int, int]:
    """In how many forms of file every needle was found, and how many forms there are; `folder` is made and removed."""
    shutil.rmtree(folder, ignore_errors=True)
    words = [*needles.words, *(one.decode() for one in sorted(needles.pseudonyms))]
    found = 0
    for name, plant in _FORMS.items():
        place = folder / name
        place.mkdir(parents=True)
        plant(place, words)
        found += all(scan_for([place], needles.only(word)).bytes_matched for word in words)
    shutil.rmtree(folder)
    return found, len(_FORMS)


def _in_gzip(place: Path, words: list[str]) -> None:
    members = [gzip.compress(json.dumps({"said": word}).encode()) for word in words]  # one a record, as WARC has it
    (place / "run.warc.gz").write_bytes(b"".join(members))


def _in_parquet(place: Path, words: list[str]) -> None:
    rows = pa.table({"text": words, "mentions": [[word] for word in words]})
    pq.write_table(rows, place / "part.parquet", compression="zstd")


def _in_delta(place: Path, words: list[str]) -> None:
    write_deltalake(str(place / "table"), pa.table({"text": words}))


def _in_sqlite(place: Path, words: list[str]) -> None:
    with closing(sqlite3.connect(place / "prefect.db")) as base:
        base.execute("CREATE TABLE log (message TEXT)")
        base.executemany("INSERT INTO log VALUES (?)", [(word,) for word in words])
        base.commit()


def _in_text(place: Path, words: list[str]) -> None:
    (place / "server.log").write_text("".join(f"INFO: {word} was here\n" for word in words), "utf-8")


_FORMS: dict[str, Callable[[Path, list[str]], None]] = {
    "gzip": _in_gzip,
    "parquet": _in_parquet,
    "delta": _in_delta,
    "sqlite": _in_sqlite,
    "text": _in_text,
}
