"""What Bluesky's index, its directory and people's own servers say of an invented world, each under its host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from tests.sandbox.bluesky_json import SkyWriter, did, handle
from tests.sandbox.catalogue import Catalogue, arrival, shown
from tests.sandbox.routes import Found, Query
from tests.sandbox.world import Boost, Favourite, Post

DIRECTORY = "plc.directory"


class SkyRoutes:
    """Answers paths from a catalogue as of a moment; `home` is the index, ``pds.home`` keeps everybody's records."""

    limit_headers = "RateLimit"

    def __init__(self, catalogue: Catalogue, home: str) -> None:
        self._catalogue = catalogue
        self._world = catalogue.world
        self._pds = f"pds.{home}"
        self._people = {did(person): person.number for person in self._world.people}
        self._posts = {self._world.uri(post): post for post in self._world.posts}
        self._methods: dict[str, Callable[[Query, datetime], Found]] = {
            "app.bsky.feed.searchPosts": self._search,
            "app.bsky.feed.getPostThread": self._thread,
            "app.bsky.feed.getRepostedBy": self._reposters,
            "app.bsky.feed.getLikes": self._likes,
            "app.bsky.feed.getQuotes": self._quotes,
            "app.bsky.feed.getAuthorFeed": self._feed,
        }

    def answer(self, path: str, query: Query, now: datetime, host: str) -> Found:
        """What the server `host` says to GET `path`."""
        if path == "/robots.txt":
            return Found("# Hello friends!\nUser-agent: *\nAllow: /\n")
        if host == DIRECTORY:
            return self._document(path.lstrip("/"))
        method = path.removeprefix("/xrpc/")
        if host == self._pds:
            return self._records(query, now) if method == "com.atproto.repo.listRecords" else _unknown()
        return self._methods[method](query, now) if method in self._methods else _unknown()

    def _writer(self, now: datetime) -> SkyWriter:
        return SkyWriter(self._catalogue, now)

    def _search(self, query: Query, now: datetime) -> Found:
        """Newest first; the cursor counts."""
        posts = sorted(self._catalogue.tagged(query["tag"], now), key=lambda post: post.time, reverse=True)
        if until := query.get("until"):
            posts = [post for post in posts if post.time < datetime.fromisoformat(until)]
        begin, limit = int(query.get("cursor", 0)), _limit(query, 25)
        told: dict[str, Any] = {"posts": [self._writer(now).post(post) for post in posts[begin : begin + limit]]}
        if begin + limit < len(posts):
            told["cursor"] = str(begin + limit)
        return Found(told)

    def _thread(self, query: Query, now: datetime) -> Found:
        post = self._post(query, now)
        if post is None:
            return Found({"error": "NotFound", "message": f"Post not found: {query['uri']}"}, status=400)
        depth, height = int(query.get("depth", 6)), int(query.get("parentHeight", 80))
        return Found({"thread": self._writer(now).thread(post, depth, height)})

    def _reposters(self, query: Query, now: datetime) -> Found:
        post = self._post(query, now)
        boosts = [] if post is None else self._catalogue.boosts(post.number, now)
        return _listed("repostedBy", boosts, query, lambda boost: self._writer(now).engager(boost.actor))

    def _likes(self, query: Query, now: datetime) -> Found:
        post = self._post(query, now)
        likes = [] if post is None else self._catalogue.likes(post.number, now)
        return _listed("likes", likes, query, self._writer(now).like)

    def _quotes(self, query: Query, now: datetime) -> Found:
        post = self._post(query, now)
        quotes = [] if post is None else self._catalogue.quotes(post.number, now)
        return _listed("posts", quotes, query, self._writer(now).post)

    def _feed(self, query: Query, now: datetime) -> Found:
        number = self._people.get(query["actor"])
        if number is None:
            return Found({"error": "InvalidRequest", "message": "Profile not found"}, status=400)
        return _listed("feed", self._catalogue.timeline(number, now), query, self._writer(now).fed)

    def _records(self, query: Query, now: datetime) -> Found:
        number = self._people.get(query["repo"])
        if number is None:
            return Found({"error": "InvalidRequest", "message": "Could not find repo"}, status=400)
        return _listed("records", self._catalogue.boosts_by(number, now), query, self._writer(now).repost)

    def _document(self, name: str) -> Found:
        number = self._people.get(name)
        if number is None:
            return Found({"message": f"DID not registered: {name}"}, status=404)
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": f"https://{self._pds}"}
        return Found({"id": name, "alsoKnownAs": [f"at://{handle(self._world.people[number])}"], "service": [service]})

    def _post(self, query: Query, now: datetime) -> Post | None:
        post = self._posts.get(query["uri"])
        return post if post is not None and shown(post, now) else None


def _listed(name: str, items: Sequence[Any], query: Query, write: Callable[[Any], Any]) -> Found:
    """A page of what is listed newest first; its cursor is the moment of its last item."""
    limit, before = _limit(query, 50), query.get("cursor")
    items = sorted(items, key=_place, reverse=True)
    if before is not None:
        items = [item for item in items if _place(item) < before]
    told: dict[str, Any] = {name: [write(item) for item in items[:limit]]}
    if len(items) > limit:
        told["cursor"] = _place(items[limit - 1])
    return Found(told)


def _place(item: Post | Boost | Favourite) -> str:
    if isinstance(item, Favourite):
        return f"{item.time.isoformat()}-{item.actor}"
    return f"{arrival(item).isoformat()}-{item.local_id}"


def _limit(query: Query, usual: int) -> int:
    return min(int(query.get("limit", usual)), 100)


def _unknown() -> Found:
    return Found({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, status=501)
