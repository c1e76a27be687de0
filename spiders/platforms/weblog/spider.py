"""Any blog: posts by its feed, comments by feeds and pages, answers and reposts elsewhere by webmentions.

A person is a name on one blog (letter case ignored), a Google profile, or an account of the fediverse; whoever does not
sign is somebody else in each comment. Blogs show nobody's history.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from passerelle.allowed import EngagementKind
from passerelle.hosts import base_url, is_loopback
from passerelle.records import EngagementRecord
from passerelle.values import UnkeptError, is_identity
from spiders.asking.answers import SILENT, Answer, host_of
from spiders.asking.run import Run
from spiders.collecting.blogs.entries import Written, address
from spiders.collecting.blogs.feeds import Feed
from spiders.collecting.blogs.pages import BlogPage
from spiders.collecting.blogs.reader import BlogReader
from spiders.collecting.guests import guest
from spiders.collecting.names import LocalNames
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Listing, Seen
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json
from spiders.platforms.weblog import mentions
from spiders.platforms.weblog.sources import CommentSources

NAME = "weblog"
_PROFILES = (
    (re.compile(r"https?://(?:www\.)?blogger\.com/(profile/\d+)"), r"blogger:\1"),
    (re.compile(r"https?://plus\.google\.com/(\d+)"), r"blogger:plus/\1"),
)
_TRIES = 3  # pages without mentions, on a blog that names nobody to receive them, until we cease to ask
_RECEIVES = "webmentions"


class AddressNames(LocalNames):
    """Every post is named by its address."""

    platform: ClassVar[str] = NAME


class Weblog(BlogReader):
    """One blog."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(
            Shape(has=("name", "@type"), names=("name",), shown=("name",)),
            Shape(has=("url", "type"), names=("name",), shown=("name",), urls=("url",)),
        ),
        person=lambda told, host: _named(told, host),
    )
    naming: ClassVar[type[LocalNames]] = AddressNames

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        super().__init__(run, state, shown)
        self._kept = state.kept
        self._optional: set[str] = set()
        self._tries = _TRIES
        self._is_here = is_loopback(base_url(run.source).split("/")[2].split(":")[0])

    def thread(self, native: str) -> Listing | None:
        """The comments of a post, wherever they are; a comment has none of its own."""
        if "#" in native:
            return None
        entry = self.posts.get(native) or Written(id=native)
        sources = CommentSources(self, native, entry, with_mentions=self._receives())
        self._optional = sources.optional
        return sources.listing()

    def engagement(self, native: str, kind: EngagementKind) -> Listing | None:
        """The reposts elsewhere of which the blog was told."""
        if kind != "repost" or "#" in native or _RECEIVES not in self._kept or self._is_here:
            return None  # a blog that nothing receives mentions for shows nobody's reposts
        return Listing(first=mentions.ask_for(native), items=mentions.reposts_in(native), next=mentions.next_of)

    def judge(self, answer: Answer) -> Answer:
        """Where one of several sources is not there, or lost, the others are; whoever receives no mentions has none."""
        if host_of(answer.url) == mentions.HOST:
            return self._of_mentions(answer)
        is_optional = address(answer.url) in {address(url) for url in self._optional}
        if is_optional and answer.outcome in ("gone", "malformed", "refused", "robots"):
            lost_to = "" if answer.outcome == "gone" else answer.outcome
            return replace(answer, outcome="ok", payload=Feed(lost_to=lost_to), detail="")
        return super().judge(answer)

    def note(self, page: BlogPage) -> None:
        """Whether mentions of it are received where they can be read."""
        if any(host_of(url) == mentions.HOST for url in page.endpoints):
            self._kept[_RECEIVES] = mentions.HOST

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """Who reposted a post elsewhere; when, where it is said."""
        person = _person(item)
        when = self.created_at(item) if item.at else None
        record = EngagementRecord(
            platform=NAME, post=post, account=person, kind=kind, captured_at=at, source=self.names.host, at=when
        )
        yield Seen(role="account", record=record, local=person)

    def identity_of(self, entry: Written) -> str:
        """A profile that holds on every blog; of whoever answers elsewhere, who they are there."""
        if entry.is_elsewhere:
            return _person(entry)
        profiles = (found.expand(named) for pattern, named in _PROFILES if (found := pattern.match(entry.by_url)))
        return next(profiles, None) or super().identity_of(entry)

    def _receives(self) -> bool:
        """Whether mentions are worth asking for: not of what is tried on this machine, nor of who never has any."""
        return not self._is_here and (_RECEIVES in self._kept or self._tries > 0)

    def _of_mentions(self, answer: Answer) -> Answer:
        if answer.outcome == "ok" and mentions.is_some(answer.payload):
            self._kept[_RECEIVES] = mentions.HOST
        elif _RECEIVES not in self._kept:
            self._tries -= 1
        is_none = answer.outcome != "ok" and (answer.outcome not in SILENT or _RECEIVES not in self._kept)
        return replace(answer, outcome="ok", payload={"children": []}, detail="") if is_none else answer


class WeblogSpider(PlatformSpider):
    """One crawl of a blog."""

    name = NAME
    opened = Weblog


def _named(told: Json, host: str) -> str:
    """Who a card of a webmention, or an author in JSON-LD, is."""
    if "@type" in told:
        return f"{NAME}:{host}/guest/{guest(str(told['name']), '')}"
    return _person(Written(id="", by=str(told.get("name") or ""), by_url=str(told["url"])))


def _person(entry: Written) -> str:
    """Raises UnkeptError for nobody."""
    found = mentions.person(entry)
    named = found if found.startswith("acct:") else f"{NAME}:{found}"
    if not found or not is_identity(named):
        raise UnkeptError("post without author")
    return named
