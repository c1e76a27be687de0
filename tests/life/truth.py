"""What is true of the world at a moment, under the names that the lake uses, from the world's own events alone."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from tests.life.pseudonyms import pseudonym
from tests.life.shown import arrival, is_shown, is_tagged
from tests.sandbox.world import Boost, Person, Post, World

_NAMED = re.compile(r"\{@(\d+)\}")
_SPACES = re.compile(" {2,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What the server says of a post at a moment: what `posts` and `post_versions` must hold of it."""

    text: str
    language: str | None
    edited_at: datetime | None
    replies: int
    reposts: int
    favourites: int


class Truth:
    """A world and the key under which its people and posts are hidden.

    `views` are this one and those of the other servers: what they know of the same posts comes earlier, later or never.
    """

    def __init__(self, world: World, key: bytes) -> None:
        self.world, self._key = world, key
        self.views: list[Truth] = [self]
        self.posts = {self.post_id(post): post for post in world.posts}
        self.boosts = {self._hide("post", world.activity(boost)): boost for boost in world.boosts}
        self.people = {self.account_id(person.number): person for person in world.people}
        self._replies: dict[int, list[Post]] = defaultdict(list)
        self._quotes: dict[int, list[Post]] = defaultdict(list)
        self.boosts_of: dict[int, list[Boost]] = defaultdict(list)
        self._likes: dict[int, list[datetime]] = defaultdict(list)
        for post in world.posts:
            if post.quote_of is not None:
                self._quotes[post.quote_of].append(post)
            if post.reply_to is not None:
                self._replies[post.reply_to].append(post)
        for boost in world.boosts:
            self.boosts_of[boost.post].append(boost)
        for like in world.favourites:
            self._likes[like.post].append(like.time)

    def post_id(self, post: Post) -> str:
        """The pseudonym of a post."""
        return self._hide("post", self.world.uri(post))

    def account_id(self, number: int) -> str:
        """The pseudonym of a person."""
        return self._hide("account", self.world.identity(number))

    def said(self, post: Post, now: datetime) -> Said:
        """The post as it is shown at `now`."""
        edits = [(time, text) for time, text in post.edits if time <= now]
        text, edited = (edits[-1][1], edits[-1][0]) if edits else (post.text, None)
        return Said(
            text=_SPACES.sub(" ", _NAMED.sub(lambda found: "@" + self.account_id(int(found[1])), text)),
            language=post.language,
            edited_at=None if edited is None else _stated(edited),
            replies=sum(is_shown(reply, now) for reply in self._replies[post.number]),
            reposts=sum(is_shown(boost, now) for boost in self.boosts_of[post.number]),
            favourites=sum(time <= now for time in self._likes[post.number]),
        )

    def all_said(self, post: Post, now: datetime) -> list[Said]:
        """The post as each server shows it at `now`."""
        return [view.said(view.world.posts[post.number], now) for view in self.views]

    def has_come(self, item: Post | Boost, now: datetime) -> bool:
        """Whether any server knew it at `now`."""
        return any(arrival(same) <= now for view in self.views for same in view.same(item))

    def same(self, item: Post | Boost) -> list[Post | Boost]:
        """What another view calls `item`."""
        if isinstance(item, Post):
            return [self.world.posts[item.number]]
        return [b for b in self.boosts_of[item.post] if (b.actor, b.time) == (item.actor, item.time)]

    def turns(self, post: Post) -> list[datetime]:
        """Every moment at which what is said of the post changes."""
        moments = [time for time, _ in post.edits] + self._likes[post.number]
        for echo in (*self._replies[post.number], *self.boosts_of[post.number]):
            gone = echo.undone if isinstance(echo, Boost) else echo.deleted
            moments += [arrival(echo), *([gone] if gone else [])]
        return sorted(moments)

    def parent(self, post: Post) -> Post | None:
        """The post replied to."""
        return None if post.reply_to is None else self.world.posts[post.reply_to]

    def replies(self, post: Post) -> list[Post]:
        """Direct replies, whenever they came."""
        return self._replies[post.number]

    def echoes(self, post: Post) -> list[Post]:
        """What answers or quotes it."""
        return [*self._replies[post.number], *self._quotes[post.number]]

    def is_willing(self, person: Person) -> bool:
        """Whether nothing in the profile asks to be left alone."""
        return person.role != "refused"

    def author(self, post: Post) -> Person:
        """Who wrote it."""
        return self.world.people[post.author]

    @cached_property
    def campaign(self) -> set[int]:
        """Numbers of the posts under the hashtag and of all that stand below them."""
        found: set[int] = set()
        for post in self.world.posts:
            if is_tagged(post) or post.reply_to in found:
                found.add(post.number)
        return found

    @cached_property
    def participants(self) -> set[int]:
        """Everybody who wrote or boosted a campaign post at any time."""
        authors = {self.world.posts[number].author for number in self.campaign}
        return authors | {boost.actor for boost in self.world.boosts if boost.post in self.campaign}

    def _hide(self, kind: str, identity: str) -> str:
        return pseudonym(self._key, kind, identity)


def _stated(moment: datetime) -> datetime:
    """As the server writes moments: whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
