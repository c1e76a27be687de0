"""Walking the pages of a list: by the Link header, or by ``max_id`` where a server's links do not lead on."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from w3lib.url import add_or_replace_parameter, url_query_parameter

from spiders.asking.api import Answer, Api

# the list has neither been read to its end nor cut: the server's answers do not tell where it ends
END_UNKNOWN = "end_unknown"
_MAX_FRUITLESS = 8  # empty pages in a row: what they held may have been filtered out
_CIRCLE = 4  # a page of nothing but known items weighs as much as so many: it is a circle rather than a filter
_PAGE_SIZES = (20, 40, 80)  # at which servers of the family cut lists, whatever is asked for


class Walk:
    """One walk from `first` towards older items.

    After it, `reason` says in one word why the list was not read to its end (None: the end was reached, or the reader
    had enough; ``end_unknown``: the server does not tell), and `pending` where it could go on.
    """

    def __init__(self, api: Api, first: str, *, max_pages: int, by_max_id: bool) -> None:
        self._api = api
        self.first = first
        self._max_pages = max_pages
        self._by_max_id = by_max_id
        self._seen: set[str] = set()
        self._asked: set[str] = set()
        self.num_pages = 0
        self.reason: str | None = None
        self.pending: str | None = None
        self.failure: Answer | None = None

    async def pages(self) -> AsyncGenerator[Answer, None]:
        """Every page that holds something new."""
        url: str | None = self.first
        fruitless = 0
        while url is not None:
            if self.num_pages >= self._max_pages:
                self.reason, self.pending = "limit", url
                return
            self._asked.add(url)
            answer = await self._api.get(url)
            self.num_pages += 1
            if not self._is_page(answer, url):
                return
            if self._brings_news(answer.payload):
                fruitless = 0
                yield answer
            else:
                fruitless += _CIRCLE if answer.payload else 1
            if fruitless > _MAX_FRUITLESS:
                self.reason = END_UNKNOWN
                return
            url = self._next(answer)

    def _is_page(self, answer: Answer, url: str) -> bool:
        if answer.outcome == "ok" and isinstance(answer.payload, list):
            return True
        self.reason = "malformed" if answer.outcome == "ok" else answer.outcome
        self.pending, self.failure = url, answer
        return False

    def _brings_news(self, items: list[Any]) -> bool:
        ids = {_id(item) or repr(item) for item in items}
        is_news = not ids <= self._seen
        self._seen |= ids
        return is_news

    def _next(self, answer: Answer) -> str | None:
        """Where to go on; None at the end, and where it is not known whether this is the end (`reason`)."""
        if answer.next_url is not None:
            return self._unasked(answer.next_url, answer.payload)
        if self._is_last(answer):
            return None
        return self._unasked(self._older(answer.payload), answer.payload)

    def _is_last(self, answer: Answer) -> bool:
        """Whether the answer says that nothing older follows it."""
        if answer.is_unclear:
            return False
        if not answer.payload:
            return True
        is_full = len(answer.payload) in (*_PAGE_SIZES, self._limit)
        if self._by_max_id:
            # pages come short where a server filters after paging: only a small one is taken for the last
            return answer.has_link and not is_full and len(answer.payload) < _PAGE_SIZES[0]
        return not is_full

    @property
    def _limit(self) -> int:
        text = url_query_parameter(self.first, "limit") or ""
        return int(text) if text.isdecimal() else 0

    def _unasked(self, url: str | None, items: list[Any]) -> str | None:
        if url in self._asked:
            url = self._older(items, step=1)  # a server whose max_id is inclusive leads to itself
        if url is None or url in self._asked:
            self.reason = END_UNKNOWN
            return None
        return url

    def _older(self, items: list[Any], step: int = 0) -> str | None:
        """The page below the last of `items` (`step` below it, where ids are numbers); None where none can be named."""
        last = next((found for item in reversed(items) if (found := _id(item))), None)
        if not self._by_max_id or last is None or (step and not last.isdecimal()):
            return None
        url: str = add_or_replace_parameter(self.first, "max_id", str(int(last) - step) if step else last)
        return url


def _id(item: Any) -> str | None:
    """The id of an item; None where it has none."""
    value = item.get("id") if isinstance(item, dict) else None
    return str(value) if isinstance(value, str | int) and str(value) else None
