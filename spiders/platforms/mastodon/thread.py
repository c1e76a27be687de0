"""One thread by its context, compared with the reply counts, since what a server shows depends on who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

from passerelle.records import Record
from spiders.asking.api import Answer
from spiders.platforms.mastodon.crawl import Crawl, Sight
from spiders.platforms.mastodon.records import MALFORMED

# anonymous readers get 60 descendants and a depth of 20: a long thread is asked for in pieces
MAX_CONTEXTS = 20
_FRUITLESS = 2  # replies that are counted but private never come: stop asking for them


class Thread:
    """The posts of a thread by URI, how many replies each is said to have, and how many of them were shown.

    `natives` are the ids of those that this crawl's server showed.
    """

    def __init__(self, crawl: Crawl, root: Sight) -> None:
        self._crawl = crawl
        self._root = root
        self._at = root.captured_at
        self._reason: str | None = None
        self._counted: dict[str, int] = {root.uri: root.replies or 0}
        self._shown: Counter[str] = Counter()
        self.sights: dict[str, Sight] = {root.uri: root}
        self.natives: set[str] = {root.native}

    async def read(self) -> AsyncIterator[Record]:
        """All records of the thread that the server shows."""
        asked: set[str] = set()
        native, fruitless = self._root.native, 0
        while native:
            asked.add(native)
            num_before = len(self.sights)
            answer = await self._crawl.api.get(f"/api/v1/statuses/{quote(native, safe='')}/context")
            self._crawl.note("context", answer)
            self._at = answer.captured_at
            for record in self._read(answer):
                yield record
            if answer.outcome != "ok" or len(asked) >= MAX_CONTEXTS:
                break
            fruitless = 0 if len(self.sights) > num_before else fruitless + 1
            more = (sight.native for sight in self.missing() if sight.native not in asked)
            native = next(more, "") if fruitless < _FRUITLESS else ""

    @property
    def is_read(self) -> bool:
        """Whether the server gave what it has of the thread."""
        return self._reason is None

    def missing(self) -> list[Sight]:
        """The posts that have more replies than were shown."""
        return [sight for uri, sight in self.sights.items() if self._counted[uri] > self._shown[uri]]

    def absorb(self, other: Thread) -> list[Sight]:
        """Take over what `other`, the same thread on another server, has more. Returns the posts that were added."""
        added = [sight for uri, sight in other.sights.items() if uri not in self.sights]
        for sight in added:
            self._add(sight)
        for uri, counted in other._counted.items():
            self._counted[uri] = max(self._counted[uri], counted)
        return added

    def coverage(self) -> Record:
        """How many replies are said to be there, and how many came."""
        expected, got = sum(self._counted.values()), sum(self._shown.values())
        reason = self._reason or ("missing_replies" if self.missing() else None)
        return self._crawl.coverage("thread", self._root.uri, self._at, got, reason, expected=expected)

    def _read(self, answer: Answer) -> Iterator[Record]:
        if answer.outcome != "ok":
            # 404 is believed only where posts have been shown: some say it to everyone who is not logged in
            is_hidden = answer.outcome == "gone" and not self._crawl.state.shows_posts
            self._reason = "refused" if is_hidden else answer.outcome
            return
        try:
            above, below = list(answer.payload["ancestors"]), list(answer.payload["descendants"])
        except MALFORMED:
            self._reason = "malformed"
            yield self._crawl.malformed_answer(answer)
            return
        self._crawl.state.shows_posts = True
        yield from self._crawl.read(above, answer, campaign=False)
        yield from self._crawl.read(below, answer, campaign=True)
        for status in below:
            self._meet(status)

    def _meet(self, status: Any) -> None:
        sight = self._crawl.sights.get(str(status.get("id"))) if isinstance(status, dict) else None
        if sight is not None and sight.uri not in self.sights:
            self._add(sight)
            self.natives.add(sight.native)

    def _add(self, sight: Sight) -> None:
        self.sights[sight.uri] = sight
        self._counted[sight.uri] = sight.replies or 0
        self._shown[sight.parent or ""] += 1
