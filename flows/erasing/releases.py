"""Releases that hold somebody: issued again under a new revision, noted, and the old revisions removed."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from flows.analyse import Analysed, analyse
from flows.editions import MANIFEST
from flows.job import Job
from flows.latest import MISSING, move_latest
from flows.publish import publish
from passerelle import clock
from passerelle.files import write_whole
from passerelle.lake import Lake
from passerelle.private import readable_by_others
from passerelle.scanning import Needles, scan_for

NOTE = "reissued.json"


@dataclass(frozen=True, slots=True)
class Reissued:
    """A week that was issued again: the new revision (None: there was nothing left to tell) and those it replaces."""

    week: str
    revision: str | None
    replaced: tuple[str, ...]


def affected(lake: Lake, needles: Needles) -> dict[Path, list[Path]]:
    """By public folder of a week, its revisions and drafts of which an edition holds somebody, oldest week first."""
    found: dict[Path, list[Path]] = defaultdict(list)
    for folder in lake.revisions():
        editions = [path for path in (folder, lake.restricted_of(folder)) if path.is_dir()]
        if scan_for(editions, needles).bytes_matched:
            found[folder.parent].append(folder)
    return dict(sorted(found.items()))


def reissue(job: Job, needles: Needles) -> list[Reissued]:
    """Analyse anew, then issue each week again that holds them; old revisions go last, so that `latest` names one.

    A kill leaves old revisions, which the next call finds again.
    """
    for old in sorted(path for path in job.lake.superseded.glob("*/W*/*") if path.is_dir()):
        if scan_for([old], needles).bytes_matched:
            _take_away(job.lake, old)
    weeks = affected(job.lake, needles)
    if job.lake.version("posts") is None or not job.lake.read("posts", columns=["post_id"]).num_rows:
        return [_withdrawn(job.lake, week, old) for week, old in weeks.items()]
    present = analyse(job.lake, job.campaign, job.pseudonyms) if _was_analysed(job.lake) or weeks else None
    return [_again(job, week, old, present) for week, old in weeks.items()]


def _was_analysed(lake: Lake) -> bool:
    return any(lake.version(name) is None for name in ("labels", "interactions")) or bool(lake.version("labels"))


def _again(job: Job, week: Path, old: list[Path], present: Analysed | None) -> Reissued:
    whole = [folder for folder in old if (folder / MANIFEST).exists()]
    if not whole:  # drafts, and what a kill left of a release that was taken away
        for folder in old:
            _remove(job.lake, folder)
        return Reissued(_week(week), None, tuple(folder.name for folder in old))
    told = _manifest(whole)
    moment = datetime.fromisoformat(told["as_of"]) if told.get("as_of") else None
    is_now = present is not None and moment in (None, present.study.as_of)
    analysed = present if is_now else analyse(job.lake, job.campaign, job.pseudonyms, moment)
    assert analysed is not None
    published = publish(job.lake, job.campaign, analysed, lost=tuple(told.get(MISSING, ())))
    replaced = tuple(folder.name for folder in old if folder != published.folder)
    if published.latest in old:  # a source was missing, so that nothing newer took its place
        move_latest(job.lake, published.folder)
    _note(week, Reissued(_week(week), published.folder.name, replaced))
    for folder in old:
        if folder != published.folder:
            _remove(job.lake, folder)
    return Reissued(_week(week), published.folder.name, replaced)


def _withdrawn(lake: Lake, week: Path, old: list[Path]) -> Reissued:
    told = Reissued(_week(week), None, tuple(folder.name for folder in old))
    _note(week, told)
    if lake.latest_release() in old:
        lake.unpoint_latest()
    for folder in old:
        _remove(lake, folder)
    return told


def _remove(lake: Lake, folder: Path) -> None:
    """Take both editions of a revision away, each whole, the public one first: without it the other is none."""
    _take_away(lake, folder)
    _take_away(lake, lake.restricted_of(folder))


def _take_away(lake: Lake, folder: Path) -> None:
    if not folder.is_dir():
        return
    lake.drafts.mkdir(parents=True, exist_ok=True)
    target = lake.drafts / f"release.{folder.parent.name}.{folder.name}"
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    shutil.rmtree(target)


def _note(week: Path, told: Reissued) -> None:
    path = week / NOTE
    notes: list[dict[str, Any]] = orjson.loads(path.read_bytes()) if path.exists() else []
    new = {"at": clock.now().isoformat(), "because": "erasure", "revision": told.revision, "replaces": told.replaced}
    with readable_by_others():
        write_whole(path, orjson.dumps([*notes, new], option=orjson.OPT_INDENT_2))


def _manifest(old: list[Path]) -> dict[str, Any]:
    """What the newest of some revisions says of itself; nothing where none was finished."""
    for folder in sorted(old, key=lambda path: int(path.name[1:]) if path.name[1:].isdigit() else -1, reverse=True):
        if (path := folder / MANIFEST).exists():
            told: dict[str, Any] = orjson.loads(path.read_bytes())
            return told
    return {}


def _week(folder: Path) -> str:
    return f"{folder.parent.name}-{folder.name}"
