"""The lake's tables as plain rows by key, read by delta-rs alone, and how two lakes differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from passerelle.tables import TABLES

Row = dict[str, Any]
Key = tuple[Any, ...]
_SHOWN = 4
# the checks of a clean stand with the newest of its runs: they are not the same when two cleans do the work of one
_BY_CLEAN = {("runs", "checks"), ("runs", "failed_checks")}


def rows(lake: Path, name: str) -> list[Row]:
    """All rows of a table, none where it was not written yet."""
    folder = lake / "tables" / name
    if not (folder / "_delta_log").is_dir():
        return []
    found: list[Row] = DeltaTable(str(folder)).to_pyarrow_table().to_pylist()
    return [{column: value for column, value in row.items() if (name, column) not in _BY_CLEAN} for row in found]


def by_key(lake: Path, name: str) -> Mapping[Key, Row]:
    """Rows by the key that the data dictionary gives; a key that stands twice is a fault at once."""
    found = rows(lake, name)
    keyed = {tuple(row[column] for column in TABLES[name].key): row for row in found}
    assert len(keyed) == len(found), f"{name}: {len(found) - len(keyed)} keys stand twice"
    return keyed


def differences(one: Path, other: Path, names: tuple[str, ...] = tuple(TABLES)) -> list[str]:
    """Where two lakes differ: table, key, column, both values."""
    return [line for name in names for line in _differences(name, by_key(one, name), by_key(other, name))]


def dataset_hash(lake: Path) -> str:
    """SHA-256 over the rows of all tables, sorted by key."""
    total = hashlib.sha256()
    for name in sorted(TABLES):
        keyed = by_key(lake, name)
        for key in sorted(keyed, key=repr):
            total.update(repr((name, sorted(keyed[key].items()))).encode())
    return total.hexdigest()


def _short(value: object) -> str:
    """For reading: moments without their zone, which is UTC."""
    if isinstance(value, tuple):
        return " ".join(map(_short, value))
    return value.isoformat()[:23] if isinstance(value, datetime) else repr(value)


def _differences(name: str, ones: Mapping[Key, Row], others: Mapping[Key, Row]) -> list[str]:
    lines = [f"{name} {_short(key)}: only in the first" for key in ones if key not in others]
    lines += [f"{name} {_short(key)}: only in the second" for key in others if key not in ones]
    for key in ones.keys() & others.keys():
        for column, value in ones[key].items():
            if value != others[key][column] and not (value != value and others[key][column] != others[key][column]):
                lines.append(f"{name} {_short(key)} {column}: {_short(value)} / {_short(others[key][column])}")
    return lines[:_SHOWN] + ([f"{name}: {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else [])
