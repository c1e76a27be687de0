"""One thread by its context, compared with the reply counts, since what a server shows depends on who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

from passerelle.records import Record
from spiders.collecting.crawl import Crawl, Sight
from spiders.collecting.paging import Page
from spiders.collecting.parents import ask_for_parent
from spiders.collecting.reading import read_items
from spiders.collecting.walking import Walk

# anonymous readers get 60 descendants and a depth of 20: a long thread is asked for in pieces
MAX_CONTEXTS = 20
_FRUITLESS = 2  # replies that are counted but private never come: stop asking for them


class Thread:
    """The posts of a thread by URI, how many replies each is said to have, and how many of them were shown.

    `natives` are the ids of those that this crawl's server showed, `reason` why it did not give what it has.
    """

    def __init__(self, crawl: Crawl, root: Sight) -> None:
        self._crawl = crawl
        self._root = root
        self._at = root.captured_at
        self.reason: str | None = None
        self._total: int | None = None
        self._wordless: set[str] = set()  # deleted, or held back
        self._counted: dict[str, int] = {root.uri: root.replies or 0}
        self._shown: Counter[str] = Counter()
        self.sights: dict[str, Sight] = {root.uri: root}
        self.natives: set[str] = {root.native}
        self._edge: set[str] | None = None

    async def read(self) -> AsyncIterator[Record]:
        """All records of the thread that the server shows."""
        asked: set[str] = set()
        native, fruitless = self._root.native, 0
        while native and (listing := self._crawl.platform.thread(native)) is not None:
            asked.add(native)
            num_before = len(self.sights)
            walk = Walk(self._crawl.api, listing)
            async for record in self._walked(walk):
                yield record
            if _is_refused(walk) or len(asked) >= MAX_CONTEXTS:
                break
            fruitless = 0 if len(self.sights) > num_before else fruitless + 1
            more = (
                sight.native for sight in self.missing() if sight.native not in asked and self._may_have_more(sight)
            )
            native = next(more, "") if fruitless < _FRUITLESS else ""
        if self.is_read and not self._is_counted and "parents" not in self._crawl.run.left_out:
            async for record in self._parents():
                yield record

    @property
    def is_read(self) -> bool:
        """Whether the server gave what it has of the thread."""
        return self.reason is None

    def missing(self) -> list[Sight]:
        """The posts that have more replies than were shown."""
        return [sight for uri, sight in self.sights.items() if self._counted[uri] > self._shown[uri]]

    def _may_have_more(self, sight: Sight) -> bool:
        """Whether the server may have cut the thread below it: other replies that do not come are held back."""
        return self._edge is None or sight.native in self._edge

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
        got = sum(self._shown.values()) + len(self._wordless)
        expected = sum(self._counted.values()) if self._is_counted else self._total
        # where posts do not say how many replies they have, the list does
        lacks = self.missing() if self._is_counted else got < (self._total or 0)
        reason = self.reason or ("missing_replies" if lacks else None if self._is_counted else self._torn())
        return self._crawl.ledger.coverage("thread", self._root.uri, self._at, got, reason, expected=expected)

    @property
    def _is_counted(self) -> bool:
        """Whether posts say how many answer them directly; where the list has a total, a count is of all below."""
        return self._total is None and any(sight.replies is not None for sight in self.sights.values())

    def _orphans(self) -> Iterator[str]:
        """What posts of the thread answer and nobody has shown."""
        wanted = (sight.unknown_parent for sight in self.sights.values())
        return (native for native in wanted if native and not self._crawl.names.knows(native))

    async def _parents(self) -> AsyncIterator[Record]:
        """The parents that the list does not hold, asked for one by one: it does not say why."""
        for native in list(self._orphans()):
            async for record in ask_for_parent(self._crawl, native, self._at.isoformat()):
                yield record

    def _torn(self) -> str | None:
        """Why a post answers what is not shown: it is held back, or nobody says. One that is gone is no gap."""
        ends = {self._crawl.parents.get(native) for native in self._orphans()} - {"gone"}
        return None if not ends else "withheld" if ends == {"withheld"} else "missing_replies"

    async def _walked(self, walk: Walk) -> AsyncIterator[Record]:
        async with aclosing(walk.pages()) as pages:
            async for page in pages:
                if walk.listing.edge is not None:
                    self._edge = (self._edge or set()) | set(walk.listing.edge(page.answer.payload))
                for record in self._read(page):
                    yield record
        answer = walk.failure or (walk.last.answer if walk.last else None)
        if answer is not None:
            self._crawl.ledger.note("context", answer)
            self._at = answer.captured_at
        if walk.last is not None:
            self._crawl.state.shows_posts = True
            self._total = walk.total if self._total is None else self._total
        self.reason = walk.reason or self.reason
        if walk.reason == "gone" and not self._crawl.state.shows_posts:
            self.reason = "refused"  # 404 is believed only where posts have been shown: some say it to all strangers
        if walk.failure is not None and walk.failure.outcome == "ok":
            yield self._crawl.ledger.malformed(walk.failure)

    def _read(self, page: Page) -> Iterator[Record]:
        yield from read_items(self._crawl, page.above, page.answer, campaign=False)
        yield from read_items(self._crawl, page.items, page.answer, campaign=True)
        for native in map(self._crawl.native, page.items):
            sight = self._crawl.sights.get(native or "")
            if sight is not None and sight.uri not in self.sights:
                self._add(sight)
                self.natives.add(sight.native)
            elif native and (native in self._crawl.gone or native in self._crawl.withheld):
                self._wordless.add(native)

    def _add(self, sight: Sight) -> None:
        self.sights[sight.uri] = sight
        self._counted[sight.uri] = sight.replies or 0
        self._shown[sight.parent or ""] += 1


def _is_refused(walk: Walk) -> bool:
    """Whether the server did not answer with what was asked for, in whatever shape."""
    return walk.failure is not None and walk.failure.outcome != "ok"
