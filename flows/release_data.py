"""What a release shows, gathered from a study, the lake's logs and the machine's own facts."""

from __future__ import annotations

import hashlib
import subprocess

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import passerelle
from flows.analyse import INPUTS, Analysis
from flows.latest import issue_before
from passerelle.campaign import Campaign
from passerelle.lake import LOCK_FILE, SHIPPED, Lake
from passerelle.weeks import iso_week, week_after, week_bounds
from transforms.help.study import Study
from transforms.indicators import compare_releases, survival_curve
from transforms.report import (
    REVISIONS,
    CampaignFacts,
    Provenance,
    Quality,
    ReleaseData,
    mature_calls,
    public_indicators,
)
from transforms.report.issue import bridges_of, covered_share, newest_final, num_incomplete, num_late

SIGNALS = ("noindex", "nobot", "not_indexable")


def gather(lake: Lake, campaign: Campaign, analysis: Analysis, lost: tuple[str, ...]) -> tuple[ReleaseData, str]:
    """The data of the release, and the ISO week it is the issue of: the last one that ended before as-of."""
    study = analysis.study
    issue = week_after(iso_week(study.as_of, study.zone), -1)
    final = newest_final(study)
    bridges, bridges_weeks = bridges_of(study, final or issue)
    data = ReleaseData(
        campaign=_facts(campaign),
        week=final,
        provisional_week=issue if issue != final else None,
        as_of=study.as_of,
        indicators=analysis.indicators,
        survival=survival_curve(study, final or issue, stranger=False),
        survival_stranger=survival_curve(study, final or issue, stranger=True),
        bridges=bridges,
        bridges_weeks=bridges_weeks,
        calls=mature_calls(study.episodes, study.mobilisations, study.as_of),
        quality=_quality(lake, study, lost),
        revisions=_revisions(lake, analysis, issue),
        provenance=_provenance(lake, campaign, analysis, issue),
    )
    return data, issue


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


def _quality(lake: Lake, study: Study, lost: tuple[str, ...]) -> Quality:
    runs, coverage = lake.read("runs"), lake.read("coverage")
    reasons = [orjson.loads(text) for text in runs["reasons"].to_pylist()]
    refused = sum(number for told in reasons for number in told["refused"].values())
    opted_out = sum(told["refused"].get(signal, 0) for told in reasons for signal in SIGNALS)
    failed = int(pc.sum(runs["failed_checks"]).as_py() or 0)
    return Quality(
        covered=covered_share(study),
        gaps=num_incomplete(coverage, "timeline"),
        incomplete_threads=num_incomplete(coverage, "thread"),
        quarantined=lake.read("quarantine", columns=["run_id"]).num_rows,
        refused=refused - opted_out,
        opted_out=opted_out,
        deleted=_deleted(lake),
        late=num_late(study),
        checks_passed=int(pc.sum(runs["checks"]).as_py() or 0) - failed,
        checks_failed=failed,
        missing_sources=lost,
    )


def _deleted(lake: Lake) -> int:
    """Posts that were told to be deleted, seen before or not, less those that were shown again."""
    posts = lake.read("posts", columns=["post_id", "deleted_at"])
    there = posts["post_id"].filter(posts["deleted_at"].is_null()).combine_chunks()
    told = pc.unique(lake.read("deletions", columns=["post_id"])["post_id"])
    return len(told) - int(pc.sum(pc.is_in(told, value_set=there)).as_py() or 0)


def _revisions(lake: Lake, analysis: Analysis, issue: str) -> pa.Table:
    """What the issue before this one made public of earlier weeks, and what would be made public of them now."""
    before = issue_before(lake, issue)
    if before is None:
        return REVISIONS.empty_table()
    published = before / "public" / "data" / "weekly_indicators.parquet"
    return compare_releases(pq.read_table(published), public_indicators(analysis.indicators))


def _provenance(lake: Lake, campaign: Campaign, analysis: Analysis, issue: str) -> Provenance:
    runs = lake.read("runs").sort_by("started_at")["run_id"].to_pylist()
    inputs = {name: version for name, version in analysis.versions.items() if name in INPUTS}
    return Provenance(
        run=runs[-1] if runs else "",
        commit=_commit(),
        lock_sha256=hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest(),
        manifest_sha256=lake.dataset_hash(inputs),
        rebuild=f"passerelle report -c campaign.toml --as-of {analysis.study.as_of.isoformat()}",
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
