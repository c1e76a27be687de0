"""Posts from their versions: the words and counts of the newest, the relations of the first (rule 8)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import POSTS
from transforms.keys import first_by_key, in_order_of, last_by_key

KEY = ["platform", "post_id"]
WORDS = ["captured_at", "text", "hashtags", "has_media"]
LAST_SAID = ["edited_at", "language", "replies", "reposts", "quotes", "favourites"]
"""A version that does not say (a post seen inside another has no counts) hides nothing that an older one said."""
RELATIONS = [
    "iso_week",
    "created_at",
    "author_id",
    "mentions",
    "prefix_mentions",
    "reply_to_id",
    "reply_to_author_id",
    "root_id",
    "repost_of_id",
    "repost_of_author_id",
    "quote_of_id",
    "quote_of_author_id",
    "source",
]
_LOOK = [*KEY, *WORDS, *LAST_SAID, *RELATIONS, "embedded"]
_WITHIN_MOMENT = ["text", "replies", "reposts", "favourites", "source"]


def merge_versions(versions: pa.Table, known_posts: pa.Table, deletions: pa.Table) -> pa.Table:
    """One row for each post in `versions` (schema of `post_versions`), with what `known_posts` says of it.

    An edit never changes whom a post addressed, since relations are those of the first capture. Of two captures at
    the same moment, the post itself goes before the post seen inside another. A post in `deletions` has
    `deleted_at`, for good. Rows come by key; their order before, and repeated rows, do not matter.
    """
    known = known_posts.filter(pc.is_in(known_posts["post_id"], value_set=_whole(versions["post_id"])))
    looks = pa.concat_tables([versions.select(_LOOK), *_looks(known)])
    first, newest = first_by_key(_by_moment(looks, "ascending"), KEY), _by_moment(looks, "descending")
    last = in_order_of(last_by_key(newest, KEY), first, KEY)
    told = newest.group_by(KEY, use_threads=False).aggregate(
        [(name, "last", pc.ScalarAggregateOptions(skip_nulls=True)) for name in LAST_SAID] + [("embedded", "all")]
    )
    said = in_order_of(told, first, KEY)
    columns = {name: first[name] for name in [*KEY, *RELATIONS]} | {name: last[name] for name in WORDS}
    columns |= {name: said[f"{name}_last"] for name in LAST_SAID}
    columns |= {"first_captured_at": first["captured_at"], "embedded": said["embedded_all"]}
    gone = pc.coalesce(_at(columns["post_id"], known, "deleted_at"), _at(columns["post_id"], deletions, "deleted_at"))
    return POSTS.conform(pa.table(columns | {"deleted_at": gone}))


def _looks(known: pa.Table) -> list[pa.Table]:
    """What is known as two looks: its relations at the first capture, its words at the newest."""
    place = known.schema.get_field_index("captured_at")
    early = known.set_column(place, known.schema.field(place), known["first_captured_at"])
    return [early.select(_LOOK), known.select(_LOOK)]


def _by_moment(looks: pa.Table, embedded: str) -> pa.Table:
    keys = [(name, "ascending") for name in [*KEY, "captured_at"]]
    return looks.sort_by([*keys, ("embedded", embedded), *((name, "ascending") for name in _WITHIN_MOMENT)])


def _at(ids: pa.ChunkedArray, table: pa.Table, column: str) -> pa.Array:
    """`column` of the row of `table` with each post id; null where there is none."""
    return _whole(table[column]).take(pc.index_in(_whole(ids), value_set=_whole(table["post_id"])))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
