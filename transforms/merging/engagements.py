"""Engagements: when a repost or favourite can have happened, from repeated looks at who engaged."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from passerelle.tables import ENGAGEMENTS, TIME

_KEY = ["post_id", "account_id", "kind"]
_POLL = ["post_id", "kind", "source"]


def bound_engagements(seen: pa.Table, polls: pa.Table, posts: pa.Table) -> pa.Table:
    """One row an engagement in `seen` (looks, and rows of `engagements`), bounded in time.

    `first_seen` is the earliest look that shows it; `not_before` the last *complete* poll of that post and kind
    on the same source that ended before that, else the post's own time (null where the post is not in `posts`).
    Another server may never hear of it, so that its polls say nothing. `polls` and `posts` have the schema of those
    tables; all polls and posts concerned must be given.
    """
    rows = seen.to_pandas().sort_values([*_KEY, "first_seen", "source", "platform"])
    first = rows.groupby(_KEY, sort=True, as_index=False).agg(
        platform=("platform", "first"), at=("at", "min"), first_seen=("first_seen", "min"), source=("source", "first")
    )
    if first.empty:
        return ENGAGEMENTS.empty()
    made = posts.select(["post_id", "created_at"]).to_pandas().groupby("post_id")["created_at"].min()
    first["not_before"] = _last_complete_poll(first, polls).fillna(first["post_id"].map(made))
    # a post's stated time may lie after the look that shows the engagement (clocks differ)
    first["not_before"] = first[["not_before", "first_seen"]].min(axis=1)
    return ENGAGEMENTS.conform(pa.Table.from_pandas(first, preserve_index=False))


def _last_complete_poll(first: pd.DataFrame, polls: pa.Table) -> pd.Series:
    complete = polls.filter(polls["complete"]).select([*_POLL, "polled_at", "ended_at"]).to_pandas()
    # who stands on its second page was there when the first one came
    complete["ended_at"] = complete["ended_at"].fillna(complete["polled_at"])
    left = first.reset_index(names="row").sort_values("first_seen")
    found = pd.merge_asof(
        left,
        complete.sort_values(["ended_at", "polled_at"]),
        left_on="first_seen",
        right_on="ended_at",
        by=_POLL,
        allow_exact_matches=False,
    )
    return found.set_index("row")["polled_at"].reindex(first.index).astype(TIME.to_pandas_dtype())
