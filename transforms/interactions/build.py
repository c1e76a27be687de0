"""Interactions: one person acting towards another, at most one per post, actor and target (rules 1 to 11)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import INTERACTIONS, TIME
from transforms.interactions.reposts import KEY, collapse_reposts
from transforms.interactions.threads import Threads, build_threads
from transforms.interactions.writing import KINDS, written_dyads
from transforms.moments import clock, times, weeks_of

ORPHANS = pa.schema(
    [
        ("platform", pa.string()),
        ("post_id", pa.string()),
        ("author_id", pa.string()),
        ("time", TIME),
        ("has_hashtag", pa.bool_()),
    ]
)

CAMPAIGN_POSTS = pa.schema(
    [
        ("platform", pa.string()),
        ("post_id", pa.string()),
        ("account_id", pa.string()),
        ("time", TIME),
        ("not_before", TIME),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """`table`: schema of the table `interactions`, sorted by key. `orphans`: replies whose thread ends at a missing
    parent (platform, post_id, author_id, time, has_hashtag). `threads`, `reposts`: what they were made from.
    """

    table: pa.Table
    orphans: pa.Table
    threads: Threads
    reposts: pd.DataFrame

    def at_earliest(self) -> Interactions:
        """The same interactions, with every interval-censored time at its earlier end."""
        early = self.table["not_before"]
        table = self.table.set_column(self.table.schema.get_field_index("time"), self.table.schema.field("time"), early)
        table = table.set_column(
            table.schema.get_field_index("iso_week"), table.schema.field("iso_week"), weeks_of(clock(early))
        )
        reposts = self.reposts.assign(time=self.reposts["not_before"])
        return replace(self, table=table, reposts=reposts)


def build_interactions(
    posts: pa.Table, engagements: pa.Table, hashtags: frozenset[str], as_of: datetime | None = None
) -> Interactions:
    """Interactions of `posts` and of the reposts among `engagements` (schemas of those tables).

    `hashtags`: folded. Deleted posts, what is later than `as_of`, repeated rows and likes count for nothing.
    """
    threads = build_threads(posts, hashtags, as_of)
    reposts = collapse_reposts(threads, engagements, as_of)
    rows = pa.concat_tables([_written(threads), _reposted(threads, reposts)])
    rows = rows.append_column("iso_week", weeks_of(clock(rows["time"])))
    table = INTERACTIONS.conform(rows.sort_by([(name, "ascending") for name in INTERACTIONS.key]))
    return Interactions(table.combine_chunks(), _orphans(threads), threads, reposts)


def _orphans(threads: Threads) -> pa.Table:
    mine = pa.array(np.flatnonzero(threads.is_orphan))
    posts = threads.posts.take(mine)
    columns = [posts["platform"], posts["post_id"], posts["author_id"], posts["created_at"]]
    return pa.table([*columns, pa.array(threads.carries).take(mine)], schema=ORPHANS)


def _written(threads: Threads) -> pa.Table:
    dyads = written_dyads(threads)
    place = pa.array(dyads.post)
    posts = threads.posts.take(place)
    kind = pa.array(KINDS).take(pa.array(dyads.kind))
    quoted = pc.if_else(pc.equal(kind, "quote"), posts["quote_of_id"], None)
    return pa.table(
        {
            "platform": posts["platform"],
            "post_id": posts["post_id"],
            "source_id": posts["author_id"],
            "target_id": dyads.target,
            "kind": kind,
            "time": posts["created_at"],
            "not_before": posts["created_at"],
            "acted_on_id": pc.if_else(pc.equal(kind, "reply"), posts["reply_to_id"], quoted),
            "root_id": threads.root_id.take(place),
            "is_campaign": pa.array(threads.is_campaign).take(place),
            "num_repeats": pa.repeat(pa.scalar(0, pa.int64()), len(place)),
        }
    )


def _reposted(threads: Threads, reposts: pd.DataFrame) -> pa.Table:
    """A repost acts towards the author of the original, once (rules 1 and 3)."""
    repeats = reposts.groupby(KEY, sort=False)["is_repeat"].transform("sum").astype("int64")
    towards_another = reposts["author_id"].notna() & (reposts["author_id"] != reposts["account_id"])
    first = reposts.assign(repeats=repeats)[towards_another & ~reposts["is_repeat"]]
    original = first["original"].to_numpy(np.int64)
    post_id = threads.originals.take(pa.array(original))
    return pa.table(
        {
            "platform": pa.array(first["platform"], pa.string()),
            "post_id": post_id,
            "source_id": pa.array(first["account_id"], pa.string()),
            "target_id": pa.array(first["author_id"], pa.string()),
            "kind": pa.repeat("repost", len(first)),
            "time": times(first["time"].to_numpy()),
            "not_before": times(first["not_before"].to_numpy()),
            "acted_on_id": post_id,
            "root_id": threads.root_id.take(pa.array(original, mask=original >= len(threads.time))),
            "is_campaign": pa.array(first["is_campaign"], pa.bool_()),
            "num_repeats": pa.array(first["repeats"], pa.int64()),
        }
    )


def tabulate_campaign_posts(made: Interactions, zone: str) -> pa.Table:
    """Posts that carry the hashtag or stand under one that does, reposts and their repeats too (rule 25)."""
    posts = made.threads.posts.filter(pa.array(made.threads.is_campaign & ~made.threads.is_repost))
    names = ["platform", "post_id", "author_id", "created_at", "created_at"]
    written = pa.table([posts[name] for name in names], schema=CAMPAIGN_POSTS)
    reposts = made.reposts[made.reposts["is_campaign"]]
    reposted = pa.table(
        {
            "platform": pa.array(reposts["platform"], pa.string()),
            "post_id": made.threads.originals.take(pa.array(reposts["original"].to_numpy(np.int64))),
            "account_id": pa.array(reposts["account_id"], pa.string()),
            "time": times(reposts["time"].to_numpy(np.int64)),
            "not_before": times(reposts["not_before"].to_numpy(np.int64)),
        }
    )
    table = pa.concat_tables([written, reposted])
    order = [("time", "ascending"), ("post_id", "ascending"), ("account_id", "ascending")]
    return table.append_column("iso_week", weeks_of(clock(table["time"]), zone)).sort_by(order)
