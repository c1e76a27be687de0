"""A thread of Isso as one list: its page, which names it, the comments, and what is left of the answers to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

from passerelle.values import UnkeptError
from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.blogs.entries import Written
from spiders.collecting.blogs.pages import BlogPage
from spiders.collecting.paging import Page
from spiders.collecting.shape import Listing
from spiders.collecting.values import Json, Values, id_text
from spiders.platforms.isso.comments import came, comments_in, hidden, left, listed


class BlogOfThreads(Protocol):
    """The blog that a thread belongs to."""

    def page_at(self, url: str, body: bytes, content_type: str) -> BlogPage:
        """The page at `url`."""

    def ask(self, page: str, **query: str) -> Ask:
        """The thread of a page, or the answers to one of its comments. Raises UnkeptError where none is known."""

    def vanished(self, url: str, shown: Iterable[Written]) -> list[Written]:
        """The comments that were followed and are no longer among all those that are `shown`."""


class IssoThread:
    """The thread of the post at `url`: its page, then the comments and what is left of the answers to each."""

    def __init__(self, blog: BlogOfThreads, url: str) -> None:
        self._blog = blog
        self._url = url
        self._gone: list[Written] = []
        self._pending: list[Ask] = []
        self._total: int | None = None

    def listing(self) -> Listing:
        """All of them as one list."""
        page = Ask(self._url, read=partial(self._blog.page_at, self._url))
        return Listing(first=page, items=self._items, next=self._next, total=self._counted)

    def _counted(self, answer: Answer) -> int | None:
        """How many Isso says there are, and those that it has no more."""
        return None if self._total is None else self._total + len(self._gone)

    def _items(self, payload: Any) -> Sequence[Written]:
        if isinstance(payload, BlogPage):
            return ()
        shown = comments_in(payload, self._url)
        if payload.get("id") is None and self._total is None and not hidden(payload):  # all in one answer
            self._gone = self._blog.vanished(self._url, shown)
        return [*shown, *self._gone]

    def _next(self, page: Page) -> Sequence[Ask] | None:
        payload = page.answer.payload
        if isinstance(payload, BlogPage):
            return self._begun()
        above = id_text(payload.get("id"))
        if above is None:
            self._total = Values(payload, []).count("total_replies", "replies")
        if not self._go_on(page.answer.url, payload, {"parent": above} if above else {}):
            return []
        for one in listed(payload):
            number = id_text(one.get("id")) if isinstance(one, dict) else None
            if above is None and number and left(one):
                self._pending.append(self._blog.ask(self._url, parent=number, offset=str(came(one))))
        return [self._pending.pop(0)] if self._pending else None

    def _begun(self) -> Sequence[Ask] | None:
        try:
            return [self._blog.ask(self._url)]
        except UnkeptError:
            return None  # no Isso on this page

    def _go_on(self, url: str, payload: Json, below: dict[str, str]) -> bool:
        """Have the rest of a list asked for, where some is left; False where none of it came."""
        if not left(payload):
            return True
        before = [int(one) for one in _offsets(url) if one.isdecimal()]
        num = came(payload)
        self._pending.insert(0, self._blog.ask(self._url, **below, offset=str(sum(before) + num)))
        return num > 0


def _offsets(url: str) -> list[str]:
    return [part.partition("=")[2] for part in urlsplit(url).query.split("&") if part.startswith("offset=")]
