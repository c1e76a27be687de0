"""What a stream is held against: the campaign's hashtags, its posts, what else was kept, and who wrote all that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from spiders.collecting.state import CrawlState


class Known:
    """Posts by their addresses, which name them everywhere. `tags` are folded; `people` are the authors' local ids."""

    def __init__(self, state: CrawlState, tags: frozenset[str], author_of: Callable[[str], str]) -> None:
        self.tags = tags
        self._asked, self._heard, self._author_of = state.posts, state.stream, author_of
        uris = (*state.posts.values(), *state.stream.posts, *state.stream.others)
        self.people = {author for uri in uris if (author := author_of(uri))}.union(state.stream.hidden)

    def is_campaign(self, uri: str) -> bool:
        """Whether it is a post of the campaign."""
        return uri in self._heard.posts or uri in self._asked

    def holds(self, uri: str) -> bool:
        """Whether it is one, or was kept beside them."""
        return uri in self._heard.posts or uri in self._heard.others or uri in self._asked

    def of(self, local: str) -> list[str]:
        """All that is held of an author."""
        uris = dict.fromkeys((*self._asked.values(), *self._heard.posts, *self._heard.others))
        return [uri for uri in uris if self._author_of(uri) == local]

    def add(self, uri: str, at: datetime, *, campaign: bool) -> None:
        """Hold one more, or the same again."""
        if campaign or uri in self._heard.posts:
            self._heard.posts[uri] = at.isoformat()
        else:
            self._heard.others[uri] = at.isoformat()
        if author := self._author_of(uri):
            self.people.add(author)

    def drop(self, uri: str) -> None:
        """Hold it no more."""
        self._heard.posts.pop(uri, None)
        self._heard.others.pop(uri, None)
