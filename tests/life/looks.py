"""The collections of a life, and from them what a collector that keeps its promises must have looked at, and when.

The promises are those of the campaign file: a post of the campaign is looked at when it is new, at the ages of
`recheck_hours`, and a last time when `follow_up_days` have gone by; a timeline is read back to a day before the last
time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.life.shown import arrival, is_shown, is_tagged
from tests.life.truth import Truth
from tests.sandbox.world import Post

AGES = tuple(timedelta(hours=hours) for hours in (24, 72, 168, 192))
FOLLOW_UP = AGES[-1]
OVERLAP = timedelta(hours=24)
FIRST_DAYS = timedelta(days=84)
Requests = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Look:
    """One collection, from `start` to `end`, with its requests and answers by server.

    `is_whole` where all of it came; `is_calm` where nothing had to be asked for again to get it.
    """

    start: datetime
    end: datetime
    is_whole: bool
    is_calm: bool
    requests: list[Requests] = field(repr=False)


class Looks:
    """All collections so far, oldest first."""

    def __init__(self, truth: Truth, looks: list[Look]) -> None:
        self._truth = truth
        self.all = looks
        self.whole = [look for look in looks if look.is_whole]
        self._met: dict[int, Look | None] = {}

    def met(self, post: Post) -> Look | None:
        """The first collection that must have brought a campaign post: by its hashtag, or below a followed one."""
        if post.number not in self._met:
            self._met[post.number] = self._by_tag(post) or self._by_thread(post)
        return self._met[post.number]

    def due(self, post: Post) -> list[Look]:
        """The collections that must have looked at a campaign post, while it was shown all the time."""
        first = self.met(post)
        if first is None:
            return []
        aged = [self._next(max(first.start, post.time + age)) for age in AGES]
        found = {look.start: look for look in [first, *aged] if look is not None and _all_along(post, look)}
        return [found[start] for start in sorted(found)]

    def after(self, moment: datetime) -> datetime:
        """When the collection of that moment ended."""
        return next((look.end for look in self.all if look.end >= moment), self.all[-1].end)

    def checks(self, post: Post) -> list[Look]:
        """The collections at which a campaign post that was met is looked at again, still there or not."""
        first = self.met(post)
        aged = [] if first is None else [self._next(max(first.start, post.time + age)) for age in AGES]
        return [look for look in aged if look is not None and look is not first]

    def closing(self, post: Post) -> Look | None:
        """The last look at a campaign post."""
        first = self.met(post)
        return None if first is None else self._next(max(first.start, post.time + FOLLOW_UP))

    def _next(self, moment: datetime) -> Look | None:
        return next((look for look in self.whole if look.start >= moment), None)

    def _by_tag(self, post: Post) -> Look | None:
        if not is_tagged(post):
            return None
        for look in self.whole:
            if arrival(post) <= look.start:
                before = [other.start for other in self.all if other.start < look.start]
                down_to = before[-1] - OVERLAP if before else look.start - FIRST_DAYS
                # what came too late to be sorted in where it is read again, and was not there before
                return look if post.time >= down_to and _all_along(post, look) else None
        return None

    def _by_thread(self, post: Post) -> Look | None:
        parent = self._truth.parent(post)
        if parent is None or not self._truth.is_willing(self._truth.author(parent)):
            return None
        return next((look for look in self.due(parent) if _all_along(post, look)), None)


def _all_along(post: Post, look: Look) -> bool:
    return is_shown(post, look.start) and is_shown(post, look.end)
