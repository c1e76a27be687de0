"""An invented network whose events a test writes by hand, told on loopback as either door of Jetstream does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from websockets.sync.server import ServerConnection

from passerelle import clock
from tests.spiders.stream_server import Frames, No, Query, StreamServer

BEGIN = datetime(2026, 11, 29, 8, tzinfo=UTC)
TAG = "entraide"
POST, REPOST, LIKE = (f"app.bsky.feed.{name}" for name in ("post", "repost", "like"))
Event = dict[str, Any]


def did(name: str) -> str:
    return f"did:plc:{name}"


def uri(name: str, key: str, collection: str = POST) -> str:
    return f"at://{did(name)}/{collection}/{key}"


class Network:
    """Events in order, a second apart, numbered in sevens. `profiles` are by name: what is shown of somebody."""

    def __init__(self, *, newer: bool = False, begin: datetime = BEGIN) -> None:
        self.begin = begin
        self.events: list[Event] = []
        self.profiles: dict[str, dict[str, Any]] | None = None
        self.newer = newer
        self.floor = 0  # what is older is no longer told
        self.cuts: list[int] = []  # how many events each connection tells before it breaks
        self.after: Callable[[ServerConnection], None] | None = None

    def commit(self, name: str, key: str, record: Any = None, *, kind: str = "create", collection: str = POST) -> str:
        """One more change to a record; its address."""
        at = self._next()
        inner = {"rev": f"rev{len(self.events):010}", "operation": kind, "collection": collection, "rkey": key}
        if record is not None:
            inner["record"] = {"$type": collection, "createdAt": at.isoformat(), **record}
        self._add(at, name, "commit", inner)
        return uri(name, key, collection)

    def post(self, name: str, key: str, text: str = "bonjour", *, tag: str | None = TAG, **more: Any) -> str:
        """A post with a hashtag beside its text."""
        return self.commit(name, key, {"text": text, **({"tags": [tag]} if tag else {}), **more})

    def reply(self, name: str, key: str, to: str, root: str | None = None, **more: Any) -> str:
        """An answer without a hashtag."""
        return self.post(name, key, tag=None, reply={"parent": {"uri": to}, "root": {"uri": root or to}}, **more)

    def repost(self, name: str, key: str, of: str) -> str:
        return self.commit(name, key, {"subject": {"uri": of}}, collection=REPOST)

    def like(self, name: str, key: str, of: str) -> str:
        return self.commit(name, key, {"subject": {"uri": of}}, collection=LIKE)

    def delete(self, name: str, key: str, collection: str = POST) -> None:
        self.commit(name, key, kind="delete", collection=collection)

    def account(self, name: str, *, active: bool, status: str | None = None) -> None:
        self._add(self._next(), name, "account", {"did": did(name), "active": active, "status": status})

    def identity(self, name: str, handle: str) -> None:
        self._add(self._next(), name, "identity", {"did": did(name), "handle": handle})

    def raw(self, text: str) -> None:
        """Something that is no event, in the place of one."""
        self._add(self._next(), "raw", "raw", {})
        self.events[-1]["raw"] = text

    def others(self, number: int) -> None:
        """What everybody else says."""
        for _ in range(number):
            self.post("others", f"o{len(self.events)}", tag=None)

    def serve(self, host: str, path: str, query: Query) -> Frames | No:
        """What is told from a cursor on, what is older than `floor` skipped silently."""
        if path.endswith("getProfiles"):
            asked = [value.removeprefix("did:plc:") for key, value in query if key == "actors"]
            shown = [{"did": did(name), **self.profiles[name]} for name in asked if name in (self.profiles or {})]
            return No() if self.profiles is None else No(200, {"profiles": shown})
        if path != ("/xrpc/network.bsky.jetstream.subscribeEvents" if self.newer else "/subscribe"):
            return No(404, {})
        cursor = int(dict(query).get("cursor", 0))
        told = [
            one
            for one in self.events[self.floor :]
            if (one["time_us"] if cursor >= 10**15 else one["cursor"]) >= cursor
        ]
        cut = self.cuts.pop(0) if self.cuts else None
        frames = [self.frame(one) for one in told[:cut]]
        return Frames(frames, close=None if cut is None else 1011, body=self.after)

    def frame(self, event: Event) -> str:
        """An event as this door tells it; what is `raw` as it is."""
        if "raw" in event:
            return str(event["raw"])
        if not self.newer or "kind" not in event:
            return json.dumps(event)
        kind = event["kind"]
        inner = event[kind] if kind == "commit" else {kind: event[kind]}
        at = (
            datetime.fromtimestamp(event["time_us"] / 1e6, UTC)
            .isoformat(timespec="microseconds")
            .replace("+00:00", "Z")
        )
        head = {"$type": f"network.bsky.jetstream.subscribeEvents#{kind}", "seq": event["cursor"], "did": event["did"]}
        return json.dumps({"$type": "message", "payload": {**head, "time": at, **inner}})

    def server(self, port: int = 0) -> StreamServer:
        return StreamServer(self.serve, port)

    @property
    def now(self) -> datetime:
        """When all of it has happened."""
        return self.begin + timedelta(seconds=len(self.events))

    def _next(self) -> datetime:
        return self.begin + timedelta(seconds=len(self.events))

    def _add(self, at: datetime, name: str, kind: str, inner: dict[str, Any]) -> None:
        number = 1_000 + 7 * len(self.events)
        time_us = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        self.events.append({"did": did(name), "time_us": time_us, "cursor": number, "kind": kind, kind: inner})


def town(begin: datetime = BEGIN) -> Network:
    """A call, an answer, a repost, a like, an edit, a deletion, among what others say."""
    told = Network(begin=begin)
    told.others(3)
    call = told.post("ada", "call", "Qui connaît un atelier ?")
    told.others(5)
    answer = told.reply("bob", "answer", call, text="Le mien")
    told.repost("cleo", "relay", call)
    told.like("dan", "like", call)
    told.reply("ada", "thanks", answer, call, text="Merci")
    told.commit("ada", "call", {"text": "Qui connaît un atelier à Lyon ?", "tags": [TAG]}, kind="update")
    told.post("eve", "regret", "j'efface")
    told.delete("eve", "regret")
    told.others(4)
    return told


def just_now() -> datetime:
    """When what is told to a run of today begins."""
    return clock.now().replace(microsecond=0) - timedelta(minutes=10)


def keys_of(uris: Iterable[str]) -> list[str]:
    """The ends of addresses."""
    return [address.rpartition("/")[2] for address in uris]
