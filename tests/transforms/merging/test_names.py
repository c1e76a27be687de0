"""What a server's own id stands for, at a size where no order is luck."""

from __future__ import annotations

from random import Random
from typing import Any

import pyarrow as pa
import pytest

from passerelle.tables import POST_NAMES, POST_VERSIONS
from tests.reference.campaigns import days, post
from transforms.merging.names import named, own_ids


def look(number: int, **changes: Any) -> dict[str, Any]:
    row = post(f"p{number}", "seeker", days(0))
    row = {key: value for key, value in row.items() if key not in ("first_captured_at", "deleted_at")}
    row |= {"version_id": "v", "run_id": "run", "captured_at": days(1)}
    return row | {"reply_to_is_local": False, "quote_of_is_local": False} | changes


def name(number: int, stands_for: str) -> dict[str, str]:
    return {"platform": "import", "name_id": f"one/{number}", "post_id": stands_for}


def told(looks: list[dict[str, Any]], names: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    table = pa.Table.from_pylist(looks, schema=POST_VERSIONS.schema)
    known = POST_NAMES.conform(pa.Table.from_pylist(names, schema=POST_NAMES.schema)).sort_by(
        [(column, "ascending") for column in POST_NAMES.key]
    )
    made = named(table, known)
    assert made.schema == table.schema
    columns = ("post_id", "reply_to_id", "root_id", "quote_of_id", "reply_to_is_local", "quote_of_is_local")
    return [tuple(row[column] for column in columns) for row in made.to_pylist()]


@pytest.mark.parametrize("order", range(3))
def test_each_of_thousands_points_to_the_post_that_its_own_id_stands_for(order: int) -> None:
    looks = [
        look(n, reply_to_id=f"one/{n}", root_id=f"one/{n}", reply_to_is_local=n % 3 > 0, quote_of_id=f"one/{n + 1}")
        for n in range(3_000)
    ]
    names = [name(n, f"q{n}") for n in range(3_001) if n % 3 < 2]
    Random(order).shuffle(looks)
    Random(order + 9).shuffle(names)
    for post_id, reply, root, quote, is_local, _ in told(looks, names):
        n = int(post_id[1:])
        assert (reply, root, is_local) == (
            (f"q{n}", f"q{n}", False) if n % 3 == 1 else (f"one/{n}",) * 2 + (n % 3 > 0,)
        )
        assert quote == f"one/{n + 1}", "a name that is no server's own id is never touched"


def test_a_quote_and_a_reply_are_told_apart_and_of_two_posts_the_first_by_key_is_meant() -> None:
    both = look(1, reply_to_id="one/7", reply_to_is_local=True, quote_of_id="one/8", quote_of_is_local=True)
    assert told([both], [name(8, "b"), name(8, "a")]) == [("p1", "one/7", None, "a", True, False)]
    assert told([both], [name(7, "c")]) == [("p1", "c", None, "one/8", False, True)]
    assert told([both], []) == [("p1", "one/7", None, "one/8", True, True)]


def test_own_ids_are_those_that_a_flag_tells() -> None:
    looks = [
        look(1, reply_to_id="one/7", root_id=None, reply_to_is_local=True, quote_of_id="q"),
        look(2, reply_to_id="p1", quote_of_id="one/8", quote_of_is_local=True),
        look(3, reply_to_id=None, root_id="one/7", reply_to_is_local=True),
    ]
    assert set(own_ids(pa.Table.from_pylist(looks, schema=POST_VERSIONS.schema)).to_pylist()) == {"one/7", "one/8"}
    assert own_ids(POST_VERSIONS.empty()).to_pylist() == []
