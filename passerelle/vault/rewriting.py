"""A vault written anew, with some of its answers other than they were."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import orjson

from passerelle.files import write_whole
from passerelle.vault.folder import Vault
from passerelle.vault.model import Attempt, RunInfo
from passerelle.vault.reading import Entry, Scan, scan
from passerelle.vault.writing import END, RunWriter

_ERASED = "erased.json"
Change = Callable[[RunInfo, Attempt], Attempt]
ChangeInfo = Callable[[RunInfo], RunInfo]


def attempts_of(vault: Vault) -> Iterator[tuple[RunInfo, Attempt]]:
    """Every sound answer of a vault, with the run that it is of."""
    for info, _, found in _files(vault):
        for entry in found.entries:
            if entry.fingerprint:
                yield info, vault.load(entry)


def rewrite(vault: Vault, draft: Path, change: Change, change_info: ChangeInfo) -> list[str]:
    """Write the vault into the folder `draft`, each answer as `change` leaves it; names of the runs that changed.

    Files of which nothing changes are linked. What was cut or damaged behind the last sound record is not taken along.
    """
    draft.mkdir(parents=True)
    payloads: dict[str, Entry] = {}
    changed: list[str] = []
    for info, part, found in _files(vault):
        told = change_info(info)
        target = draft / found.path.name
        if told == info and not _changes(vault, info, found, change):
            os.link(found.path, target)
            for entry in scan(target).entries:
                if entry.kind == "response":
                    payloads.setdefault(entry.digest, entry)
            continue
        _write(vault, told, found, change, RunWriter(target, told, part, payloads))
        changed.append(info.run_id)
    return changed


def read_erased(folder: Path) -> dict[str, list[str]]:
    """By the token of each person that was erased, the runs that were recorded before."""
    path = folder / _ERASED
    return {str(key): list(runs) for key, runs in orjson.loads(path.read_bytes()).items()} if path.exists() else {}


def keep_erased(folder: Path, erased: Mapping[str, Iterable[str]]) -> None:
    """Write the same down."""
    told = {token: sorted(set(runs)) for token, runs in erased.items()}
    write_whole(folder / _ERASED, orjson.dumps(told, option=orjson.OPT_SORT_KEYS))


def _files(vault: Vault) -> Iterator[tuple[RunInfo, int, Scan]]:
    for info in vault.runs():
        for part, found in enumerate(vault.scans(info), 1):
            yield info, part, found


def _changes(vault: Vault, info: RunInfo, found: Scan, change: Change) -> bool:
    return any(
        change(info, attempt) != attempt
        for attempt in (vault.load(entry) for entry in found.entries if entry.fingerprint)
    )


def _write(vault: Vault, info: RunInfo, found: Scan, change: Change, writer: RunWriter) -> None:
    for entry in found.entries:
        if entry.fingerprint:
            attempt = change(info, vault.load(entry))
            writer.add(replace(attempt, ordinal=entry.ordinal))
        elif entry.url == END:
            writer.end(entry.fields["status"], entry.captured_at)
    writer.close()
