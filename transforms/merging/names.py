"""What a server's own id stood for, once the post was shown under that id: then, earlier or later."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from transforms.merging.posts import NAMED

POINTING = {flag: [name for name in names if not name.endswith("author_id")] for flag, names in NAMED.items()}
"""Columns of a look that hold a server's own id of a post where the flag says so, the one it is about first."""


def own_ids(looks: pa.Table) -> pa.Array:
    """What `looks` (schema of `post_versions`) hold that is a server's own id, each once."""
    held = [looks[name].filter(looks[flag]).combine_chunks() for flag, names in POINTING.items() for name in names]
    return pc.unique(pa.concat_arrays([pc.drop_null(ids) for ids in held]))


def named(looks: pa.Table, names: pa.Table) -> pa.Table:
    """`looks` with the post in the place of the server's own id wherever `names` (`post_names`, sorted) knows it.

    The order of rows stays; a look whose reply or quote became known so is local no more. Of two posts that a server
    showed under one id, the first by key is meant: not the one that came first.
    """
    for flag, columns in POINTING.items():
        main, is_local = columns[0], looks[flag]
        for name in reversed(columns):
            place = pc.index_in(looks[name], value_set=names["name_id"].combine_chunks())
            is_known = pc.and_(is_local, pc.is_valid(place))
            told = pc.if_else(is_known, names["post_id"].take(place), looks[name])
            looks = _with(looks, name, told)
            if name == main:
                looks = _with(looks, flag, pc.and_(is_local, pc.invert(is_known)))
    return looks


def _with(rows: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    place = rows.schema.get_field_index(name)
    return rows.set_column(place, rows.schema.field(place), values)
