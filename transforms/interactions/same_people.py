"""Posts once each, and people with several accounts, as the campaign file says, under the first of them.

Nobody is taken for somebody else by likeness: a name on one server says nothing of the same name on another.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from passerelle.tables import ACCOUNTS, ENGAGEMENTS, HANDLES
from transforms.interactions.aliases import under_one_name
from transforms.merging.keys import first_by_key

_ENDS = {"created_at": "min", "first_seen_at": "min", "last_seen_at": "max", "followers": "max"}
_FLAGS = ("declared_bot", "organiser_profile")


def each_post_once(posts: pa.Table) -> pa.Table:
    """`posts` (same schema), one row a post: servers of two platforms may show the same one, which its name tells.

    It is of the platform where it was seen first, itself rather than inside another post.
    """
    if len(posts["post_id"].unique()) == posts.num_rows:
        return posts
    order = ("embedded", "first_captured_at", "platform")
    return first_by_key(posts.sort_by([(column, "ascending") for column in order]), ["post_id"])


def posts_of_people(posts: pa.Table, same: Mapping[str, str]) -> pa.Table:
    """`posts` (same schema) by people: authors and all whom they address."""
    return under_one_name(_renamed(posts, "author_id", same), same) if same else posts


def accounts_of_people(accounts: pa.Table, same: Mapping[str, str]) -> pa.Table:
    """`accounts` (same schema), one row a person: a flag that any account has, seen from the first to the last look.

    Followers are those of the account that has most: who follows both is not known.
    """
    if not same:
        return accounts
    rows = _renamed(accounts, "account_id", same).to_pandas()
    rows["is_first"] = accounts["account_id"].to_pandas() == rows["account_id"]
    rows = rows.sort_values("is_first", ascending=False, kind="stable")
    told = dict.fromkeys(rows.columns.drop(["account_id", "is_first"]), "first") | _ENDS | dict.fromkeys(_FLAGS, "any")
    people = rows.groupby("account_id", as_index=False).agg(told)
    return ACCOUNTS.conform(pa.Table.from_pandas(people, schema=ACCOUNTS.schema, preserve_index=False))


def engagements_of_people(engagements: pa.Table, same: Mapping[str, str]) -> pa.Table:
    """`engagements` (same schema) by people: whoever reposts with two accounts has reposted once, the first time."""
    if not same:
        return engagements
    rows = _renamed(engagements, "account_id", same).sort_by([("first_seen", "ascending")])
    return first_by_key(rows, ENGAGEMENTS.key)


def handles_of_people(handles: pa.Table, same: Mapping[str, str]) -> pa.Table:
    """`handles` (same schema): every handle of a person leads to them."""
    return first_by_key(_renamed(handles, "account_id", same), HANDLES.key) if same else handles


def _renamed(rows: pa.Table, column: str, same: Mapping[str, str]) -> pa.Table:
    place, names = rows.schema.get_field_index(column), rows[column].to_pylist()
    field = rows.schema.field(place)
    return rows.set_column(place, field, pa.array([same.get(name, name) for name in names], field.type))
