"""The paths of the Mastodon API that the sandbox answers, as plain functions of a query and a moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tests.sandbox.catalogue import Catalogue, page
from tests.sandbox.mastodon_json import Writer, acct
from tests.sandbox.world import Boost, Post

Query = dict[str, str]
ROBOTS = "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /media_proxy/\nDisallow: /interact/\n"


@dataclass(slots=True)
class Found:
    """A JSON value (or text) with the cursors of its neighbours: query of the next and previous page."""

    value: Any
    next: Query | None = None
    previous: Query | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Routes:
    """Answers paths from a catalogue as of a moment."""

    limit_headers = "X-RateLimit"

    def __init__(self, catalogue: Catalogue, home: str) -> None:
        self._catalogue = catalogue
        self._home = home
        number = r"(\d+)"
        self._table: list[tuple[re.Pattern[str], Callable[[str, Query, datetime], Found]]] = [
            (re.compile(r"/api/v1/timelines/tag/([^/]+)"), self._tag),
            (re.compile(rf"/api/v1/statuses/{number}"), self._status),
            (re.compile(rf"/api/v1/statuses/{number}/context"), self._context),
            (re.compile(rf"/api/v1/statuses/{number}/reblogged_by"), self._reposters),
            (re.compile(rf"/api/v1/statuses/{number}/favourited_by"), self._favourers),
            (re.compile(r"/api/v1/statuses"), self._statuses),
            (re.compile(rf"/api/v1/accounts/{number}/statuses"), self._account_statuses),
            (re.compile(rf"/api/v1/accounts/{number}"), self._account),
            (re.compile(r"/api/v1/accounts/(lookup)"), self._lookup),
            (re.compile(r"/api/v2/(instance)"), self._instance),
        ]

    def answer(self, path: str, query: Query, now: datetime, host: str) -> Found:
        """What the server says to GET `path`, whatever it is called."""
        if path == "/robots.txt":
            return Found(ROBOTS)
        for pattern, route in self._table:
            if found := pattern.fullmatch(path):
                return route(found[1] if found.groups() else "", query, now)
        return _missing()

    def _writer(self, now: datetime) -> Writer:
        return Writer(self._catalogue, now, self._home)

    def _tag(self, tag: str, query: Query, now: datetime) -> Found:
        posts = self._catalogue.tagged(unquote(tag), now)
        chosen = page(posts, [post.local_id for post in posts], query)
        # a hashtag timeline offers a next page until one is empty
        return self._paged(chosen, query, now, goes_on=bool(chosen))

    def _account_statuses(self, account: str, query: Query, now: datetime) -> Found:
        number = self._catalogue.account(int(account))
        if number is None:
            return _missing()
        items = [item for item in self._catalogue.timeline(number, now) if self._wanted(item, query)]
        chosen = page(items, [item.local_id for item in items], query)
        return self._paged(chosen, query, now, goes_on=len(chosen) == _limit(query))

    def _wanted(self, item: Post | Boost, query: Query) -> bool:
        if query.get("pinned") == "true":
            return False
        if isinstance(item, Boost):
            return query.get("exclude_reblogs") != "true"
        stranger = item.reply_to is not None and self._catalogue.world.posts[item.reply_to].author != item.author
        return not (stranger and query.get("exclude_replies") == "true")

    def _paged(self, chosen: Sequence[Any], query: Query, now: datetime, *, goes_on: bool) -> Found:
        writer = self._writer(now)
        found = Found([writer.status(item) for item in chosen])
        kept = {key: value for key, value in query.items() if key not in ("max_id", "min_id", "since_id")}
        if chosen and goes_on:
            since = {"since_id": query["since_id"]} if "since_id" in query else {}
            found.next = kept | since | {"max_id": str(chosen[-1].local_id)}
        if chosen:
            found.previous = kept | {"min_id": str(chosen[0].local_id)}
        return found

    def _item(self, local_id: str, now: datetime) -> Post | Boost | None:
        return self._catalogue.status(int(local_id), now)

    def _status(self, local_id: str, query: Query, now: datetime) -> Found:
        item = self._item(local_id, now)
        return _missing() if item is None else Found(self._writer(now).status(item))

    def _statuses(self, _: str, query: Query, now: datetime) -> Found:
        asked = [value for key, value in query.items() if key.startswith("id[]")]
        items = [item for local_id in asked if (item := self._item(local_id, now)) is not None]
        return Found([self._writer(now).status(item) for item in items])

    def _context(self, local_id: str, query: Query, now: datetime) -> Found:
        post = self._item(local_id, now)
        if not isinstance(post, Post):
            return _missing()
        writer = self._writer(now)
        return Found(
            {
                "ancestors": [writer.status(above) for above in self._catalogue.ancestors(post, now)],
                "descendants": [writer.status(below) for below in self._catalogue.descendants(post, now)],
            }
        )

    def _reposters(self, local_id: str, query: Query, now: datetime) -> Found:
        post = self._item(local_id, now)
        if not isinstance(post, Post):
            return _missing()
        boosts = self._catalogue.boosts(post.number, now)
        return self._people([(boost.local_id, boost.actor) for boost in boosts], query, now)

    def _favourers(self, local_id: str, query: Query, now: datetime) -> Found:
        post = self._item(local_id, now)
        if not isinstance(post, Post):
            return _missing()
        likes = self._catalogue.likes(post.number, now)
        return self._people([(int(like.time.timestamp() * 1000), like.actor) for like in likes], query, now)

    def _people(self, rows: list[tuple[int, int]], query: Query, now: datetime) -> Found:
        """Accounts without times; the cursor is the engagement's own id, shown in the Link header only."""
        chosen = page(rows, [cursor for cursor, _ in rows], query, most=80)
        writer = self._writer(now)
        found = Found([writer.account(row[1]) for row in chosen])  # type: ignore[index]
        kept = {key: value for key, value in query.items() if key == "limit"}
        if chosen and len(chosen) == _limit(query, 80):
            found.next = kept | {"max_id": str(chosen[-1][0])}  # type: ignore[index]
        if chosen:
            found.previous = kept | {"since_id": str(chosen[0][0])}  # type: ignore[index]
        return found

    def _account(self, account: str, query: Query, now: datetime) -> Found:
        number = self._catalogue.account(int(account))
        return _missing() if number is None else Found(self._writer(now).account(number))

    def _lookup(self, _: str, query: Query, now: datetime) -> Found:
        wanted = query.get("acct", "").lower().removesuffix("@" + self._home)
        for person in self._catalogue.world.people:
            if acct(person, self._home) == wanted:
                return Found(self._writer(now).account(person.number))
        return _missing()

    def _instance(self, _: str, query: Query, now: datetime) -> Found:
        return Found(
            {
                "domain": self._home,
                "title": "Les Vallons",
                "version": "4.5.0",
                "source_url": "https://github.com/mastodon/mastodon",
                "description": "Serveur inventé",
                "usage": {"users": {"active_month": len(self._catalogue.world.people)}},
                "languages": ["fr", "en"],
                "configuration": {
                    "timelines_access": {
                        "live_feeds": {"local": "public", "remote": "public"},
                        "hashtag_feeds": {"local": "public", "remote": "public"},
                    }
                },
                "contact": {"email": f"contact@{self._home}", "account": None},
                "api_versions": {"mastodon": 7},
                "rules": [],
            }
        )


def _limit(query: Query, most: int = 40) -> int:
    return min(int(query.get("limit", 20 if most == 40 else 40)), most)


def _missing() -> Found:
    return Found({"error": "Record not found"}, status=404)
