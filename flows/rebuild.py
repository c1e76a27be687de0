"""Derived tables made anew from what they come from: mends lakes that an older version or a damaged file left wrong."""

from __future__ import annotations

import pyarrow as pa

from flows import gate
from flows.committing import forget_deleted, settle_engagements
from passerelle.lake import Lake
from passerelle.tables import ENGAGEMENTS, POSTS
from transforms.agreement import differing_posts
from transforms.keys import news
from transforms.posts import merge_versions


def rebuild(lake: Lake) -> dict[str, int]:
    """Make posts, the bounds of engagements and labels anew. The caller holds the lock.

    Returns how many rows changed, by table: rows other than they were, new ones, and those that nothing speaks for.
    What analysis makes (interactions, episodes...) follows with the next `passerelle analyse`.
    """
    changed = {"posts": _posts(lake)}
    changed["engagements"] = settle_engagements(lake, ENGAGEMENTS.empty(), lake.read("engagements"))
    changed["labels"] = forget_deleted(lake)
    return changed


def _posts(lake: Lake) -> int:
    """Posts, week by week, from all looks at them and the deletions."""
    deletions = lake.read("deletions")
    old = lake.read("posts")
    made = _made(lake, deletions)
    changed = news(made, old, POSTS.key).num_rows
    gone = old.num_rows + news(made.select(list(POSTS.key)), old.select(list(POSTS.key)), POSTS.key).num_rows
    gone -= made.num_rows
    if changed or gone:
        lake.overwrite("posts", made)
    return int(changed + gone)


def _made(lake: Lake, deletions: pa.Table) -> pa.Table:
    looks = lake.read("post_versions")
    made = merge_versions(looks, deletions)
    gate.check_posts(made, looks, deletions)
    return made


def count_differing(lake: Lake) -> int:
    """How many rows of `posts` are not what the looks at them and the deletions say: 0 in a lake that is whole."""
    tables = (lake.read(name) for name in ("posts", "post_versions", "deletions"))
    return int(differing_posts(*tables).num_rows)
