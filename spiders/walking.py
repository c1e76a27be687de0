"""Walking the pages of a list: by the Link header, or by ``max_id`` where a server sends none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from w3lib.url import add_or_replace_parameter

from spiders.asking import Answer, Api


class Walk:
    """One walk from `first` towards older items.

    After it, `reason` says in one word why it ended before the list did (None: it came to the end, or the reader
    had enough), and `pending` where it could go on. A cursor that leads back, or a page of nothing but known items,
    ends it: servers have been seen to turn in circles.
    """

    def __init__(self, api: Api, first: str, *, max_pages: int, by_max_id: bool) -> None:
        self._api = api
        self.first = first
        self._max_pages = max_pages
        self._by_max_id = by_max_id
        self._seen: set[str] = set()
        self.num_pages = 0
        self.reason: str | None = None
        self.pending: str | None = None
        self.failure: Answer | None = None

    async def pages(self) -> AsyncGenerator[Answer, None]:
        """Every page that holds something new."""
        url: str | None = self.first
        asked: set[str] = set()
        while url is not None:
            if url in asked:
                self.reason = "repeated_cursor"
                return
            if self.num_pages >= self._max_pages:
                self.reason, self.pending = "limit", url
                return
            asked.add(url)
            answer = await self._api.get(url)
            self.num_pages += 1
            if not self._is_page(answer, url) or not self._brings_news(answer.payload):
                return
            yield answer
            url = self._next(answer)

    def _is_page(self, answer: Answer, url: str) -> bool:
        if answer.outcome == "ok" and isinstance(answer.payload, list):
            return True
        self.reason = "malformed" if answer.outcome == "ok" else answer.outcome
        self.pending, self.failure = url, answer
        return False

    def _brings_news(self, items: list[Any]) -> bool:
        ids = {_id(item) for item in items}
        if ids and ids <= self._seen:
            self.reason = "repeated_cursor"
        is_news = not ids <= self._seen
        self._seen |= ids
        return is_news

    def _next(self, answer: Answer) -> str | None:
        if answer.has_link or not self._by_max_id:
            return answer.next_url
        url: str = add_or_replace_parameter(self.first, "max_id", _id(answer.payload[-1]))
        return url


def _id(item: Any) -> str:
    return str(item.get("id")) if isinstance(item, dict) else repr(item)
