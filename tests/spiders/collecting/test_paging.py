"""How pages follow each other by number and by cursor, also where what the server says of it is nonsense."""

from __future__ import annotations

from typing import Any

import pytest

from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import Next, Page, by_cursor, by_id, by_page, whole_number
from tests.spiders.crawling import CLOCK

FIRST = "https://ville.test/list?per_page=2"


def page(items: list[Any], number: str = "1", *, payload: Any = None, **headers: str) -> Page:
    answer = Answer(url=f"{FIRST}&page={number}", outcome="ok", captured_at=CLOCK, payload=payload, headers=headers)
    return Page(Ask(FIRST), answer, items)


def led_to(notation: Next, page: Page) -> list[str] | None:
    """The addresses that may lead on."""
    following = notation(page)
    return None if following is None else [ask.text for ask in following]


@pytest.mark.parametrize(
    ("items", "number", "total", "following"),
    [
        ([1, 2], "1", "3", [f"{FIRST}&page=2"]),
        ([1], "3", "3", None),
        ([], "2", "3", [f"{FIRST}&page=3"]),  # one that was filtered out is no end
        ([1, 2], "1", "", [f"{FIRST}&page=2"]),
        ([], "2", "", None),
        ([1], "1", "many", [f"{FIRST}&page=2"]),
        ([1], "1", "9" * 5_000, [f"{FIRST}&page=2"]),
        ([1], "one", "3", [f"{FIRST}&page=2"]),
    ],
)
def test_by_number_up_to_what_the_header_says(
    items: list[int], number: str, total: str, following: list[str] | None
) -> None:
    assert led_to(by_page("x-total"), page(items, number, **({"x-total": total} if total else {}))) == following


@pytest.mark.parametrize(
    ("payload", "following"),
    [
        ({"cursor": "b c"}, [f"{FIRST}&after=b+c"]),
        ({"cursor": ""}, None),
        ({"cursor": None}, None),
        ({}, None),
        ([], None),
    ],
)
def test_by_what_the_answer_gives_for_the_next_question(payload: Any, following: list[str] | None) -> None:
    assert led_to(by_cursor("cursor", "after"), page([1], payload=payload)) == following


def test_an_id_that_nobody_can_count_names_no_page_below_it() -> None:
    assert led_to(by_id("max_id", ()), page([{"id": "9" * 5_000}])) == []


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (" 3 ", 3), ("-1", None), ("1.5", None), ("", None), (None, None)]
)
def test_whole_numbers(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number
