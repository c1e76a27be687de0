"""What an issue says of a study: its newest final week, the bridges up to it, and how whole the data are."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.weeks import iso_week, week_after, week_bounds, week_range
from transforms.graphs.footbridges import BridgeNetwork, bridge_network
from transforms.help.study import Study
from transforms.indicators.frames import Frames
from transforms.indicators.groups import lasting_communities

BRIDGE_WEEKS = 8


def newest_final(study: Study) -> str | None:
    """The newest ISO week whose last call has had its whole follow-up."""
    week = week_after(iso_week(study.as_of, study.zone), -1)
    follow_up = timedelta(hours=study.analysis.follow_up_hours)
    while week_bounds(week, study.zone)[1] + follow_up > study.as_of:
        week = week_after(week, -1)
    return week if study.episodes.num_rows else None


def bridges_of(frames: Frames, week: str) -> tuple[BridgeNetwork | None, str]:
    """Who helped whom, over the 8 weeks up to `week`, across the communities of the graph before it; those weeks."""
    study = frames.study
    span = f"{week_after(week, 1 - BRIDGE_WEEKS)}/{week}"
    weeks = pa.array(list(week_range(span)))
    episodes = study.episodes.filter(pc.is_in(study.episodes["iso_week"], weeks))
    if episodes.num_rows == 0:
        return None, span
    acts = study.mobilisations.filter(pc.is_in(study.mobilisations["iso_week"], weeks))
    return bridge_network(acts, episodes, lasting_communities(frames, week)), span


def covered_share(study: Study) -> float | None:
    """Share of mobilisers whose tie class is known."""
    classes = study.mobilisations["tie_class"]
    if len(classes) == 0:
        return None
    return 1 - (pc.sum(pc.equal(classes, "unknown")).as_py() or 0) / len(classes)


def num_incomplete(coverage: pa.Table, scope: str) -> int:
    """Things of `scope` that were not complete when they were last looked at on some server."""
    rows = coverage.filter(pc.equal(coverage["scope"], scope)).sort_by([("asked_at", "ascending")])
    things = zip(rows["subject_id"].to_pylist(), rows["source"].to_pylist(), strict=True)
    last = dict(zip(things, rows["is_complete"].to_pylist(), strict=True))
    return len({subject for (subject, _), complete in last.items() if not complete})


def num_late(study: Study) -> int:
    """Posts with the hashtag that were first captured after their week had become final, since collection began."""
    grace = timedelta(hours=study.analysis.follow_up_hours)
    posts = study.posts.select(["created_at", "first_captured_at", "hashtags"]).to_pylist()
    began = min((row["first_captured_at"] for row in posts), default=study.as_of)
    return sum(
        row["first_captured_at"] > week_bounds(iso_week(row["created_at"], study.zone), study.zone)[1] + grace
        for row in posts
        if row["created_at"] >= began and not study.hashtags.isdisjoint(row["hashtags"])
    )
