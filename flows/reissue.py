"""Issues from before today's rule of disclosure, made again from the first week on: each copies the one before."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson

from flows.analyse import analyse
from flows.editions import MANIFEST, supersede, superseded_weeks
from flows.job import Job
from flows.latest import MISSING
from flows.publish import publish
from flows.telling import issue_of_moment
from passerelle.lake import Lake
from passerelle.wording import spoken, typeset
from transforms.report import RULE


def issue_again(job: Job, moment: datetime) -> list[Path]:
    """Publish what readers had before the rule changed, oldest week first, each as of the moment it was made at.

    `moment`: as of which the present issue is about to be published: its own week is left to that. Killed midway, the
    next run goes on with the weeks that are missing.
    """
    supersede(job.lake, RULE)
    due = [week for week in superseded_weeks(job.lake) if week < issue_of_moment(moment, job.campaign.time_zone)]
    return [folder for place, week in enumerate(due, 1) for folder in _again(job, week, f"{place}/{len(due)}")]


def _again(job: Job, week: str, place: str) -> Iterator[Path]:
    manifest = _newest(job.lake, week)
    if manifest is None:
        return
    told = orjson.loads(manifest.read_bytes())
    en = f"issued again under today's rule of disclosure: {week} ({place})"
    fr = f"publié de nouveau sous la règle de divulgation actuelle : {week} ({place})"
    print(f"passerelle: {typeset(fr) if spoken() == 'fr' else en}", file=sys.stderr)
    analysed = analyse(job.lake, job.campaign, job.pseudonyms, datetime.fromisoformat(told["as_of"]))
    yield publish(job.lake, job.campaign, analysed, lost=tuple(told.get(MISSING) or ())).folder


def _newest(lake: Lake, week: str) -> Path | None:
    """The manifest of the newest revision that was put away, whichever way its editions lay."""
    folder = lake.superseded_of(lake.release(week))
    revisions = sorted(folder.glob("r*"), key=lambda path: int(path.name[1:]))
    found = [path for one in revisions for path in (one / "public" / MANIFEST, one / MANIFEST) if path.exists()]
    return found[-1] if found else None
