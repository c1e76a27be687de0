"""How many posts of each week no server showed, where several servers of one world were asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.platforms import is_hosted
from passerelle.tables import WEEKLY_UNSEEN
from passerelle.weeks import iso_weeks
from transforms.collection.recapture import Recapture, recapture


@dataclass(frozen=True, slots=True, eq=False)
class ServerLists:
    """The campaign's posts by the servers that showed them.

    `frame`: platform, post_id, iso_week, source (one row a post and server), is_own (written on one of the servers
    that were asked: that one has all of them). `sources` are the servers asked, by platform.
    """

    frame: pd.DataFrame
    sources: dict[str, tuple[str, ...]]

    def estimate(self, platform: str, weeks: Collection[str] | None = None) -> Recapture:
        """How many posts there are of some `weeks` (all), from the lists of the servers of `platform`.

        Posts written on a server that was asked stand beside the lists, since none of them can be missing there; the
        lists are of those written elsewhere.
        """
        rows = self.frame[self.frame["platform"] == platform]
        rows = rows if weeks is None else rows[rows["iso_week"].isin(list(weeks))]
        servers, seen = self.sources.get(platform, ()), rows["post_id"].nunique()
        if not is_hosted(platform) and len(servers) > 1:
            return Recapture(len(servers), seen, reason="one_index")
        own = rows[rows["is_own"]]["post_id"].nunique()
        others = rows[~rows["is_own"]]
        return recapture([set(others["post_id"][others["source"] == server]) for server in servers], known=own)


def shown_posts(
    looks: pa.Table, posts: pa.Table, accounts: pa.Table, coverage: pa.Table, hashtags: frozenset[str], zone: str
) -> ServerLists:
    """What `looks` (platform, post_id, source, embedded) show of those `posts` that carry one of the `hashtags`.

    `posts`, `accounts` and `coverage` are tables of those names; weeks are those of posting, in `zone`. Reposts, and
    posts that were seen inside another only, are on no list.
    """
    timelines = coverage.filter(pc.equal(coverage["scope"], "timeline")).select(["platform", "source"])
    asked = timelines.to_pandas().drop_duplicates()
    sources = {str(name): tuple(sorted(rows["source"])) for name, rows in asked.groupby("platform")}
    ours = posts.filter(pc.is_null(posts["repost_of_id"]))
    carries = [not hashtags.isdisjoint(tags) for tags in ours["hashtags"].to_pylist()]
    ours = ours.filter(pa.array(carries, pa.bool_()))
    frame = ours.select(["platform", "post_id", "author_id"]).to_pandas()
    frame["iso_week"] = iso_weeks(ours["created_at"], zone).to_pylist()
    places = accounts.select(["account_id", "instance"]).to_pandas().drop_duplicates("account_id")
    frame = frame.merge(places, left_on="author_id", right_on="account_id", how="left")
    homes = zip(frame["platform"], frame["instance"], strict=True)
    frame["is_own"] = [home in sources.get(name, ()) for name, home in homes]
    shown = looks.filter(pc.invert(looks["embedded"])).select(["platform", "post_id", "source"])
    listed = shown.to_pandas().drop_duplicates().merge(asked, on=["platform", "source"])
    columns = ["platform", "post_id", "iso_week", "is_own"]
    return ServerLists(frame[columns].merge(listed, on=["platform", "post_id"]), sources)


def weekly_unseen(shown: ServerLists) -> pa.Table:
    """The table `weekly_unseen`: a row a week of posting and platform."""
    rows = [_row(shown, platform, week) for platform, week in _weeks(shown)]
    return WEEKLY_UNSEEN.conform(pa.Table.from_pylist(rows, schema=WEEKLY_UNSEEN.schema))


def _weeks(shown: ServerLists) -> Iterator[tuple[str, str]]:
    found = shown.frame[["platform", "iso_week"]].drop_duplicates().sort_values(["platform", "iso_week"])
    yield from found.itertuples(index=False, name=None)


def _row(shown: ServerLists, platform: str, week: str) -> dict[str, Any]:
    found = shown.estimate(platform, [week])
    return {
        "iso_week": week,
        "platform": platform,
        "num_lists": found.num_lists,
        "seen": found.seen,
        "total": found.total,
        "low": found.low,
        "high": found.high,
        "reason": found.reason,
    }
