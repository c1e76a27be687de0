"""What a release shows, gathered from what was analysed, the lake's logs and the machine's own facts."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass, replace
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

import passerelle
from flows.analyse import INPUTS, Analysed
from flows.earlier import Earlier, bases, earlier_of
from flows.telling import Telling, issue_weeks, tell_exactly, tell_public, truth_of
from passerelle.campaign import Campaign
from passerelle.lake import LOCK_FILE, SHIPPED, Lake
from passerelle.weeks import week_after, week_bounds, week_range
from transforms.collection.recapture import Recapture
from transforms.collection.unseen import ServerLists
from transforms.indicators import compare_releases
from transforms.report import (
    REVISIONS,
    CampaignFacts,
    Edition,
    Provenance,
    Quality,
    ReleaseData,
    edition_of,
    told_quality,
)
from transforms.report.chains import NUM_WEEKS
from transforms.report.issue import num_incomplete, num_late

SHOWN = (*INPUTS, "post_versions")
"""Tables that the page is made of."""
SIGNALS = ("noindex", "nobot", "indexable", "opted_out")


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A release before it is written: both editions, the ISO week it is the issue of, what it is copied from."""

    public: Edition
    restricted: Edition
    issue: str
    earlier: Earlier


def gather(lake: Lake, campaign: Campaign, analysed: Analysed, lost: tuple[str, ...]) -> Gathered:
    """Both editions of the release. Where sources are `lost`, no week becomes final by it: what is missing may come."""
    issue, _ = issue_weeks(analysed)
    truth = truth_of(analysed, campaign, earlier_of(bases(lake, issue)[-1]).final_weeks, is_whole=not lost)
    public, earlier = tell_public(lake, analysed, truth, issue)
    exact = tell_exactly(analysed, truth, public)
    final = public.told.final[-1] if public.told.final else None
    runs = lake.read("runs")
    quality = _quality(lake, runs, analysed, lost, final or issue)
    data = ReleaseData(
        campaign=_facts(campaign),
        week=final,
        provisional_week=issue if issue != final else None,
        as_of=analysed.study.as_of,
        revisions=_revisions(earlier, public.indicators),
        provenance=_provenance(lake, runs, analysed, issue),
        **_told(public, quality),
    )
    everybody = edition_of(data)
    restricted = replace(data, is_public=False, **_told(exact, quality))
    return Gathered(everybody, edition_of(restricted, everybody), issue, earlier)


def _told(telling: Telling, quality: Quality) -> dict[str, Any]:
    """What differs between the editions."""
    return {
        "told": telling.told,
        "indicators": telling.indicators,
        "groups": telling.groups,
        "quality": told_quality(quality, telling.told),
    }


def _facts(campaign: Campaign) -> CampaignFacts:
    return CampaignFacts(
        name=campaign.name,
        title=campaign.title or campaign.name,
        hashtags=campaign.hashtags,
        purpose=campaign.purpose,
        contact=campaign.contact,
        licence=campaign.licence,
        zone=campaign.time_zone,
    )


def _quality(lake: Lake, runs: pa.Table, analysed: Analysed, lost: tuple[str, ...], week: str) -> Quality:
    study, coverage = analysed.study, analysed.tables["coverage"]
    reasons = [orjson.loads(text) for text in runs["reasons"].to_pylist()]
    refused = sum(number for told in reasons for number in told["refused"].values())
    opted_out = sum(told["refused"].get(signal, 0) for told in reasons for signal in SIGNALS)
    failed = int(pc.sum(runs["failed_checks"]).as_py() or 0)
    return Quality(
        covered=None,
        gaps=num_incomplete(coverage, "timeline"),
        incomplete_threads=num_incomplete(coverage, "thread"),
        quarantined=lake.read("quarantine", columns=["run_id"]).num_rows,
        refused=refused - opted_out,
        opted_out=opted_out,
        deleted=num_deleted(analysed.tables["posts"], lake.read("deletions", columns=["post_id"])),
        late=num_late(study),
        checks_passed=int(pc.sum(runs["checks"]).as_py() or 0) - failed,
        checks_failed=failed,
        missing_sources=lost,
        seen=_seen(analysed.shown, week),
    )


def _seen(shown: ServerLists, week: str) -> tuple[tuple[str, Recapture], ...]:
    """How much of each platform was seen in the eight weeks up to `week`."""
    weeks = list(week_range(f"{week_after(week, 1 - NUM_WEEKS)}/{week}"))
    found = ((platform, shown.estimate(platform, weeks)) for platform in sorted(shown.sources))
    return tuple((platform, told) for platform, told in found if told.seen)


def num_deleted(posts: pa.Table, deletions: pa.Table) -> int:
    """Posts that were told to be deleted, seen before or not, less those that were shown again."""
    there = posts["post_id"].filter(posts["deleted_at"].is_null()).combine_chunks()
    told = pc.unique(deletions["post_id"])
    return len(told) - int(pc.sum(pc.is_in(told, value_set=there)).as_py() or 0)


def _revisions(earlier: Earlier, public: pa.Table) -> pa.Table:
    """What the earlier issue made public of its weeks, and what is public of them now."""
    if not earlier.tables:
        return REVISIONS.empty_table()
    return compare_releases(earlier.tables["weekly_indicators"], public).select(REVISIONS.names)


def _provenance(lake: Lake, runs: pa.Table, analysed: Analysed, issue: str) -> Provenance:
    ids = runs.sort_by("started_at")["run_id"].to_pylist()
    inputs = {name: version for name, version in analysed.versions.items() if name in SHOWN}
    return Provenance(
        run=ids[-1] if ids else "",
        commit=_commit(),
        lock_sha256=hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest(),
        manifest_sha256=lake.dataset_hash(inputs),
        rebuild=f"passerelle report -c campaign.toml --as-of {analysed.study.as_of.isoformat()}",
        next_issue=week_bounds(week_after(issue, 2))[0].date(),
    )


def _commit() -> str:
    """The commit of the code where it runs from a checkout (an installed package may lie in somebody else's), else
    its version.
    """
    words = ["git", "-C", str(SHIPPED), "rev-parse", "--short=12", "HEAD"]
    try:
        if (SHIPPED / ".git").exists():
            return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        pass
    return passerelle.__version__
