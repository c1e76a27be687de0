"""Posts from their versions."""

from __future__ import annotations

from itertools import permutations
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from passerelle.tables import DELETIONS, POST_VERSIONS
from tests.reference.campaigns import days, post
from transforms.merging.agreement import differing_posts
from transforms.merging.posts import merge_versions


def version(captured: float, name: str, **changes: Any) -> dict[str, Any]:
    """A version of the post p, captured on that day."""
    row = post("p", "seeker", days(0), source="one")
    row = {key: value for key, value in row.items() if key not in ("first_captured_at", "deleted_at")}
    row |= {"version_id": name, "run_id": "run", "captured_at": days(captured), "text": name}
    return row | {"reply_to_is_local": False, "quote_of_is_local": False} | changes


def merge(*versions: dict[str, Any], deletions: Any = ()) -> list[dict[str, Any]]:
    table = pa.Table.from_pylist(list(versions), schema=POST_VERSIONS.schema)
    gone = pa.Table.from_pylist(list(deletions), schema=DELETIONS.schema)
    made = merge_versions(table, gone)
    assert differing_posts(made, table, gone).num_rows == 0
    return made.to_pylist()


FIRST = version(1, "first", mentions=["x"], reply_to_id="q", replies=1, hashtags=["i4emploi"])
EDITED = version(3, "edited", mentions=["y"], reply_to_id="z", replies=5, edited_at=days(2), source="two")


@pytest.mark.parametrize("order", [[FIRST, EDITED], [EDITED, FIRST], [FIRST, EDITED, FIRST, EDITED]])
def test_words_of_the_newest_relations_of_the_first(order: list[dict[str, Any]]) -> None:
    (row,) = merge(*order)
    assert (row["text"], row["replies"], row["hashtags"], row["captured_at"]) == ("edited", 5, [], days(3))
    assert (row["mentions"], row["reply_to_id"], row["source"]) == (["x"], "q", "one")
    assert (row["first_captured_at"], row["edited_at"], row["deleted_at"]) == (days(1), days(2), None)


def test_a_version_that_does_not_say_hides_nothing() -> None:
    inside = version(4, "inside", replies=None, language=None, embedded=True)
    (row,) = merge(FIRST | {"language": "fr"}, inside)
    assert (row["text"], row["replies"], row["language"], row["embedded"]) == ("inside", 1, "fr", False)
    assert merge(inside)[0]["embedded"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_server_that_an_edit_has_not_reached_brings_no_old_words_back(order: int) -> None:
    behind = version(4, "first", replies=2, source="one")
    (row,) = merge(*[FIRST, EDITED, behind][::order])
    assert (row["text"], row["edited_at"], row["replies"], row["captured_at"]) == ("edited", days(2), 2, days(4))
    again = version(5, "edited again", edited_at=days(4.5), source="one")
    (row,) = merge(*[FIRST, EDITED, behind, again, version(6, "edited", edited_at=days(2), source="two")][::order])
    assert (row["text"], row["edited_at"], row["captured_at"]) == ("edited again", days(4.5), days(6))


def test_at_one_moment_the_post_itself_goes_before_the_post_inside_another() -> None:
    inside = version(1, "a", embedded=True, mentions=[])
    (row,) = merge(inside, FIRST)
    assert (row["text"], row["mentions"]) == ("first", ["x"])


NAMELESS = version(1, "a", source="one", reply_to_id="one/7", reply_to_is_local=True, reply_to_author_id=None)
NAMED = version(2, "b", source="two", reply_to_id="q", reply_to_author_id="u", mentions=["y"])
SILENT = version(0.5, "c", source="three")
LOOKS = list(permutations([NAMELESS, NAMED, SILENT]))


@pytest.mark.parametrize("looks", LOOKS)
def test_a_parent_is_what_the_first_look_that_names_it_says(looks: tuple[dict[str, Any], ...]) -> None:
    (row,) = merge(*looks)
    assert (row["reply_to_id"], row["reply_to_author_id"]) == ("q", "u"), "another server shows it"
    assert (row["mentions"], row["source"], row["text"]) == ([], "three", "b"), "whom it addressed is as it was"
    (row,) = merge(*(look for look in looks if look is not NAMED))
    assert (row["reply_to_id"], row["reply_to_author_id"]) == ("one/7", None), "nobody names it"
    (row,) = merge(*looks, version(3, "d", reply_to_id="other", reply_to_author_id="v"))
    assert row["reply_to_id"] == "q", "the first of two names"


@pytest.mark.parametrize("looks", LOOKS)
def test_so_is_what_a_post_quotes(looks: tuple[dict[str, Any], ...]) -> None:
    pairs = [(f"reply_to_{end}", f"quote_of_{end}") for end in ("id", "author_id", "is_local")]
    turned = dict(pairs) | {quote: reply for reply, quote in pairs}
    quotes = [{turned.get(name, name): value for name, value in look.items()} for look in looks]
    (row,) = merge(*quotes)
    assert (row["quote_of_id"], row["quote_of_author_id"], row["reply_to_id"]) == ("q", "u", None)


def notice(day: float, source: str, by_own: bool) -> dict[str, Any]:
    return {"platform": "import", "post_id": "p", "source": source, "deleted_at": days(day), "by_own": by_own}


def test_a_deletion_by_its_own_server_stays() -> None:
    gone = notice(2, "one", by_own=True)
    (row,) = merge(FIRST, deletions=[gone])
    assert row["deleted_at"] == days(2)
    assert merge(FIRST, EDITED, deletions=[gone])[0]["deleted_at"] == days(2)


def test_what_another_server_dropped_is_not_deleted_while_it_is_shown() -> None:
    dropped = notice(2, "two", by_own=False)
    assert merge(FIRST, deletions=[dropped])[0]["deleted_at"] == days(2), "nobody has shown it since"
    assert merge(FIRST, EDITED, deletions=[dropped])[0]["deleted_at"] is None
    assert merge(FIRST, EDITED | {"embedded": True}, deletions=[dropped])[0]["deleted_at"] == days(2), "a copy"
    for last in (notice(5, "one", by_own=False), notice(5, "one", by_own=True)):
        assert merge(FIRST, EDITED, deletions=[last, dropped])[0]["deleted_at"] == days(5)
    assert merge(FIRST, deletions=[notice(4, "one", by_own=True), dropped])[0]["deleted_at"] == days(2), "the first"


@pytest.mark.parametrize("order", range(3))
def test_each_of_thousands_of_posts_has_what_its_own_versions_say(order: int) -> None:
    """Arrow keeps no order of groups once there are many: at twenty rows columns put side by side looked right."""
    languages = ["fr", "en", "de", None]
    looks = [
        version(
            1 + seen,
            f"{number} {seen}",
            post_id=f"p{number:05d}",
            replies=10 * number + seen,
            favourites=None if seen else number,
            language=languages[number % 4],
            embedded=number % 3 == 0,
            reply_to_id=f"{number} {seen}",
            reply_to_is_local=number % 2 > seen,
        )
        for number in range(2_000)
        for seen in range(2)
    ]
    Random(order).shuffle(looks)
    for row in merge(*looks):
        number = int(row["post_id"][1:])
        assert row["reply_to_id"] == f"{number} {number % 2}"
        told = (row["text"], row["replies"], row["favourites"], row["language"], row["embedded"])
        assert told == (f"{number} 1", 10 * number + 1, number, languages[number % 4], number % 3 == 0)
