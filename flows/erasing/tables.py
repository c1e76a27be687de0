"""The lake's tables without somebody, and without a history that still tells of them."""

from __future__ import annotations

import shutil
from pathlib import Path

from deltalake import write_deltalake

from flows.erasing.person import Person
from flows.erasing.rows import num_theirs, without
from flows.rebuild import settle_all_posts
from passerelle.lake import Lake
from passerelle.replacing import put_in_place
from passerelle.scanning import Needles, scan_for
from passerelle.soundness import MADE_ANEW, forget, is_written, note
from passerelle.tables import TABLES

_DERIVED = tuple(name for name in MADE_ANEW if name != "posts")


def count_rows(lake: Lake, person: Person) -> dict[str, int]:
    """How many rows of each table are theirs."""
    told = {name: num_theirs(lake.read(name), person) for name in TABLES}
    return {name: number for name, number in told.items() if number}


def erase_tables(lake: Lake, person: Person, needles: Needles) -> dict[str, int]:
    """Write each table that tells of them anew, with a log of its own. Returns how many rows of each went.

    What others say goes last; tables that are derived go whole: the next analysis makes them.
    """
    gone = count_rows(lake, person)
    tables = lake.tables
    for name in TABLES:
        path = lake.path(name)
        if name in _DERIVED or not is_written(path) or not scan_for([path], needles).bytes_matched:
            continue
        _renew(lake, name, person)
    settle_all_posts(lake)
    for name in _DERIVED:
        if lake.path(name).is_dir() and scan_for([lake.path(name)], needles).bytes_matched:
            forget(tables, name)
            _remove(lake.path(name), lake.drafts)
    for other in sorted(tables.iterdir()) if tables.is_dir() else ():  # what `doctor` put away
        if other.is_dir() and other.name not in TABLES and scan_for([other], needles).bytes_matched:
            _remove(other, lake.drafts)
    return gone


def _renew(lake: Lake, name: str, person: Person) -> None:
    table, draft = TABLES[name], lake.drafts / name
    rows = table.conform(without(name, lake.read(name), person))
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    write_deltalake(str(draft), rows, partition_by=[table.partition] if table.partition else None)
    forget(lake.tables, name)
    put_in_place(draft, lake.path(name))
    note(lake.path(name))


def _remove(folder: Path, drafts: Path) -> None:
    """Take a folder away whole: half of one would pass for damage."""
    drafts.mkdir(parents=True, exist_ok=True)
    target = drafts / f"{folder.name}.gone"
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    shutil.rmtree(target)
