"""Runs that did not pass: set aside with the reason, so that the others go on; tried again or discarded by a person."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from flows.inspection import Reason
from passerelle import clock
from passerelle.errors import UsageError
from passerelle.lake import MANIFEST, Lake, write_whole
from passerelle.tables import QUARANTINE

_REASON = "reason.json"
MANIFEST_LOST: Reason = ("its manifest cannot be read", "son manifeste est illisible")


@dataclass(frozen=True, slots=True)
class AsideRun:
    """A run that was set aside: its folder, why, when, and what its manifest says (nothing where it is damaged)."""

    folder: Path
    en: str
    fr: str
    since: str
    manifest: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        """Name of the run."""
        return self.folder.name

    @property
    def source(self) -> str:
        """What it came from, as far as that is known."""
        return str(self.manifest.get("source", "?"))

    @property
    def records(self) -> int | None:
        """How many records it brought; None where the manifest does not say."""
        counters = self.manifest.get("counters")
        return counters.get("fetched") if isinstance(counters, dict) else None


def set_aside(lake: Lake, folder: Path, reason: Reason) -> AsideRun:
    """Move a staged run out of the way; a kill at any point leaves it in staging, or whole where it goes."""
    told = {"en": reason[0], "fr": reason[1], "since": clock.now().isoformat()}
    write_whole(folder / _REASON, orjson.dumps(told, option=orjson.OPT_INDENT_2))
    (folder / "counts.json").unlink(missing_ok=True)
    lake.aside.mkdir(parents=True, exist_ok=True)
    target = lake.aside / folder.name
    shutil.rmtree(target, ignore_errors=True)  # an older try of the same run
    folder.replace(target)
    return _opened(target)


def aside_runs(lake: Lake) -> list[AsideRun]:
    """Every run that was set aside, by name."""
    return [_opened(folder) for folder in sorted(lake.aside.glob("*")) if (folder / _REASON).exists()]


def aside_run(lake: Lake, run_id: str) -> AsideRun:
    """One run that was set aside. Raises UsageError, naming those there are, where it is none."""
    runs = {run.run_id: run for run in aside_runs(lake)}
    if run_id not in runs:
        listed = ", ".join(runs) or "-"
        raise UsageError(
            en=f"'{run_id}' is no run that was set aside; there are: {listed}",
            fr=f"« {run_id} » n'est pas une collecte mise de côté ; il y a : {listed}",
        )
    return runs[run_id]


def put_back(lake: Lake, run: AsideRun) -> None:
    """Let a run wait in staging again."""
    target = lake.staging / run.run_id
    if target.exists():
        raise UsageError(
            en=f"{run.run_id} waits in staging already; run `passerelle clean` first",
            fr=f"{run.run_id} est déjà en attente ; lancez d'abord `passerelle clean`",
        )
    lake.staging.mkdir(parents=True, exist_ok=True)
    run.folder.replace(target)
    (target / _REASON).unlink(missing_ok=True)


def discard(lake: Lake, run: AsideRun) -> None:
    """Remove a run for good; the quarantine keeps that it was there, and why it is gone."""
    row = {
        "run_id": run.run_id,
        "source": run.source,
        "place": "run",
        "reason": f"discarded: {run.en}",
        "stage": "clean",
        "quarantined_at": clock.now(),
        "times": run.records or 1,
    }
    lake.merge("quarantine", pa.Table.from_pylist([row], schema=QUARANTINE.schema))
    shutil.rmtree(run.folder)


def _opened(folder: Path) -> AsideRun:
    told, manifest = _json(folder / _REASON), _json(folder / MANIFEST)
    return AsideRun(folder, str(told.get("en", "?")), str(told.get("fr", "?")), str(told.get("since", "?")), manifest)


def _json(path: Path) -> dict[str, Any]:
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
