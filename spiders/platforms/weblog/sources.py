"""Where the comments of one post are, asked one after the other: a feed that names parents, the page, other feeds.

One comment seen in several of them is one. What a feed of the newest may lack, the page has; RSS does not say what a
comment answers, so that it comes last, and only where comments are still missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from spiders.asking.ask import Ask, Reader
from spiders.collecting.blogs.entries import Written, is_same_page, page_of, rehomed, united
from spiders.collecting.blogs.feeds import Feed, as_feed, atom_of
from spiders.collecting.blogs.pages import BlogPage
from spiders.collecting.blogs.reader import BlogReader
from spiders.collecting.paging import Page
from spiders.collecting.shape import Listing
from spiders.platforms.weblog import mentions

_SHORT = 10  # entries that feeds show by custom: one with fewer is whole


class CommentSources:
    """The comments of the post at `url`, as the feed of `blog` has it."""

    def __init__(self, blog: BlogReader, url: str, post: Written, *, with_mentions: bool) -> None:
        self._url = url
        self._blog = blog
        self._read: Reader = partial(blog.page_at, url)
        self._total, feeds = post.replies, post.comment_feeds
        self._rss = [feed for feed in feeds if atom_of(feed)]
        self._pending = [Ask(feed, read=as_feed) for feed in feeds if not atom_of(feed)]
        self._pending += [Ask(atom_of(feed), read=as_feed) for feed in self._rss[:1] if not self._pending]
        self._pending.append(Ask(url, read=self._read))
        self._pending += [mentions.ask_for(url)] if with_mentions else []
        self.optional = {ask.url for ask in self._pending if ask.url != url}
        self._asked = {url, *self.optional}
        self._seen: dict[str, Written] = {}
        self._held: list[Written] = []  # of a feed that does not say what they answer: the page may
        self._longest_feed = 0
        self._links = self._num_gone = 0
        self._lost_to = ""  # what became of a source that could not be had
        self._page: BlogPage | None = None

    def listing(self) -> Listing:
        """All of them as one list."""
        return Listing(
            first=self._pending.pop(0),
            items=self._items,
            next=self._next,
            total=lambda _: self._counted(),
            flaw=self._flaw,
        )

    def _items(self, payload: Any) -> Sequence[Written]:
        """What nobody showed yet of this post's comments, with what all of them say."""
        found = [one for one in self._comments(payload) if self._is_new(one)]
        self._seen |= {one.id: one for one in found}
        self._links += sum(one.kind == "link" and not one.is_elsewhere for one in found)
        return found

    def _is_new(self, entry: Written) -> bool:
        """Whether it is of this post and was not shown; what has no name is for `read` to set aside."""
        return not entry.id or (entry.on == self._url and entry.id not in self._seen)

    def _below(self, entry: Written) -> Written:
        """A comment whose address does not say so stands in this post's feed."""
        is_unsaid = not entry.on and entry.id and not is_same_page(entry.id, self._url)
        return replace(entry, on=self._url, title="") if is_unsaid else rehomed(entry, self._url)

    def _comments(self, payload: Any) -> Sequence[Written]:
        if isinstance(payload, Feed):
            self._lost_to = self._lost_to or payload.lost_to
            self._longest_feed = max(self._longest_feed, len(payload.entries))
            told = [self._below(one) for one in payload.entries]
            self._held += [] if self._page else [one for one in told if one.id and not one.parent]
            return told if self._page else [one for one in told if one.parent or not one.id]
        if isinstance(payload, BlogPage):
            self._page = self._page or payload
            self._pending = [*self._found_on(payload), *self._pending]
            comments = united([*payload.post.comments, *self._held])
            gone = self._blog.vanished(self._url, comments) if self._blog.is_all(payload) else []
            self._num_gone += len(gone)
            return [*comments, *gone]
        return mentions.answers_in(payload, self._url)

    def _found_on(self, page: BlogPage) -> list[Ask]:
        """Where more of its comments are: on other pages, else in feeds that it names, where some are missing."""
        asks = [Ask(more, read=self._read) for more in page.more if more not in self._asked]
        if not asks and (not page.is_all or not page.post.comments):
            feeds = [feed for feed in (*page.comment_feeds, *self._rss) if feed not in self._asked]
            asks = [Ask(feed, read=as_feed) for feed in dict.fromkeys(feeds)]
            self.optional |= {ask.url for ask in asks}
        self._asked |= {ask.url for ask in asks}
        return asks

    def _next(self, page: Page) -> Sequence[Ask] | None:
        if isinstance(page.answer.payload, dict) and (more := mentions.next_of(page)) is not None:
            self.optional |= {ask.url for ask in more}
            return more
        if self._pending:
            return [self._pending.pop(0)]
        is_cut = self._longest_feed >= _SHORT and self._counted() is None
        return [] if is_cut and not (self._page and self._page.post.comments) else None

    def _flaw(self) -> str | None:
        """What a source was lost to, unless the page shows all, or as many came as are said to be there."""
        if self._page and self._page.is_all and self._page.post.comments:
            return None
        total = self._counted()
        is_counted = total is not None and sum(one.kind != "link" for one in self._seen.values()) >= total
        return None if is_counted else self._lost_to or None

    def _counted(self) -> int | None:
        """How many there are said to be, without links of other sites where those are counted too."""
        told = self._page.count if self._page and self._page.count is not None else self._total
        if told is None:
            return None
        shown = sum(page_of(one.id) == self._url and one.kind != "link" for one in self._seen.values())
        return max(shown, told - self._links + self._num_gone)
