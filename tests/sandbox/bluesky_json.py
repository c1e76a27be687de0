"""The JSON of Bluesky's index and servers over an invented world, field for field as they write it today."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.sandbox.catalogue import Catalogue, arrival, shown
from tests.sandbox.world import Boost, Favourite, Person, Post, World

Json = dict[str, Any]
POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
_TOKEN = re.compile(r"\{@(\d+)\}|#(\w+)")
_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


class Sky(World):
    """A world whose people are on the AT network: named by DIDs, their posts by at-URIs."""

    def identity(self, number: int) -> str:
        """The canonical identity a collector finds for somebody."""
        return f"bluesky:{did(self.people[number])}"

    def uri(self, post: Post) -> str:
        """Where a post is kept."""
        return f"at://{did(self.people[post.author])}/{POST}/{key(post.local_id)}"

    def activity(self, boost: Boost) -> str:
        """Where a repost is kept."""
        return f"at://{did(self.people[boost.actor])}/{REPOST}/{key(boost.local_id)}"


class SkyWriter:
    """Writes views of posts and people as of a moment."""

    def __init__(self, catalogue: Catalogue, now: datetime) -> None:
        self._catalogue = catalogue
        self._world = catalogue.world
        self._now = now

    def profile(self, number: int) -> Json:
        """Somebody, as beside a post or in a list."""
        person = self._world.people[number]
        labels = {"refused": ["!no-unauthenticated"], "bot": ["bot"]}.get(person.role, [])
        return {
            "did": did(person),
            "handle": handle(person),
            "displayName": person.name,
            "labels": [{"src": did(person), "uri": f"at://{did(person)}", "val": val} for val in labels],
            "createdAt": stamp(datetime(2024, 2, 6, tzinfo=UTC) + timedelta(days=number % 400)),
        }

    def engager(self, number: int) -> Json:
        """Somebody in a list of those who reposted: the moment is of the profile, not of the act."""
        note = self._world.people[number].note
        return self.profile(number) | {"description": note, "indexedAt": "2025-01-04T08:00:00.000Z"}

    def like(self, like: Favourite) -> Json:
        """A favourite, which has a time."""
        return {"createdAt": stamp(like.time), "indexedAt": stamp(like.time), "actor": self.engager(like.actor)}

    def post(self, post: Post) -> Json:
        """A post with its counters and what it quotes."""
        counts = self._catalogue.counts(post.number, self._now)
        quotes = len(self._catalogue.quotes(post.number, self._now))
        return self._view(post) | {
            "record": self.record(post),
            "replyCount": counts.replies,
            "repostCount": counts.boosts,
            "likeCount": counts.favourites,
            "quoteCount": quotes,
            **({"embed": self._embedded(self._world.posts[post.quote_of])} if post.quote_of is not None else {}),
        }

    def record(self, post: Post) -> Json:
        """What its author wrote."""
        text, facets = self._written(post.text)
        record: Json = {"$type": POST, "text": text, "createdAt": stamp(post.time)}
        if facets:
            record["facets"] = facets
        if post.language:
            record["langs"] = [post.language]
        if post.reply_to is not None:
            parent = self._world.posts[post.reply_to]
            record["reply"] = {"parent": self._ref(parent), "root": self._ref(self._root(parent))}
        if post.quote_of is not None:
            record["embed"] = {"$type": "app.bsky.embed.record", "record": self._ref(self._world.posts[post.quote_of])}
        elif post.media:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [{"alt": "CV en image"}]}
        return record

    def repost(self, boost: Boost) -> Json:
        """The record of a repost, on its author's server."""
        value = {"$type": REPOST, "subject": self._ref(self._world.posts[boost.post]), "createdAt": stamp(boost.time)}
        uri = self._world.activity(boost)
        return {"uri": uri, "cid": cid(uri), "value": value}

    def fed(self, item: Post | Boost) -> Json:
        """A place in somebody's feed."""
        if isinstance(item, Post):
            return {"post": self.post(item)}
        reason = {
            "$type": "app.bsky.feed.defs#reasonRepost",
            "by": self.profile(item.actor),
            "uri": self._world.activity(item),
            "indexedAt": stamp(item.time),
        }
        return {"post": self.post(self._world.posts[item.post]), "reason": reason}

    def thread(self, post: Post, depth: int, height: int) -> Json:
        """A post with what is below and above it."""
        node = self._below(post, depth)
        if height and post.reply_to is not None:
            node["parent"] = self._above(self._world.posts[post.reply_to], height - 1)
        return node

    def _below(self, post: Post, depth: int) -> Json:
        node: Json = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post(post)}
        if depth:
            node["replies"] = [self._below(r, depth - 1) for r in self._catalogue.replies(post.number, self._now)]
        return node

    def _above(self, post: Post, height: int) -> Json:
        if not shown(post, self._now):
            return {"$type": "app.bsky.feed.defs#notFoundPost", "uri": self._world.uri(post), "notFound": True}
        node: Json = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.post(post)}
        if height and post.reply_to is not None:
            node["parent"] = self._above(self._world.posts[post.reply_to], height - 1)
        return node

    def _view(self, post: Post) -> Json:
        return {
            **self._ref(post),
            "author": self.profile(post.author),
            "indexedAt": stamp(arrival(post)),
            "labels": [],
        }

    def _embedded(self, post: Post) -> Json:
        view: Json = {"$type": "app.bsky.embed.record#viewNotFound", "uri": self._world.uri(post), "notFound": True}
        if shown(post, self._now):
            view = {"$type": "app.bsky.embed.record#viewRecord", **self._view(post), "value": self.record(post)}
        return {"$type": "app.bsky.embed.record#view", "record": view}

    def _ref(self, post: Post) -> Json:
        uri = self._world.uri(post)
        return {"uri": uri, "cid": cid(uri)}

    def _root(self, post: Post) -> Post:
        while post.reply_to is not None:
            post = self._world.posts[post.reply_to]
        return post

    def _written(self, text: str) -> tuple[str, list[Json]]:
        """The text with names for people, and which of its bytes are names and hashtags."""
        plain, facets, end = "", list[Json](), 0
        for found in _TOKEN.finditer(text):
            plain += text[end : found.start()]
            end = found.end()
            who = None if found[1] is None else self._world.people[int(found[1])]
            word = f"#{found[2]}" if who is None else f"@{handle(who)}"
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": found[2]}
            if who is not None:
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": did(who)}
            begin = len(plain.encode())
            plain += word
            facets.append({"index": {"byteStart": begin, "byteEnd": len(plain.encode())}, "features": [feature]})
        return plain + text[end:], facets


def did(person: Person) -> str:
    """What names somebody for ever."""
    digest = hashlib.sha256(f"{person.user}@{person.instance}".encode()).digest()
    return f"did:plc:{base64.b32encode(digest).decode().lower()[:24]}"


def handle(person: Person) -> str:
    """What names somebody for now."""
    return f"{person.user.replace('_', '-')}.{person.instance}"


def key(local_id: int) -> str:
    """The key of a record (a TID): its microseconds, and the id of a clock."""
    milliseconds, turn = local_id >> 16, local_id & 0xFFFF
    number = (milliseconds * 1000 + turn % 1000) << 10 | turn // 1000
    letters = ""
    for _ in range(13):
        number, rest = divmod(number, 32)
        letters = _LETTERS[rest] + letters
    return letters


def cid(uri: str) -> str:
    """A name for what a record holds."""
    return "bafyrei" + base64.b32encode(hashlib.sha256(uri.encode()).digest()).decode().lower().rstrip("=")


def stamp(time: datetime) -> str:
    """ISO 8601 with milliseconds and Z."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
