"""Runs that wait, or were set aside, without somebody: what is taken from them counts as refused."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from flows.erasing.gathered import table_of, waiting_folders
from flows.erasing.person import Person
from flows.erasing.rows import without
from flows.erasing.state import state_without
from passerelle.blocks import OPTED_OUT
from passerelle.identity import Pseudonyms
from passerelle.lake import MANIFEST, STATE, Lake
from passerelle.replacing import put_in_place
from passerelle.scanning import Needles, scan_for
from passerelle.tables import TABLES

CLASSES = {
    "accounts": "account",
    "engagements": "engagement",
    "polls": "poll",
    "deletions": "deletion",
    "coverage": "coverage",
}


def erase_waiting(lake: Lake, person: Person, needles: Needles, pseudonyms: Pseudonyms) -> int:
    """Write each run anew that tells of them. Returns how many did; what has no manifest is no run, and goes."""
    told = 0
    for folder in waiting_folders(lake):
        if not scan_for([folder], needles).bytes_matched:
            continue
        told += 1
        if not (folder / MANIFEST).exists():
            shutil.rmtree(folder)
            continue
        draft = lake.drafts / folder.name
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(folder, draft)
        if not _rewrite(draft, person, pseudonyms):
            shutil.rmtree(draft)
            shutil.rmtree(folder)
            continue
        put_in_place(draft, folder)
    return told


def _rewrite(draft: Path, person: Person, pseudonyms: Pseudonyms) -> bool:
    """Whether the run could be read, so that it is worth keeping."""
    try:
        manifest: dict[str, Any] = orjson.loads((draft / MANIFEST).read_bytes())
        taken: Counter[str] = Counter()
        for file in sorted(draft.glob("*.parquet")):
            _rewrite_file(file, person, manifest, taken)
        _recount(manifest, taken)
    except (pa.ArrowException, KeyError, ValueError, TypeError):
        return False
    (draft / "counts.json").unlink(missing_ok=True)
    (draft / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    if (state := draft / STATE).exists():
        left = state_without(orjson.loads(state.read_bytes()), person, pseudonyms)
        state.write_bytes(orjson.dumps(left, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    return True


def _rewrite_file(file: Path, person: Person, manifest: dict[str, Any], taken: Counter[str]) -> None:
    name = table_of(file)
    rows = TABLES[name].conform(TABLES[name].brought_up(pq.read_table(file)))
    left = without(name, rows, person)
    if name == "post_versions":
        lost = Counter(rows["embedded"].to_pylist())
        lost.subtract(left["embedded"].to_pylist())
        taken["post"] += lost[False]
        taken["embedded_post"] += lost[True]
    elif name in CLASSES:
        taken[CLASSES[name]] += rows.num_rows - left.num_rows
    manifest["tables"][name]["rows"] -= rows.num_rows - left.num_rows
    pq.write_table(left, file, compression="zstd", compression_level=1)


def _recount(manifest: dict[str, Any], taken: Counter[str]) -> None:
    """What was taken had landed, and is refused now: the counters go on balancing."""
    counters = manifest["counters"]
    for name, number in taken.items():
        # several looks at an account are one row: what landed of a class cannot be less than nothing
        told = counters["by_class"].get(name)
        number = min(number, told["landed"]) if told else 0
        if not number:
            continue
        for one in (told, counters):
            one["landed"] -= number
            one["refused"] += number
            one["refused_by"][OPTED_OUT] = one["refused_by"].get(OPTED_OUT, 0) + number
