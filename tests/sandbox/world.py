"""The invented world: who there is, what they published, and what a server would show of it at any moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["person", "organiser", "bot", "automaton", "refused"]


@dataclass(frozen=True, slots=True)
class Person:
    """An invented account. `community` is its planted block; `active` people take part in the campaign."""

    number: int
    user: str
    instance: str
    name: str
    community: int
    language: str
    role: Role
    active: bool
    seeker: bool
    trade: str
    followers: int
    note: str = ""
    indexable: bool = True

    @property
    def identity(self) -> str:
        """The canonical identity a collector finds for this account."""
        return f"acct:{self.user}@{self.instance}".lower()


@dataclass(slots=True)
class Post:
    """A post. `text` holds `{@12}` where person 12 is mentioned. Indices point into `World.posts`.

    `local_id` is its id on the server that shows this world, `home_id` on its author's where that is another.
    `arrived` is when the server got to know it, where that is not told by its `local_id`: Mastodon sorts a post that
    came late in by the time at which it was written.
    """

    number: int
    author: int
    time: datetime
    text: str
    language: str | None
    mentions: tuple[int, ...] = ()
    inherited: tuple[int, ...] = ()
    reply_to: int | None = None
    quote_of: int | None = None
    media: bool = False
    label: str | None = None
    beneficiary: int | None = None
    beneficiary_word: str | None = None
    edits: list[tuple[datetime, str]] = field(default_factory=list)
    deleted: datetime | None = None
    local_id: int = 0
    home_id: int | None = None
    arrived: datetime | None = None


@dataclass(slots=True)
class Boost:
    """A repost. `undone` when it was taken back (to be made again later: a bump)."""

    actor: int
    post: int
    time: datetime
    undone: datetime | None = None
    local_id: int = 0
    home_id: int | None = None
    arrived: datetime | None = None


@dataclass(slots=True)
class Favourite:
    """A like: no tie, but servers show it."""

    actor: int
    post: int
    time: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """One person acting towards another, as the simulator itself knows it."""

    time: datetime
    source: int
    target: int
    kind: Literal["reply", "quote", "repost", "mention"]


@dataclass(slots=True)
class World:
    """Everything that happened. Lists are in order of time once `simulate` returns."""

    people: list[Person]
    posts: list[Post] = field(default_factory=list)
    boosts: list[Boost] = field(default_factory=list)
    favourites: list[Favourite] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def identity(self, number: int) -> str:
        """The canonical identity a collector finds for somebody."""
        return self.people[number].identity

    def uri(self, post: Post) -> str:
        """Canonical URI of a post, on its author's own server."""
        author = self.people[post.author]
        return f"https://{author.instance}/users/{author.user}/statuses/{post.home_id or post.local_id}"

    def activity(self, boost: Boost) -> str:
        """Canonical URI of a repost."""
        actor = self.people[boost.actor]
        return f"https://{actor.instance}/users/{actor.user}/statuses/{boost.home_id or boost.local_id}/activity"
