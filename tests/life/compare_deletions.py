"""What is told to be deleted, against what was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.life.lake_rows import Row
from tests.life.looks import Look, Looks
from tests.life.truth import Truth
from tests.sandbox.world import Post


def compare_deletions(truth: Truth, looks: Looks, deletions: list[Row], posts: list[Row]) -> Iterator[str]:
    """A post is told deleted if and only if it was deleted, by the first look that was due after that."""
    told: dict[str, datetime] = {}
    for row in deletions:
        told[row["post_id"]] = min(row["deleted_at"], told.get(row["post_id"], row["deleted_at"]))
    known = {row["post_id"]: row for row in posts}
    for post_id, moment in told.items():
        post = truth.posts.get(post_id)
        if post is None or post.deleted is None or moment < post.deleted:
            yield f"deletions {post_id}: told at {moment}, true at {post and post.deleted}"
    for post_id, row in known.items():
        post = truth.posts.get(post_id)
        if row["deleted_at"] != told.get(post_id):
            yield f"posts {post_id}: deleted_at {row['deleted_at']}, deletions say {told.get(post_id)}"
        if post is not None and post_id not in told and (look := _must_miss(truth, looks, post)):
            yield f"deletions {post_id}: deleted {post.deleted}, written {post.time}, not noticed at {look}"


def _must_miss(truth: Truth, looks: Looks, post: Post) -> Look | None:
    if post.deleted is None or post.number not in truth.campaign or looks.met(post) is None:
        return None
    return next((look for look in looks.checks(post) if look.start >= post.deleted), None)
