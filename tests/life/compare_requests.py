"""What a collection asked for, against what was new or due since the one before, thing by thing, by the world."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from tests.life.looks import AGES, OVERLAP, Look, Looks
from tests.life.shown import arrival, is_shown, is_tagged
from tests.life.truth import Truth
from tests.sandbox.catalogue import account_id
from tests.sandbox.world import Post

_KINDS = {
    "timeline": r"/api/v1/timelines/tag/(\w+)",
    "thread": r"/api/v1/statuses/(\d+)/context",
    "reposters": r"/api/v1/statuses/(\d+)/reblogged_by",
    "post": r"/api/v1/statuses/(\d+)",
    "history": r"/api/v1/accounts/(\d+)/statuses",
    "lookup": r"/api/v1/accounts/(lookup)",
    "instance": r"/api/v[12]/(instance)",
    "robots": r"/(robots.txt)",
}
_REFRESH = timedelta(days=6.5)  # a week, less what a timer may be early or late
Asked = dict[str, Counter[str]]


def asked(requests: Sequence[tuple[str, int]]) -> Asked:
    """By kind, how often each thing was asked for and answered (pages of one list are one thing)."""
    found: Asked = defaultdict(Counter)
    for target, status in requests:
        path = target.partition("?")[0]
        kind, subject = next(((k, m[1]) for k, p in _KINDS.items() if (m := re.fullmatch(p, path))), ("other", path))
        found[kind][subject] += status in (200, 404)
    return found


class Requests:
    """The requests of one server's collections; `index` is its place among the servers."""

    def __init__(self, truth: Truth, looks: Looks, index: int = 0) -> None:
        self._truth, self._looks, self._index = truth, looks, index
        self._posts = {str(post.local_id): post for post in truth.world.posts}
        self._people = {account_id(person.number): person.number for person in truth.world.people}

    def compare(self) -> Iterator[str]:
        """Every collection after a whole one: nothing that was neither new nor due, and nothing twice."""
        for before, look in zip(self._looks.all, self._looks.all[1:], strict=False):
            if before.is_whole and look.is_whole and look.is_calm:
                yield from self._of(before, look)

    def _of(self, before: Look, look: Look) -> Iterator[str]:
        found = asked(look.requests[self._index])
        rules: dict[str, Callable[[Look, Look, str], int]] = {
            "timeline": self._timeline,
            "thread": self._thread,
            "reposters": self._reposters,
            "post": self._post,
            "history": self._history,
            "lookup": lambda *_: 5,
            "instance": lambda *_: 1,
            "robots": lambda *_: 1,
        }
        for kind, subjects in found.items():
            for subject, times in subjects.items():
                most = rules[kind](before, look, subject) if kind in rules else 0
                if times > most:
                    name = f"{look.start} {kind} {self._name(subject)}"
                    yield f"{name}: asked {times} times, {most} were new or due"

    def _name(self, subject: str) -> str:
        post = self._posts.get(subject)
        return f"{subject} of {post.time}" if post else f"{subject} {self._people.get(subject, '')}"

    def _timeline(self, before: Look, look: Look, _: str) -> int:
        shown = [p for p in self._truth.world.posts if is_tagged(p) and is_shown(p, look.end)]
        return ceil(sum(post.time >= before.start - OVERLAP for post in shown) / 40) + 1

    def _post(self, before: Look, look: Look, native: str) -> int:
        """At each of its ages a followed post may be asked for once; once and for all what a post answers or quotes."""
        post = self._posts[native]
        earlier = [other for other in self._looks.all if other.start < look.start]
        is_known = any(asked(other.requests[self._index])["post"][native] for other in earlier)
        return int(self._came_to(post, before, look) or (bool(self._truth.echoes(post)) and not is_known))

    def _thread(self, before: Look, look: Look, native: str) -> int:
        """The thread of a new post, or of one whose replies changed since it was last looked at."""
        post = self._posts[native]
        turns = [t for reply in self._truth.replies(post) for t in (arrival(reply), reply.deleted) if t]
        return int(self._is_new(post, before) or self._has_turned(post, look, turns))

    def _reposters(self, before: Look, look: Look, native: str) -> int:
        """The reposters of a new post, of one whose boosts changed, and a last time; 80 a page."""
        post = self._posts[native]
        boosts = self._truth.boosts_of[post.number]
        turns = [t for boost in boosts for t in (arrival(boost), boost.undone) if t]
        pages = ceil(len(boosts) / 80) or 1
        is_last = before.start < post.time + AGES[-1] <= look.end
        return pages * (is_last or self._is_new(post, before) or self._has_turned(post, look, turns))

    def _history(self, before: Look, look: Look, local: str) -> int:
        """A person's timeline, where the profile lets: at the first act, and then what came since, but once a week."""
        number = self._people[local]
        if not self._truth.world.people[number].indexable:
            return 0
        earlier = [other for other in self._looks.all if other.start < look.start and self._was_read(other, local)]
        if earlier and look.start - earlier[-1].start < _REFRESH:
            return 0
        items = [p.time for p in self._truth.world.posts if p.author == number and is_shown(p, look.end)]
        items += [b.time for b in self._truth.world.boosts if b.actor == number and is_shown(b, look.end)]
        since = earlier[-1].start - OVERLAP if earlier else datetime.min.replace(tzinfo=look.start.tzinfo)
        new = sum(time >= since for time in items)
        return (ceil(new / 40) + 1) * (number in self._truth.participants)

    def _was_read(self, look: Look, local: str) -> bool:
        return asked(look.requests[self._index])["history"][local] > 0

    def _is_new(self, post: Post, before: Look) -> bool:
        return arrival(post) > before.start or (met := self._looks.met(post)) is None or met.start > before.start

    def _came_to(self, post: Post, before: Look, look: Look) -> bool:
        return any(before.start < post.time + age <= look.end for age in AGES)

    def _has_turned(self, post: Post, look: Look, turns: list[datetime]) -> bool:
        earlier = [due.start for due in self._looks.due(post) if due.start < look.start]
        return not earlier or any(earlier[-1] < turn <= look.end for turn in turns)
