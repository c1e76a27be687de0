"""Isso: a blog by its feeds and pages, and on each page the thread that an Isso server keeps beside it.

The page names the server (``data-isso``) and the thread (``data-isso-id``, else its path). A commenter is a name on the
blog; the ``hash`` that Isso gives is made of a mail address or an IP address: it is no identity and is not kept. Isso
stores one level of answers: whom an answer in it really answers is only said by an ``@name`` in its words.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlencode, urljoin, urlsplit

from passerelle.values import UnkeptError
from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.asking.bodies import as_json
from spiders.asking.run import Run
from spiders.collecting.blogs.entries import address, page_of
from spiders.collecting.blogs.pages import BlogPage
from spiders.collecting.blogs.reader import BlogReader
from spiders.collecting.guests import guest
from spiders.collecting.names import LocalNames
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Listing
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json
from spiders.platforms.isso.comments import MARK, comments_in, hidden
from spiders.platforms.isso.thread import IssoThread

NAME = "isso"
PAGE = 100
_KEPT = "thread "
_NONE: Json = {"id": None, "total_replies": 0, "hidden_replies": 0, "replies": []}


class IssoNames(LocalNames):
    """Every post is named by its address, every comment by its page and number."""

    platform: ClassVar[str] = NAME


class Isso(BlogReader):
    """One blog."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(
            Shape(has=("author", "created"), names=("author",), shown=("author",), urls=("website",)),
            Shape(has=("name", "@type"), names=("name",), shown=("name",)),
        ),
        person=lambda told, host: f"{NAME}:{host}/guest/{guest(str(told.get('author') or told['name']), '')}",
    )
    naming: ClassVar[type[LocalNames]] = IssoNames

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        super().__init__(run, state, shown)
        self._kept = state.kept
        self._threads: set[str] = set()  # where threads were asked for in this run
        self._is_for_one = False

    def post(self, native: str) -> Ask:
        """The page of a post; of a comment the thread that it is in."""
        page, mark, _ = native.partition(MARK)
        self._is_for_one = bool(mark)
        if not mark or _KEPT + page not in self._kept:
            return super().post(native)
        return replace(self.ask(page), read=partial(self._among, native))

    def thread(self, native: str) -> Listing | None:
        """The comments beside a post, once its page has told where; a comment has none of its own."""
        if "#" in native:
            return None
        self._is_for_one = False
        return IssoThread(self, native).listing()

    def note(self, page: BlogPage) -> None:
        """Where the thread of a page is kept."""
        url, found = page.post.id, page.selected
        server = found.css("[data-isso]::attr(data-isso)").get("")
        if server:
            thread = found.css("#isso-thread::attr(data-isso-id), [data-isso-id]::attr(data-isso-id)").get("")
            where = address(server if server.endswith("/") else f"{server}/", url)
            self._kept[_KEPT + url] = json.dumps([where, thread or urlsplit(url).path])

    def judge(self, answer: Answer) -> Answer:
        """Servers of old say 404 where nobody has commented yet."""
        if answer.outcome == "gone" and page_of(answer.url) in self._threads and not self._is_for_one:
            return replace(answer, outcome="ok", payload=_NONE, detail="")
        return super().judge(answer)

    def ask(self, page: str, **query: str) -> Ask:
        """The thread of a page, or the answers to one of its comments. Raises UnkeptError where none is known."""
        told = self._kept.get(_KEPT + page)
        if told is None:
            raise UnkeptError("page without thread")
        server, thread = json.loads(told)
        sizes = {"limit": str(PAGE), **({} if "parent" in query else {"nested_limit": str(PAGE)})}
        url = urljoin(server, f"?{urlencode({'uri': thread, **query, **sizes, 'sort': 'oldest'})}")
        self._threads.add(url)
        return Ask(url, with_session=False)

    def _among(self, native: str, body: bytes, content_type: str) -> Any:
        """What the thread shows of one comment: all of it, where that is followed."""
        payload, page = as_json(body, content_type), page_of(native)
        shown = comments_in(payload, page)
        return self.found(native, shown, is_all=bool(shown) and not hidden(payload))


class IssoSpider(PlatformSpider):
    """One crawl of a blog."""

    name = NAME
    opened = Isso
