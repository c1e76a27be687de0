"""What an issue says of a study: its newest final week, the bridges of the last 8 weeks, how whole the data are."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.weeks import iso_week, week_after, week_bounds, week_range
from transforms.graphs.footbridges import BridgeNetwork, bridge_network
from transforms.help.study import Study
from transforms.indicators.frames import Frames
from transforms.indicators.groups import lasting_communities
from transforms.report.chains import NUM_WEEKS


def newest_final(study: Study) -> str | None:
    """The newest ISO week whose last call has had its whole follow-up."""
    week = week_after(iso_week(study.as_of, study.zone), -1)
    follow_up = timedelta(hours=study.analysis.follow_up_hours)
    while week_bounds(week, study.zone)[1] + follow_up > study.as_of:
        week = week_after(week, -1)
    return week if study.episodes.num_rows else None


def block_before(week: str) -> str:
    """The newest block of 8 weeks that was over with `week`: the same weeks in every issue until the next is over."""
    number = (week_bounds(week)[0].toordinal() // 7 + 1) // NUM_WEEKS
    last = week_after(week, number * NUM_WEEKS - 1 - week_bounds(week)[0].toordinal() // 7)
    return f"{week_after(last, 1 - NUM_WEEKS)}/{last}"


def bridges_of(frames: Frames, span: str) -> BridgeNetwork | None:
    """Who helped whom in the weeks of `span`, across the communities of the graph before the last of them."""
    study, weeks = frames.study, pa.array(list(week_range(span)))
    episodes = study.episodes.filter(pc.is_in(study.episodes["iso_week"], weeks))
    if episodes.num_rows == 0:
        return None
    acts = study.mobilisations.filter(pc.is_in(study.mobilisations["iso_week"], weeks))
    return bridge_network(acts, episodes, lasting_communities(frames, span.partition("/")[2]))


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
