"""JSON of any depth: what is too deep costs itself."""

from __future__ import annotations

import json

import pytest

from spiders.asking.bodies import parsed
from spiders.asking.depth import MAX_DEPTH, shallow

PAGE = '[{"id": "1", "x": %s, "text": "[[{ \\\\\\" ]"}, {"id": "2"}]'


@pytest.mark.parametrize("depth", [1, 40, 900, 5_000, 200_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": [', "]}")])
def test_a_value_nested_to_any_depth_leaves_its_neighbours_and_its_post(depth: int, opening: str, closing: str) -> None:
    one, two = parsed((PAGE % (opening * depth + "1" + closing * depth)).encode())
    assert (one["id"], one["text"], two) == ("1", '[[{ \\" ]', {"id": "2"})


def test_what_is_not_too_deep_stays_as_it_is() -> None:
    text = PAGE % ("[" * (MAX_DEPTH - 2) + "]" * (MAX_DEPTH - 2))
    assert shallow(text) == text


def test_a_deep_value_with_half_a_pair_beside_it_is_read_too() -> None:
    body = (PAGE % ("[" * 900 + '"\\ud800"' + "]" * 900)).encode()
    assert parsed(body)[1] == {"id": "2"}


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + '"', "{" * 3_000])
def test_what_never_closes_is_no_json(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parsed(text.encode())
