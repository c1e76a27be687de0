"""People whom a file names in two ways: by an id where they write, by a handle where others mention them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

_LISTS = ("mentions", "prefix_mentions")
_PEOPLE = ("reply_to_author_id", "repost_of_author_id", "quote_of_author_id")


def aliases(handles: pa.Table, posts: pa.Table) -> dict[str, str]:
    """Accounts known by a handle only, each with the account that wrote under that handle.

    They are the same person if the handle leads to exactly one account that wrote `posts`. Where two who wrote share a
    handle (it changed hands), nobody is merged.
    """
    rows = handles.select(["platform", "handle_id", "account_id"]).to_pandas()
    rows["wrote"] = rows["account_id"].isin(posts["author_id"].unique().to_pylist())
    by_handle = rows.groupby(["platform", "handle_id"])
    rows = rows[(by_handle["wrote"].transform("sum") == 1) & (by_handle["account_id"].transform("size") > 1)]
    writers = rows[rows["wrote"]].set_index(["platform", "handle_id"])["account_id"]
    others = rows[~rows["wrote"]].drop_duplicates("account_id", keep=False)
    keys = pd.MultiIndex.from_frame(others[["platform", "handle_id"]])
    return dict(zip(others["account_id"], writers.reindex(keys), strict=True))


def under_one_name(posts: pa.Table, names: Mapping[str, str]) -> pa.Table:
    """`posts` (same schema) with each addressed person that `names` knows under the account that it gives for them."""
    if not names:
        return posts
    for column in _PEOPLE:
        posts = _with(posts, column, [names.get(one, one) for one in posts[column].to_pylist()])
    for column in _LISTS:
        renamed = [_each_once(people, names) for people in posts[column].to_pylist()]
        posts = _with(posts, column, renamed)
    return posts


def _each_once(people: list[str] | None, names: Mapping[str, str]) -> list[str] | None:
    return people and list(dict.fromkeys(names.get(one, one) for one in people))


def _with(posts: pa.Table, column: str, values: list[Any]) -> pa.Table:
    place = posts.schema.get_field_index(column)
    field = posts.schema.field(place)
    return posts.set_column(place, field, pa.array(values, field.type))
