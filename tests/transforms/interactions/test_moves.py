"""Who moved from one account to another is one person, as far as the way can be followed."""

from __future__ import annotations

import itertools

import pytest

from passerelle.tables import ACCOUNTS
from transforms.interactions.moves import with_moves


def accounts(moves: dict[str, str | None]):  # type: ignore[no-untyped-def]
    names = {field.name: [None] * len(moves) for field in ACCOUNTS.schema}
    told = names | {"account_id": list(moves), "moved_to_id": list(moves.values())}
    import pyarrow as pa

    return pa.table({field.name: pa.array(told[field.name], field.type) for field in ACCOUNTS.schema})


@pytest.mark.parametrize(
    ("moves", "same", "expected"),
    [
        ({"a": None, "b": None}, {}, {}),
        ({"a": "b", "b": None}, {}, {"a": "b"}),
        ({"a": "b"}, {}, {"a": "b"}),  # the new account was never seen itself
        ({"a": "b", "b": "c"}, {}, {"a": "c", "b": "c"}),
        ({"a": "b", "b": "a"}, {}, {}),
        ({"a": "b", "b": "c", "c": "b"}, {}, {}),
        ({"a": "b"}, {"b": "a"}, {"b": "a"}),  # the campaign file says who stands for both
        ({"a": "x"}, {"b": "a"}, {"a": "x", "b": "x"}),
        ({"b": "x"}, {"b": "a"}, {"b": "a"}),
        ({"a": "b"}, {"b": "c"}, {"a": "c", "b": "c"}),
        ({"a": "b", "c": "b"}, {}, {"a": "b", "c": "b"}),
    ],
)
def test_every_way_leads_to_its_end(
    moves: dict[str, str | None], same: dict[str, str], expected: dict[str, str]
) -> None:
    for order in itertools.permutations(moves.items()):
        assert with_moves(same, accounts(dict(order))) == expected


def test_a_way_of_a_thousand_steps_is_followed() -> None:
    moves: dict[str, str | None] = {f"a{n}": f"a{n + 1}" for n in range(1000)}
    assert set(with_moves({}, accounts(moves)).values()) == {"a1000"}
