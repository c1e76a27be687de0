"""Walking the pages of a list to its end, or to where it is cut or lost."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask, asked
from spiders.collecting.paging import Page, item_id
from spiders.collecting.shape import MALFORMED, Listing

# the list has neither been read to its end nor cut: the server's answers do not tell where it ends
END_UNKNOWN = "end_unknown"
_MAX_FRUITLESS = 8  # empty pages in a row: what they held may have been filtered out
_CIRCLE = 4  # a page of nothing but known items weighs as much as so many: it is a circle rather than a filter


class Walk:
    """One walk through `listing` towards older items, from `start` where an earlier one was cut.

    After it, `reason` says in one word why the list was not read to its end (None: the end was reached, or the reader
    had enough; ``end_unknown``: the server does not tell), `pending` where it could go on, and `last` is the
    last page that came.
    """

    def __init__(self, api: Api, listing: Listing, start: str | None = None) -> None:
        self._api = api
        self.listing = listing
        self.first = asked(listing.first)
        if start is not None:
            self.first = self.first.again(start)
        self._seen: set[str] = set()
        self._asked: set[str] = set()
        self.num_pages = 0
        self.reason: str | None = None
        self.pending: str | None = None
        self.failure: Answer | None = None
        self.last: Page | None = None

    async def pages(self) -> AsyncGenerator[Page, None]:
        """Every page that holds something new."""
        ask: Ask | None = self.first
        fruitless = 0
        while ask is not None:
            if self.num_pages >= self.listing.max_pages:
                self.reason, self.pending = "limit", ask.text
                return
            self._asked.add(ask.text)
            page = self._page(await self._api.ask(ask), ask)
            if page is None:
                return
            self.last = page
            if self._brings_news(page):
                fruitless = 0
                yield page
            elif page.items or not self.listing.of_several:
                fruitless += _CIRCLE if page.items else 1
            if fruitless > _MAX_FRUITLESS:
                self.reason = END_UNKNOWN
                return
            ask = self._unasked(self.listing.next(page))
        if self.reason is None and self.listing.flaw is not None:
            self.reason = self.listing.flaw()

    @property
    def total(self) -> int | None:
        """How many items the list is said to have."""
        return self.listing.total(self.last.answer) if self.listing.total and self.last else None

    def _page(self, answer: Answer, ask: Ask) -> Page | None:
        """What the answer holds; None where it is no page of this list."""
        self.num_pages += 1
        outcome = answer.outcome
        try:
            if outcome == "ok":
                payload = answer.payload
                return Page(self.first, answer, self.listing.items(payload), self.listing.above(payload))
        except MALFORMED:
            outcome = "malformed"
        self.reason, self.pending, self.failure = outcome, ask.text, answer
        return None

    def _brings_news(self, page: Page) -> bool:
        ids = {item_id(item) or repr(item) for item in (*page.above, *page.items)}
        is_news = not ids <= self._seen
        self._seen |= ids
        return is_news

    def _unasked(self, following: Sequence[Ask] | None) -> Ask | None:
        """Where to go on; None at the end, and where it is not known whether this is the end (`reason`)."""
        ask = next((ask for ask in following or () if ask.text not in self._asked), None)
        if ask is None and following is not None:
            self.reason = END_UNKNOWN
        return ask
