"""A blog's feeds: where they are, what is asked of them, and that nothing new is no loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from parsel import Selector

from spiders.asking.answers import SILENT, Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.run import Run
from spiders.collecting.blogs.entries import Written, address
from spiders.collecting.blogs.feeds import Feed, as_feed
from spiders.collecting.blogs.pages import OF_COMMENTS, feeds_named
from spiders.collecting.hashtags import known_cursor, timeline
from spiders.collecting.paging import Page
from spiders.collecting.shape import Listing
from spiders.collecting.state import CrawlState

_USUAL = ("/feed/", "/feed.xml", "/atom.xml", "/rss.xml", "/index.xml", "/feed/atom", "/rss", "/feeds/posts/default")
"""Where feeds are by the custom of blog software, where the front page names none."""
_FEED, _COMMENTS, _AS_READ = "feed", "comments", "as read "
_CONDITIONS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
_NO_FEED = ("gone", "malformed", "refused")
_COMMENTS_PART = "comments"


class News:
    """The feeds of one blog in one run."""

    def __init__(self, run: Run, state: CrawlState) -> None:
        self._run = run
        self._kept = state.kept
        self._before: Mapping[str, str] = dict(state.kept)  # a second hashtag of this run has not read it yet
        self._state = state
        self._places: list[str] = []
        self._is_paged = False

    async def look_for(self, api: Api) -> None:
        """The feeds that the front page names; it is not asked for again once they are known."""
        if _FEED not in self._kept and "instance" not in self._run.left_out:
            front = await api.text("/")
            named = feeds_named(Selector(text=front.text or " ", type="html"), api.base)
            of_comments = [url for url, title in named if OF_COMMENTS.search(title + url)]
            posts = [url for url, _ in named if url not in of_comments]
            self._kept.update(zip((_FEED,), posts, strict=False))
            self._kept.update(zip((_COMMENTS,), of_comments, strict=False))
        usual = [address(place, api.base) for place in _USUAL]
        self._places = list(dict.fromkeys([*filter(None, [self._kept.get(_FEED)]), *usual]))

    def listings(self, tag: str) -> Sequence[Listing]:
        """The feed of posts, and that of all comments where there is one."""
        most = self._run.campaign.collect.max_pages
        guesses = 0 if _FEED in self._kept else len(self._places) - 1  # where there is no feed is no page of it
        posts = self._listing(self._places[0], tag, "", most + guesses)
        comments = self._kept.get(_COMMENTS)
        return [posts, *([self._listing(comments, tag, _COMMENTS_PART, most)] if comments else [])]

    def judge(self, answer: Answer) -> Answer:
        """Unchanged is as good as read; at a place where no feed is the next one may be."""
        url = address(answer.url)
        if answer.outcome in SILENT:
            self._forget_conditions()
        if answer.status == 304:
            return replace(answer, outcome="ok", payload=Feed(is_unchanged=True), detail="")
        if answer.outcome in _NO_FEED and url in self._places[:-1]:
            return replace(answer, outcome="ok", payload=Feed(is_elsewhere=True), detail="")
        if answer.outcome in ("gone", "refused") and url == self._kept.get(_COMMENTS):
            del self._kept[_COMMENTS]  # no blog needs one
            return replace(answer, outcome="ok", payload=Feed(), detail="")
        if answer.outcome == "ok" and isinstance(answer.payload, Feed):
            told = "\n".join(answer.headers.get(name, "") for name, _ in _CONDITIONS)
            self._kept.pop(_AS_READ + url, None)
            self._kept.update({_AS_READ + url: told} if told.strip() else {})
        return answer

    def _listing(self, url: str, tag: str, part: str, most: int) -> Listing:
        ask = Ask(url, headers=self._conditions(url, tag, part), read=as_feed)
        return Listing(
            first=ask,
            items=_entries,
            next=self._next,
            max_pages=most,
            part=part,
            by_words=True,
            shows_newest=self._shows_newest,
        )

    def _conditions(self, url: str, tag: str, part: str) -> dict[str, str] | None:
        """What was kept of the feed as it was when all of it that this hashtag needs was read."""
        told = self._before.get(_AS_READ + url)
        if told is None or known_cursor(self._run, self._state, timeline(tag, part)) is None:
            return None
        return {name: value for (_, name), value in zip(_CONDITIONS, told.split("\n"), strict=True) if value}

    def _forget_conditions(self) -> None:
        """What could not be had in this run is looked for again, also below posts that have not changed."""
        for name in [name for name in self._kept if name.startswith(_AS_READ)]:
            del self._kept[name]

    def _next(self, page: Page) -> Sequence[Ask] | None:
        feed = page.answer.payload
        if feed.is_elsewhere:
            place = self._places[self._places.index(address(page.answer.url)) + 1]
            return [Ask(place, read=as_feed)]
        if address(page.answer.url) in self._places:
            self._kept[_FEED] = address(page.answer.url)
        self._is_paged = bool(feed.next_url) or (self._is_paged and page.answer.url != page.first.url)
        return [Ask(address(feed.next_url, page.answer.url), read=as_feed)] if feed.next_url else None

    def _shows_newest(self, payload: Any) -> bool:
        """Whether older posts than those of the feed may be there; an empty one has none."""
        return bool(payload.entries) and not (payload.is_unchanged or payload.is_whole or self._is_paged)


def _entries(payload: Any) -> Sequence[Written]:
    if not isinstance(payload, Feed):
        raise TypeError("no feed")
    return payload.entries
