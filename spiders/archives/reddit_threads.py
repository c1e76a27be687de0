"""Threads of Reddit as people keep them: its API's answers, one thing a line, or dumps of bare posts and comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from passerelle.records import Record
from spiders.archives import reddit
from spiders.archives.fields import FieldError, Json, iso_time, reading

_THINGS = frozenset(("t1", "t3", "more", "Listing"))
_BARE = frozenset(("id", "author", "created_utc", "subreddit"))
ENDLESS = "_"  # the id of a link that leads on, where a thread gets too deep to be shown
MAX_KNOWN = 5_000_000
_DEPTH = 6  # of the things in a kept answer


def is_thread(value: Mapping[str, Any]) -> bool:
    """Whether an object is one of those that threads are kept as."""
    return any(True for _ in _roots(value)) or (value.keys() >= _BARE and ("link_id" in value or "title" in value))


@dataclass(slots=True)
class KeptThreads:
    """What files hold of threads: who wrote what, and which comments stayed behind a link to more of them."""

    _authors: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _answered: set[str] = field(default_factory=set)
    _behind: set[str] = field(default_factory=set)
    _endless: set[str] = field(default_factory=set)

    def records_of_line(self, line: Json, captured_at: datetime, source: str, where: str) -> Iterator[Record]:
        """Every thing of a line, what is answered before what answers it. One that cannot be read costs no other."""
        things = list(flat(line))
        if not things:
            raise FieldError("kind")
        for place, data in enumerate(things, 1):
            at = where if len(things) == 1 else f"{where}, comment {place}"
            yield from reading(partial(self._records, data, captured_at, source), source, at, captured_at)

    @property
    def missing(self) -> int:
        """How many comments are named that no file holds, and links that lead deeper where none does."""
        return len(self._behind - self._seen) + len(self._endless - self._answered)

    def _records(self, data: Json, at: datetime, source: str) -> Iterator[Record]:
        if "children" in data:
            self._note_more(data)
            return
        name, parent = reddit.identity(data["id"], "id"), None
        self._seen.add(name)
        if reddit.is_comment(data):
            parent = reddit.identity(data["parent_id"], "parent_id")
            self._answered.add(parent)
        if len(self._authors) < MAX_KNOWN and data["author"] not in ("[deleted]", None):
            self._authors[name] = reddit.author_of(data)
        yield from reddit.records_of(data, at, source, answered=self._authors.get(parent or ""))

    def _note_more(self, data: Json) -> None:
        if data.get("id") == ENDLESS or not data["children"]:
            self._endless.add(reddit.identity(data["parent_id"], "parent_id"))
        self._behind.update(reddit.identity(name, "children") for name in data["children"])


def retrieved_at(line: Json) -> datetime | None:
    """When a program that keeps whole answers says that it fetched one."""
    stated = line.get("recorded_at") or line.get("retrieved_utc") or line.get("retrieved_on")
    return iso_time(stated, "recorded_at") if isinstance(stated, str) else None


def _is_thing(one: Mapping[str, Any]) -> bool:
    return isinstance(one.get("kind"), str) and one["kind"] in _THINGS


def _roots(line: Any) -> Iterator[Any]:
    """The things at the top of a line, whichever way it holds them."""
    left: list[Any] = [line]
    for _ in range(_DEPTH):
        left = [inside for one in left for inside in (one if isinstance(one, list) else [one])]
        found = [one for one in left if isinstance(one, dict) and _is_thing(one)]
        if found:
            yield from (one for one in found if isinstance(one.get("data"), dict))
            return
        objects = [one for one in left if isinstance(one, dict)]
        left = [one[name] for one in objects for name in ("body", "json", "data", "things") if name in one]


def flat(line: Any) -> Iterator[Any]:
    """The data of every thing in a line, above before below, however deep it is."""
    left = list(_roots(line))[::-1]
    if not left and isinstance(line, dict) and "created_utc" in line:
        yield line
    while left:
        thing = left.pop()
        data = thing.get("data") if isinstance(thing, dict) else None
        if not isinstance(data, dict):
            yield thing  # for its reading to say what is wrong
            continue
        if thing.get("kind") != "Listing":
            yield data
        replies = data.get("replies") if thing.get("kind") != "Listing" else thing
        inside = replies.get("data") if isinstance(replies, dict) else None
        below = inside.get("children") if isinstance(inside, dict) else None
        left += below[::-1] if isinstance(below, list) else []
