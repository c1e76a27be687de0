"""Threads by their context, compared with the reply counts, since what a server shows depends on who asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from passerelle.records import DeletionRecord, Record
from spiders.asking import Answer
from spiders.mastodon_crawl import Crawl, Sight
from spiders.mastodon_records import MALFORMED, PLATFORM
from spiders.mastodon_state import Followed, checks_due

# anonymous readers get 60 descendants and a depth of 20: a long thread is asked for in pieces
MAX_CONTEXTS = 20
_FRUITLESS = 2  # replies that are counted but private never come: stop asking for them


async def look_again(crawl: Crawl) -> AsyncIterator[Record]:
    """A cheap look at the followed posts that are due and were not seen in this run: edited, counted, or deleted."""
    collect = crawl.run.campaign.collect
    for native, post in sorted(crawl.state.followed.items()):
        due = checks_due(post, crawl.run.clock, collect.recheck_hours) > post.num_checks
        if native in crawl.sights or not (due or is_closing(crawl, post)) or crawl.denied("status") or crawl.api.lost:
            continue
        answer = await crawl.api.get(f"/api/v1/statuses/{quote(native, safe='')}")
        crawl.note("status", answer)
        for record in _looked(crawl, native, post, answer):
            yield record


def is_closing(crawl: Crawl, post: Followed) -> bool:
    """Whether the follow-up of the post ends with this run."""
    age = crawl.run.clock - datetime.fromisoformat(post.created_at)
    return age >= timedelta(days=crawl.run.campaign.collect.follow_up_days)


def _looked(crawl: Crawl, native: str, post: Followed, answer: Answer) -> Iterator[Record]:
    if answer.outcome == "ok":
        crawl.state.shows_posts = True
        yield from crawl.read([answer.payload], answer, campaign=True)
    elif answer.outcome == "gone" and crawl.state.shows_posts:
        # some servers say 404 to everyone who is not logged in: believed only where posts have been shown
        del crawl.state.followed[native]
        yield DeletionRecord(platform=PLATFORM, post=post.uri, captured_at=answer.captured_at, source=crawl.run.source)
    elif answer.outcome == "malformed":
        yield crawl.malformed_answer(answer)


async def read_threads(crawl: Crawl) -> AsyncIterator[Record]:
    """The thread of each campaign post whose replies are not all known, oldest first: roots bring the rest."""
    expanded: set[str] = set()
    for sight in sorted(crawl.sights.values(), key=lambda sight: (sight.created_at, sight.native)):
        if sight.native in expanded or not _wants_thread(crawl, sight):
            continue
        if crawl.denied("context") or crawl.api.lost:
            reason = "unreachable" if crawl.api.lost else "refused"
            yield crawl.coverage("thread", sight.uri, sight.captured_at, 0, reason, expected=sight.replies)
            continue
        thread = _Thread(crawl, sight)
        async for record in thread.read():
            yield record
        expanded |= thread.nodes.keys()
        if thread.is_read:
            crawl.read_threads |= thread.nodes.keys()


def _wants_thread(crawl: Crawl, sight: Sight) -> bool:
    followed = crawl.state.followed.get(sight.native)
    if followed is None:
        return is_open(crawl, sight) and (sight.replies != 0 or not sight.parent_known)
    return sight.replies != followed.replies and sight.replies != 0


def is_open(crawl: Crawl, sight: Sight) -> bool:
    """Whether a post that is not followed (yet) is new to us, not one whose follow-up has ended."""
    fresh = crawl.run.clock - sight.created_at < timedelta(days=crawl.run.campaign.collect.follow_up_days)
    return fresh or sight.native in crawl.new


class _Thread:
    """One thread while it is read: its posts by native id, and what is still missing."""

    def __init__(self, crawl: Crawl, sight: Sight) -> None:
        self._crawl = crawl
        self._root = sight
        self.nodes: dict[str, int | None] = {sight.native: sight.replies}
        self._parents: Counter[str] = Counter()
        self._reason: str | None = None

    async def read(self) -> AsyncIterator[Record]:
        """All records of the thread, then its coverage."""
        asked: set[str] = set()
        at, native, fruitless = self._root.captured_at, self._root.native, 0
        while native:
            asked.add(native)
            num_before = len(self.nodes)
            answer = await self._crawl.api.get(f"/api/v1/statuses/{quote(native, safe='')}/context")
            self._crawl.note("context", answer)
            at = answer.captured_at
            for record in self._read(answer):
                yield record
            if answer.outcome != "ok" or len(asked) >= MAX_CONTEXTS:
                break
            fruitless = 0 if len(self.nodes) > num_before else fruitless + 1
            more = (node for node in self._missing() if node not in asked)
            native = next(more, "") if fruitless < _FRUITLESS else ""
        yield self._coverage(at)

    @property
    def is_read(self) -> bool:
        """Whether the server gave what it has of the thread."""
        return self._reason is None

    def _read(self, answer: Answer) -> Iterator[Record]:
        if answer.outcome != "ok":
            self._reason = {"login": "refused", "gone": "refused"}.get(answer.outcome, answer.outcome)
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
            self._add(status)

    def _add(self, status: Any) -> None:
        sight = self._crawl.sights.get(str(status.get("id"))) if isinstance(status, dict) else None
        if sight is not None and sight.native not in self.nodes:
            self.nodes[sight.native] = sight.replies
            self._parents[sight.parent or ""] += 1

    def _missing(self) -> list[str]:
        return [native for native, replies in self.nodes.items() if (replies or 0) > self._parents[native]]

    def _coverage(self, at: datetime) -> Record:
        expected = sum(replies or 0 for replies in self.nodes.values())
        got = sum(self._parents.values())
        reason = self._reason or ("missing_replies" if self._missing() else None)
        return self._crawl.coverage("thread", self._root.uri, at, got, reason, expected=expected)
