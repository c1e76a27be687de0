"""Is a table whole? What was last written of each is noted beside the tables, since Delta itself cannot tell.

A commit file that was emptied, a log that lost its last commit or a folder without a log are silent loss to delta-rs:
it shows the rows that are left. The ledger knows how many there were.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from passerelle.errors import DamagedError
from passerelle.files import write_whole
from passerelle.wording import english, french, number

LEDGER = "ledger.json"
MADE_ANEW = (
    *("posts", "labels", "interactions", "episodes", "mobilisations"),
    *("weekly_indicators", "weekly_coverage", "weekly_unseen"),
)
"""Tables that hold nothing but what others say."""
_SIGNS = ("parquet", "json", "corrupt", "arrow", "log segment", "no table metadata", "not found", "invalid")


def damaged(path: Path, en: str, fr: str) -> DamagedError:
    """One line that says what is damaged in the table at `path`, and the way out."""
    if path.name in MADE_ANEW:
        way = "`passerelle clean --rebuild` makes it anew", "`passerelle clean --rebuild` la refait"
    else:
        command = f"`passerelle doctor --step-back {path.name}`"
        way = f"{command} goes back to its last whole version", f"{command} revient à sa dernière version entière"
    return DamagedError(en=f"{path}: {en}; {way[0]}", fr=f"{path} : {fr} ; {way[1]}")


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Damage that delta-rs or Arrow meet in the table at `path` as a DamagedError; never a panic's trace."""
    try:
        yield
    except (DeltaError, pa.ArrowInvalid, OSError) as error:
        words = str(error).partition("\n")[0][:150]
        if os.strerror(28) in str(error) or not _is_damage(error):
            raise
        raise damaged(path, *unreadable(words)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path, "cannot be read", "illisible") from None


def unreadable(words: str) -> tuple[str, str]:
    """Says in English and French that something cannot be read; `words` are the library's own, in English."""
    return f"cannot be read (the library says: {words})", f"illisible (la bibliothèque dit : « {words} »)"


def _is_damage(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno is None or isinstance(error, FileNotFoundError)  # Arrow gives no number for what is spoilt
    return isinstance(error, pa.ArrowInvalid) or any(sign in str(error).lower() for sign in _SIGNS)


def read_ledger(tables: Path) -> dict[str, dict[str, int]]:
    """Version and rows of each table as last written; empty for lakes from before. Raises DamagedError."""
    path = tables / LEDGER
    if not path.exists():
        return {}
    try:
        content = orjson.loads(path.read_bytes())
        return {str(name): {key: int(entry[key]) for key in ("version", "rows")} for name, entry in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DamagedError(
            en=f"{path}: cannot be read; `passerelle clean --rebuild` writes it anew",
            fr=f"{path} : illisible ; `passerelle clean --rebuild` le réécrit",
        ) from None


def note(path: Path) -> None:
    """Write down what the table at `path` holds now."""
    entry = {"version": (delta := DeltaTable(str(path))).version(), "rows": num_rows(delta)}
    _keep(path.parent, {**read_ledger(path.parent), path.name: entry})


def forget(tables: Path, name: str | None = None) -> None:
    """Know nothing of a table any more, or of all."""
    left = {} if name is None else {key: entry for key, entry in read_ledger(tables).items() if key != name}
    _keep(tables, left)


def _keep(tables: Path, content: dict[str, Any]) -> None:
    write_whole(tables / LEDGER, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def is_written(path: Path) -> bool:
    """Whether there is a table at `path`. Raises DamagedError where there was one whose log is gone."""
    if (path / "_delta_log").is_dir():
        return True
    if path.name in read_ledger(path.parent) or any(path.rglob("*.parquet")):
        raise damaged(path, "its log is gone", "son journal a disparu")
    return False


def table_files(delta: DeltaTable) -> list[str]:
    """Paths of the table's Parquet files, which delta-rs tells as they stand in a URL."""
    return [unquote(file.removeprefix("file://")) for file in delta.file_uris()]


def open_table(path: Path) -> DeltaTable:
    """The newest version of the table at `path`. Raises DamagedError unless it holds what was last written."""
    entry = read_ledger(path.parent).get(path.name)  # before the table: a writer may be at work
    with damage_told(path):
        delta = DeltaTable(str(path))
        version, rows = delta.version(), num_rows(delta)
        if entry is not None and version > entry["version"]:
            rows = num_rows(DeltaTable(str(path), version=entry["version"]))
    commit = path / "_delta_log" / f"{version:020}.json"
    if commit.exists() and commit.stat().st_size == 0:
        raise damaged(path, f"its version {version} is empty", f"sa version {version} est vide")
    if entry is not None and version < entry["version"]:
        raise damaged(
            path,
            f"is at version {version}, {entry['version']} was written",
            f"en est à la version {version}, la {entry['version']} avait été écrite",
        )
    if entry is not None and rows != entry["rows"]:
        raise damaged(
            path,
            f"holds {english(rows, 'row')}, {number(entry['rows'], 'en')} were written",
            f"{french(rows, 'ligne')}, {french(entry['rows'], 'écrite')} auparavant",
        )
    return delta


def refuse_lost_files(path: Path, delta: DeltaTable) -> None:
    """Raise DamagedError if a file of the table is gone or cut."""
    for file, size in _files(delta):
        place = path / file
        if not place.exists() or place.stat().st_size != size:
            raise damaged(path, f"{file} is gone or cut", f"{file} a disparu ou est tronqué")


def num_rows(delta: DeltaTable) -> int:
    """Rows of a version, as its log says."""
    return int(pc.sum(_actions(delta)["num_records"]).as_py() or 0)


def _files(delta: DeltaTable) -> Iterator[tuple[str, int]]:
    actions = _actions(delta)
    return zip(actions["path"].to_pylist(), actions["size_bytes"].to_pylist(), strict=True)


def _actions(delta: DeltaTable) -> pa.Table:
    return pa.table(delta.get_add_actions(flatten=True)).select(["path", "size_bytes", "num_records"])
