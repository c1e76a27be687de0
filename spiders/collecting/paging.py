"""How the pages of a list follow each other: one function a notation.

Each gives the questions that may lead on, likeliest first (the walk takes the first that it has not asked yet), or
None where the answer says that nothing follows. No question that is new means that the end is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from w3lib.url import url_query_parameter

from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.values import id_text


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a walk that began at `first`, and what it holds of the list."""

    first: Ask
    answer: Answer
    items: Sequence[Any]
    above: Sequence[Any] = ()


Next = Callable[[Page], Sequence[Ask] | None]
_DIGITS = 15


def only(page: Page) -> Sequence[Ask] | None:
    """A list that comes in one piece."""
    return None


def by_link(page: Page) -> Sequence[Ask] | None:
    """By the answer's Link header."""
    return by_link_of(())(page)


def by_link_of(sizes: Sequence[int]) -> Next:
    """By the Link header; `sizes` are those at which servers cut pages, whatever is asked for: a full one goes on."""

    def following(page: Page) -> Sequence[Ask] | None:
        if page.answer.next_url is not None:
            return [page.first.at(page.answer.next_url)]
        is_last = not page.answer.is_unclear and (not page.items or not _is_full(page, sizes))
        return None if is_last else []

    return following


def by_id(parameter: str, sizes: Sequence[int]) -> Next:
    """By the Link header, else below the last item's id, for the servers of a family whose links do not lead on."""

    def following(page: Page) -> Sequence[Ask] | None:
        older = [_below(page, parameter, 0), _below(page, parameter, 1)]  # some take the id itself in
        if page.answer.next_url is not None:
            return [page.first.at(page.answer.next_url), *filter(None, older[1:])]
        return None if _ends(page, sizes) else [*filter(None, older)]

    return following


def by_page(total: str, parameter: str = "page") -> Next:
    """By number, up to what the header `total` says; where it says nothing, up to the first empty page."""

    def following(page: Page) -> Sequence[Ask] | None:
        number = whole_number(url_query_parameter(page.answer.url, parameter)) or 1
        said = whole_number(page.answer.headers.get(total))
        if not page.items if said is None else number >= said:
            return None
        return [page.first.having(parameter, str(number + 1))]

    return following


def by_cursor(name: str, parameter: str | None = None) -> Next:
    """By a value in the answer that the next question repeats; the list ends where there is none."""

    def following(page: Page) -> Sequence[Ask] | None:
        cursor = page.answer.payload.get(name) if isinstance(page.answer.payload, dict) else None
        return None if not cursor else [page.first.having(parameter or name, str(cursor))]

    return following


def header(name: str) -> Callable[[Answer], int | None]:
    """What a header says of how many items a list has."""
    return lambda answer: whole_number(answer.headers.get(name))


def item_id(item: Any) -> str | None:
    """The id of an item; None where it has none."""
    return id_text(item.get("id")) if isinstance(item, dict) else None


def whole_number(text: str | None) -> int | None:
    """What a header or a parameter counts; None where it is no number, or one that counts nothing."""
    plain = (text or "").strip()
    return int(plain) if plain.isdecimal() and len(plain) <= _DIGITS else None


def _ends(page: Page, sizes: Sequence[int]) -> bool:
    """Whether the answer says that nothing older follows it."""
    if page.answer.is_unclear:
        return False
    if not page.items:
        return True
    # pages come short where a server filters after paging: only a small one is taken for the last
    return page.answer.has_link and not _is_full(page, sizes) and len(page.items) < min(sizes, default=1)


def _is_full(page: Page, sizes: Sequence[int]) -> bool:
    asked = url_query_parameter(page.first.url, "limit") or ""
    return len(page.items) in (*sizes, int(asked) if asked.isdecimal() else 0)


def _below(page: Page, parameter: str, step: int) -> Ask | None:
    """The page below the last of the items (`step` below it, where ids are numbers); None where none can be named."""
    last = next((found for item in reversed(page.items) if (found := item_id(item))), None)
    if last is None or (step and not last.isdecimal()):
        return None
    return page.first.having(parameter, str(int(last) - step) if step else last)
