"""Whoever is mentioned by a handle is the account that writes under it, where only one does."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from passerelle.tables import HANDLES, POSTS
from tests.reference.campaigns import days, post
from transforms.interactions.aliases import aliases, under_one_name


def handles(*rows: tuple[str, str, str]) -> pa.Table:
    columns = ("platform", "handle_id", "account_id")
    return pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema=HANDLES.schema)


def posts(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=POSTS.schema)


WRITTEN = posts(post("p1", "id1", days(0)), post("p2", "id2", days(1)))


def test_a_handle_leads_to_the_one_who_writes_under_it() -> None:
    table = handles(("forum", "h1", "id1"), ("forum", "h1", "@one"), ("forum", "h2", "id2"))
    assert aliases(table, WRITTEN) == {"@one": "id1"}


def test_nobody_is_merged_where_it_is_not_sure() -> None:
    changed_hands = handles(("forum", "h", "id1"), ("forum", "h", "id2"), ("forum", "h", "@h"))
    nobody_wrote = handles(("forum", "h", "x"), ("forum", "h", "y"))
    elsewhere = handles(("forum", "h", "id1"), ("twitter", "h", "@h"))
    two_handles = handles(
        ("forum", "h1", "id1"), ("forum", "h1", "x"), ("forum", "h2", "id2"), ("forum", "h2", "x")
    )  # fmt: skip
    assert [aliases(table, WRITTEN) for table in (changed_hands, nobody_wrote, elsewhere, two_handles)] == [{}] * 4


def test_posts_address_people_under_one_name_each_once() -> None:
    addressed = post(
        "p3", "id2", days(2), mentions=["@one", "z", "id1"], prefix_mentions=["@one"], reply_to_author_id="@one"
    )
    (row,) = under_one_name(posts(addressed), {"@one": "id1"}).to_pylist()
    assert (row["mentions"], row["prefix_mentions"], row["reply_to_author_id"]) == (["id1", "z"], ["id1"], "id1")
    assert (row["author_id"], row["quote_of_author_id"]) == ("id2", None)


def test_without_aliases_nothing_changes() -> None:
    assert under_one_name(WRITTEN, {}) is WRITTEN
    assert under_one_name(WRITTEN, {"nobody": "id1"}).equals(WRITTEN)
