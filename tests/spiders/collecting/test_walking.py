"""A list's end is reached, cut, or not known; only the first is complete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import Next, by_id, by_link_of
from spiders.collecting.shape import Listing
from spiders.collecting.walking import END_UNKNOWN, Walk
from tests.spiders.crawling import CLOCK

LIST = "https://ville.test/list?limit=40"
SIZES = (20, 40, 80)
Page = tuple[list[int], dict[str, Any]]


class Served:
    """A server that pages by whatever `serve` makes of the query."""

    def __init__(self, serve: Callable[[dict[str, str]], Page]) -> None:
        self._serve = serve
        self.num_asked = 0

    async def ask(self, ask: Ask) -> Answer:
        self.num_asked += 1
        query = {name: values[0] for name, values in parse_qs(urlsplit(ask.url).query).items()}
        numbers, more = self._serve(query)
        payload = [{"id": str(number)} for number in numbers]
        return Answer(url=ask.url, outcome="ok", captured_at=CLOCK, payload=payload, **more)


def below(numbers: list[int], query: dict[str, str], *, size: int = 40, inclusive: bool = False) -> list[int]:
    """The page of `numbers` (newest first) that ``max_id`` asks for."""
    top = int(query.get("max_id", 10**9)) + inclusive
    return [number for number in numbers if number < top][:size]


def walk(serve: Callable[[dict[str, str]], Page], *, by_max_id: bool = True, max_pages: int = 99) -> Any:
    """How many items came, why it ended, and how many pages were asked for."""
    api = Served(serve)
    notation = by_id("max_id", SIZES) if by_max_id else by_link_of(SIZES)
    one = Walk(api, Listing(first=LIST, next=notation, max_pages=max_pages))

    async def read() -> set[str]:
        return {item["id"] for page in [page async for page in one.pages()] for item in page.items}

    return len(asyncio.run(read())), one.reason, api.num_asked


def parts(listing: Listing, *pages: Page) -> Any:
    """What came of a list that is served as these pages, and why it ended."""
    given = iter(pages)
    one = Walk(Served(lambda query: next(given)), listing)  # type: ignore[arg-type]

    async def read() -> list[str]:
        return [item["id"] async for page in one.pages() for item in page.items]

    return asyncio.run(read()), one.reason


def one_after_another(num: int) -> Next:
    """So many pages that are known beforehand."""
    left = iter(range(1, num))
    return lambda page: None if (number := next(left, None)) is None else [page.first.having("page", str(number))]


def test_an_empty_answer_of_one_of_several_lists_ends_none_of_the_others() -> None:
    pages: list[Page] = [([1], {}), *[([], {})] * 20, ([2], {})]
    known = Listing(first=LIST, next=one_after_another(len(pages)), of_several=True)
    assert parts(known, *pages) == (["1", "2"], None)
    assert parts(replace(known, next=one_after_another(len(pages)), of_several=False), *pages) == (["1"], END_UNKNOWN)


def test_a_list_that_was_read_may_turn_out_to_be_another_than_was_asked_for() -> None:
    flawed = Listing(first=LIST, next=one_after_another(2), flaw=lambda: "refused")
    assert parts(flawed, ([1], {}), ([2], {})) == (["1", "2"], "refused")
    assert parts(replace(flawed, next=one_after_another(2), flaw=lambda: None), ([1], {}), ([2], {}))[1] is None
    cut = replace(flawed, next=one_after_another(2), max_pages=1)
    assert parts(cut, ([1], {}))[1] == "limit", "what was not read is the nearer reason"


def older(numbers: list[int]) -> dict[str, Any]:
    return {"next_url": f"{LIST}&max_id={numbers[-1]}", "has_link": True} if numbers else {}


MANY = list(range(1000, 905, -1))  # 95


def test_links_are_followed_to_the_empty_page() -> None:
    assert walk(lambda query: (page := below(MANY, query), older(page))) == (95, None, 4)


def test_a_short_page_that_speaks_of_the_list_and_leads_no_further_is_the_last() -> None:
    def serve(query: dict[str, str]) -> Page:
        page = below(MANY, query)
        return page, older(page) if len(page) == 40 else {"has_link": True}

    assert walk(serve) == (95, None, 3)


def test_a_full_page_whose_links_lead_no_further_is_asked_beyond() -> None:
    assert walk(lambda query: (below(MANY, query), {"has_link": True})) == (95, None, 3)


@pytest.mark.parametrize("more", [{}, {"is_unclear": True}], ids=["no links", "links that are not understood"])
def test_max_id_leads_on_where_links_do_not(more: dict[str, Any]) -> None:
    def serve(query: dict[str, str]) -> Page:
        page = below(MANY, query)
        return page, more if page else {}

    assert walk(serve) == (95, None, 4)


def test_a_link_that_is_not_understood_after_nothing_leaves_the_end_unknown() -> None:
    assert walk(lambda query: (below(MANY, query), {"is_unclear": True})) == (95, END_UNKNOWN, 4)


@pytest.mark.parametrize("more", [{"is_unclear": True}, {}, {"has_link": True}])
def test_a_full_page_that_leads_nowhere_leaves_the_end_unknown_where_max_id_means_nothing(more: dict[str, Any]) -> None:
    assert walk(lambda query: (below(MANY, query), more), by_max_id=False) == (40, END_UNKNOWN, 1)


def test_a_short_page_without_links_is_the_whole_list() -> None:
    assert walk(lambda query: (below(MANY, query, size=31), {}), by_max_id=False) == (31, None, 1)


def test_empty_pages_that_go_on_are_gone_through() -> None:
    def serve(query: dict[str, str]) -> Page:
        top = int(query.get("max_id", 1001))
        shown = [number for number in MANY if top - 10 <= number < top and (number > 970 or number < 930)]
        return shown, {"next_url": f"{LIST}&max_id={top - 10}", "has_link": True} if top > 900 else {}

    assert walk(serve)[:2] == (len([n for n in MANY if n > 970 or n < 930]), None)


def test_empty_pages_without_end_are_left_after_a_while() -> None:
    def serve(query: dict[str, str]) -> Page:
        return [], {"next_url": f"{LIST}&max_id={int(query.get('max_id', 10**6)) - 10}", "has_link": True}

    came, reason, asked = walk(serve)
    assert (came, reason) == (0, END_UNKNOWN)
    assert asked < 12


@pytest.mark.parametrize("linked", [True, False])
def test_a_max_id_that_includes_its_post_still_comes_to_the_end(linked: bool) -> None:
    def serve(query: dict[str, str]) -> Page:
        page = below(MANY, query, inclusive=True)
        return page, older(page) if linked else {}

    assert walk(serve)[:2] == (95, None)


def test_an_inclusive_cursor_that_is_no_number_leaves_the_end_unknown() -> None:
    answer = {"next_url": f"{LIST}&cursor=x", "has_link": True}
    assert walk(lambda query: ([3, 2, 1], answer), by_max_id=False)[:2] == (3, END_UNKNOWN)


def test_a_server_that_shows_the_same_page_for_ever_is_left() -> None:
    came, reason, asked = walk(lambda _: (MANY[:40], older(MANY[:40])))
    assert (came, reason) == (40, END_UNKNOWN)
    assert asked <= 4


def test_pages_that_overlap_are_gone_through() -> None:
    """New posts push the pages of a list that is counted by offset."""

    def serve(query: dict[str, str]) -> Page:
        start = max(0, int(query.get("offset", 0)) - 40)
        page = MANY[start : start + 40]
        going_on = {"next_url": f"{LIST}&offset={int(query.get('offset', 0)) + 40}", "has_link": True}
        return page, going_on if page else {}

    assert walk(serve)[:2] == (95, None)


def test_a_cut_names_where_to_go_on() -> None:
    assert walk(lambda query: (page := below(MANY, query), older(page)), max_pages=2) == (80, "limit", 2)


def test_items_without_an_id_cannot_lead_on() -> None:
    class NoIds(Served):
        async def ask(self, ask: Ask) -> Answer:
            return Answer(url=ask.url, outcome="ok", captured_at=CLOCK, payload=[{"name": n} for n in range(40)])

    one = Walk(NoIds(lambda _: ([], {})), Listing(first=LIST, next=by_id("max_id", SIZES), max_pages=9))

    async def read() -> int:
        return len([page async for page in one.pages()])

    assert (asyncio.run(read()), one.reason) == (1, END_UNKNOWN)
