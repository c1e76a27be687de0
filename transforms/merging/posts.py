"""Posts from the looks at them: the newest words and counts, the relations of the first (rule 8)."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import POSTS
from transforms.merging.keys import first_by_key, in_order_of, last_by_key

KEY = ["platform", "post_id"]
WORDS = ["text", "hashtags", "has_media", "edited_at"]
"""Those of the last edition: a server that an edit has not reached shows the words from before, however late."""
LAST_SAID = ["language", "replies", "reposts", "quotes", "favourites"]
"""A look that does not say (a post seen inside another has no counts) hides nothing that an older one said."""
RELATIONS = [
    "iso_week",
    "created_at",
    "author_id",
    "mentions",
    "prefix_mentions",
    "repost_of_id",
    "repost_of_author_id",
    "source",
]
NAMED = {
    "reply_to_is_local": ["reply_to_id", "reply_to_author_id", "root_id"],
    "quote_of_is_local": ["quote_of_id", "quote_of_author_id"],
}
"""Relations of the first look that names them, by the flag of a look that has but its server's own id for the post.

A server that the other post has not reached says nothing of it, or an id of its own; another server, or the same one
later, names it."""
_SAID = [*WORDS, *LAST_SAID, *RELATIONS, *NAMED, *(name for names in NAMED.values() for name in names)]
_LOOK = [*KEY, "captured_at", *_SAID, "embedded", "run_id", "version_id"]
_WITHIN_MOMENT = ["source", "run_id", "replies", "reposts", "quotes", "favourites", "text", "version_id"]
"""What holds pseudonyms comes last: another key must not choose another look."""


def merge_versions(looks: pa.Table, deletions: pa.Table) -> pa.Table:
    """One row for each post in `looks` (schema of `post_versions`), sorted by key.

    All looks at these posts must be given. An edit never changes whom a post addressed, since relations are those of
    the first capture; what it replies to and quotes is that of the first capture which names it (:data:`NAMED`).
    Of two captures at the same moment, the post itself goes before the post seen inside another.
    A post that is deleted by what `deletions` say (:func:`_gone`) has `deleted_at`. The order of rows, and repeated
    rows, do not matter.
    """
    looks = looks.select(_LOOK)
    first, newest = first_by_key(_by_moment(looks, "ascending"), KEY), _by_moment(looks, "descending")
    last = in_order_of(last_by_key(_by_edition(newest), KEY), first, KEY)
    told = newest.group_by(KEY, use_threads=False).aggregate(
        [(name, "last", pc.ScalarAggregateOptions(skip_nulls=True)) for name in LAST_SAID]
        + [("captured_at", "max"), ("embedded", "all")]
    )
    said = in_order_of(told, first, KEY)
    columns = {name: first[name] for name in [*KEY, *RELATIONS]} | {name: last[name] for name in WORDS}
    for is_local, names in NAMED.items():
        columns |= _first_named(_by_moment(looks, "ascending"), is_local, names, first)
    columns |= {name: said[f"{name}_last"] for name in LAST_SAID}
    columns |= {"first_captured_at": first["captured_at"], "embedded": said["embedded_all"]}
    columns |= {"captured_at": said["captured_at_max"]}
    gone = first.select(KEY).join(_gone(deletions, looks), KEY, join_type="left outer")
    return POSTS.conform(pa.table(columns | {"deleted_at": in_order_of(gone, first, KEY)["deleted_at"]}))


def _first_named(oldest: pa.Table, is_local: str, names: list[str], posts: pa.Table) -> dict[str, pa.ChunkedArray]:
    """Each of `names` by the first look that has a name for it, else by the first with its server's own id.

    In the order of `posts`; null where no look says anything.
    """
    order = np.argsort(oldest[is_local].to_numpy(), kind="stable")
    told = oldest.take(pa.array(order)).group_by(KEY, use_threads=False)
    skipping = pc.ScalarAggregateOptions(skip_nulls=True)
    found = in_order_of(told.aggregate([(name, "first", skipping) for name in names]), posts, KEY)
    return {name: found[f"{name}_first"] for name in names}


def _gone(deletions: pa.Table, looks: pa.Table) -> pa.Table:
    """Posts that are deleted, and since when: the first notice by their own server, or that no look has belied since.

    Servers drop copies of what others wrote, and a post inside another may be a copy too: neither says anything of it.
    """
    shown = looks.filter(pc.invert(looks["embedded"])).group_by(KEY).aggregate([("captured_at", "max")])
    told = deletions.select([*KEY, "deleted_at", "by_own"]).join(shown, KEY, join_type="left outer")
    since = pc.fill_null(pc.greater(told["captured_at_max"], told["deleted_at"]), False)
    stands = told.filter(pc.or_(told["by_own"], pc.invert(since)))
    return stands.group_by(KEY).aggregate([("deleted_at", "min")]).rename_columns([*KEY, "deleted_at"])


def _by_edition(newest: pa.Table) -> pa.Table:
    """Looks in the order of the editions that they show (the first one is never dated), then as they were."""
    edited = pc.fill_null(newest["edited_at"].cast(pa.int64()), np.iinfo(np.int64).min)
    return newest.take(pa.array(np.argsort(edited.to_numpy(), kind="stable")))


def _by_moment(looks: pa.Table, embedded: str) -> pa.Table:
    keys = [(name, "ascending") for name in [*KEY, "captured_at"]]
    return looks.sort_by([*keys, ("embedded", embedded), *((name, "ascending") for name in _WITHIN_MOMENT)])
