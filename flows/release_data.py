"""What a release shows, gathered from a study, the lake's logs and the machine's own facts."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import timedelta

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import passerelle
from flows.analyse import INPUTS, Analysis
from flows.latest import issue_before
from passerelle.campaign import Campaign
from passerelle.lake import LOCK_FILE, SHIPPED, Lake
from passerelle.weeks import iso_week, week_after, week_bounds, week_range
from transforms.graphs.footbridges import BridgeNetwork, bridge_network
from transforms.help.study import Study
from transforms.indicators import compare_releases, survival_curve
from transforms.indicators.groups import lasting_communities
from transforms.report import (
    REVISIONS,
    CampaignFacts,
    Provenance,
    Quality,
    ReleaseData,
    mature_calls,
    public_indicators,
)

BRIDGE_WEEKS = 8
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


def newest_final(study: Study) -> str | None:
    """The newest ISO week whose last call has had its whole follow-up."""
    week = week_after(iso_week(study.as_of, study.zone), -1)
    follow_up = timedelta(hours=study.analysis.follow_up_hours)
    while week_bounds(week, study.zone)[1] + follow_up > study.as_of:
        week = week_after(week, -1)
    return week if study.episodes.num_rows else None


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


def bridges_of(study: Study, week: str) -> tuple[BridgeNetwork | None, str]:
    """Who helped whom, over the 8 weeks up to `week`, across the communities of the graph before it; those weeks."""
    span = f"{week_after(week, 1 - BRIDGE_WEEKS)}/{week}"
    weeks = pa.array(list(week_range(span)))
    episodes = study.episodes.filter(pc.is_in(study.episodes["iso_week"], weeks))
    if episodes.num_rows == 0:
        return None, span
    acts = study.mobilisations.filter(pc.is_in(study.mobilisations["iso_week"], weeks))
    return bridge_network(acts, episodes, lasting_communities(study, week)), span


def _quality(lake: Lake, study: Study, lost: tuple[str, ...]) -> Quality:
    runs, coverage = lake.read("runs"), lake.read("coverage")
    reasons = [orjson.loads(text) for text in runs["reasons"].to_pylist()]
    refused = sum(number for told in reasons for number in told["refused"].values())
    opted_out = sum(told["refused"].get(signal, 0) for told in reasons for signal in SIGNALS)
    failed = int(pc.sum(runs["failed_checks"]).as_py() or 0)
    return Quality(
        covered=_covered(study),
        gaps=_incomplete(coverage, "timeline"),
        incomplete_threads=_incomplete(coverage, "thread"),
        quarantined=lake.read("quarantine", columns=["run_id"]).num_rows,
        refused=refused - opted_out,
        opted_out=opted_out,
        deleted=_deleted(lake),
        late=_late(study),
        checks_passed=int(pc.sum(runs["checks"]).as_py() or 0) - failed,
        checks_failed=failed,
        missing_sources=lost,
    )


def _covered(study: Study) -> float | None:
    """Share of mobilisers whose tie class is known."""
    classes = study.mobilisations["tie_class"]
    if len(classes) == 0:
        return None
    return 1 - (pc.sum(pc.equal(classes, "unknown")).as_py() or 0) / len(classes)


def _incomplete(coverage: pa.Table, scope: str) -> int:
    """Things of `scope` that were not complete when they were last looked at on some server."""
    rows = coverage.filter(pc.equal(coverage["scope"], scope)).sort_by([("asked_at", "ascending")])
    things = zip(rows["subject_id"].to_pylist(), rows["source"].to_pylist(), strict=True)
    last = dict(zip(things, rows["is_complete"].to_pylist(), strict=True))
    return len({subject for (subject, _), complete in last.items() if not complete})


def _deleted(lake: Lake) -> int:
    """Posts that were told to be deleted, seen before or not, less those that were shown again."""
    posts = lake.read("posts", columns=["post_id", "deleted_at"])
    there = posts["post_id"].filter(posts["deleted_at"].is_null()).combine_chunks()
    told = pc.unique(lake.read("deletions", columns=["post_id"])["post_id"])
    return len(told) - int(pc.sum(pc.is_in(told, value_set=there)).as_py() or 0)


def _late(study: Study) -> int:
    """Posts with the hashtag that were first captured after their week had become final, since collection began."""
    grace = timedelta(hours=study.analysis.follow_up_hours)
    posts = study.posts.select(["created_at", "first_captured_at", "hashtags"]).to_pylist()
    began = min((row["first_captured_at"] for row in posts), default=study.as_of)
    return sum(
        row["first_captured_at"] > week_bounds(iso_week(row["created_at"], study.zone), study.zone)[1] + grace
        for row in posts
        if row["created_at"] >= began and not study.hashtags.isdisjoint(row["hashtags"])
    )


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
