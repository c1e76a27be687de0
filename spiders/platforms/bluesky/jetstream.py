"""Jetstream: the network's records as they are written, in JSON, by either of its two doors.

The newer one (`subscribeEvents`) says aloud what it skips; the older (`/subscribe`, whose wire is frozen) does not. A
cursor below 10^15 is a number that one instance gave, any other a time in microseconds; both are inclusive. No server
filters by hashtag.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

from passerelle.hashtags import fold_hashtag
from passerelle.records import AccountRecord, DeletionRecord, EngagementRecord
from passerelle.values import UnkeptError
from passerelle.vault import Attempt
from spiders.asking.ask import Ask
from spiders.collecting.known import Known
from spiders.collecting.shape import Seen
from spiders.collecting.values import Json
from spiders.platforms.bluesky import records
from spiders.platforms.bluesky.records import NAME, POSTS
from spiders.streaming.shape import EPOCH, Frame, Meaning, StreamPlace

REPOSTS, LIKES = "app.bsky.feed.repost", "app.bsky.feed.like"
_COLLECTIONS = (POSTS, REPOSTS, LIKES)
_V2 = "network.bsky.jetstream.subscribeEvents"
_KINDS = ("commit", "identity", "account", "sync")
_OPERATIONS = ("create", "update", "delete")
_NUMBERS = 10**15  # a cursor from here on is a time
_OVERLAP = 5_000_000  # microseconds: instances see the same event at slightly different times
_SKIPS = ("OutdatedCursor", "FutureCursor")
_MICROSECOND = timedelta(microseconds=1)


class Happening(NamedTuple):
    """What one event did: an operation on a record, or what became of an account (`kind`)."""

    kind: str
    did: str
    collection: str = ""
    rkey: str = ""
    rev: str = ""
    record: Any = None
    said: Mapping[str, Any] = {}

    @property
    def uri(self) -> str:
        """What names the record."""
        return f"at://{self.did}/{self.collection}/{self.rkey}"


class Jetstream:
    """The stream of the network, as one instance gives it."""

    num_doors = 2
    lookback = timedelta(hours=36)

    def __init__(self, host: str, index: str, servers: Sequence[str], *, likes: bool = True) -> None:
        self._host, self._index, self.servers = host, index, servers
        self._asked = _COLLECTIONS if likes else _COLLECTIONS[:-1]

    def address(self, base: str, door: int, place: StreamPlace | None, *, by_time: bool = False) -> str:
        """The newer door is tried first: it says what it skips."""
        cursor = _cursor(base, place, by_time)
        if door == 0:
            asked = [*(("kinds", kind) for kind in _KINDS), *(("collections", name) for name in self._asked)]
            return f"{base}/xrpc/{_V2}?{urlencode([*asked, *cursor])}"
        return f"{base}/subscribe?{urlencode([*(('wantedCollections', name) for name in self._asked), *cursor])}"

    def means(self, attempt: Attempt) -> Meaning:
        """By the error's name, else by the status."""
        if attempt.status == 429:
            return "rate_limit"
        if attempt.failure is not None or attempt.status >= 500 or attempt.status == 408:
            return "unreachable"
        return "too_old" if _error_of(attempt.body) == "CursorTooOld" else "elsewhere"

    def frame(self, data: bytes) -> Frame:
        """Of either door. Raises ValueError for what is no frame."""
        try:
            told = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise UnkeptError("not valid JSON") from None
        if not isinstance(told, dict):
            raise UnkeptError("no object")
        kind = told.get("kind")
        if kind is not None:
            at, number = told.get("time_us"), told.get("cursor")
            return _event(kind, told, told.get(kind), at if _is_number(at) else None, number)
        if told.get("$type") == "error":
            return Frame("end", what=str(told.get("error"))[:80])
        if told.get("$type") != "message" or not isinstance(told.get("payload"), dict):
            raise UnkeptError("not the fields that a frame has")
        return _message(told["payload"])

    def concerns(self, what: Happening, known: Known) -> bool:
        """Whether it is about the campaign: its hashtag, its posts, those who wrote what was kept."""
        if what.kind in ("identity", "account", "sync"):
            return what.did in known.people
        if what.kind == "delete" or what.collection not in _COLLECTIONS:
            return what.collection in _COLLECTIONS and known.holds(what.uri)
        record = what.record
        if not isinstance(record, dict):
            return known.holds(what.uri)
        if what.collection != POSTS:
            return known.is_campaign(_uri_in(record, "subject"))
        return (
            is_tagged(record, known)
            or _answers(record, known)
            or known.is_campaign(_quoted_in(record))
            or known.holds(what.uri)
        )

    def actor(self, what: Happening) -> str:
        """Whose act it is."""
        return what.did

    def author_of(self, uri: str) -> str:
        """Who wrote what has that address; empty where it does not say."""
        return uri[5:].partition("/")[0] if uri.startswith("at://") else ""

    def version(self, what: Happening) -> tuple[str, str]:
        """What it is about, and the place among the changes to it: a later one sorts after an earlier one."""
        return what.uri, what.rev

    def is_new(self, what: Happening) -> bool:
        """Whether it is a post or a repost that is there from now on."""
        return what.kind in ("create", "update") and what.collection in (POSTS, REPOSTS)

    def asks_author(self, what: Happening) -> bool:
        """Whether it is read with its author's profile."""
        return what.kind in ("create", "update", "identity")

    def changes_profile(self, what: Happening) -> bool:
        """Whether the author's profile is another now."""
        return what.kind == "identity"

    def names_campaign(self, what: Happening, known: Known) -> bool:
        """Whether it is a post under the campaign's hashtag."""
        return what.collection == POSTS and isinstance(what.record, dict) and is_tagged(what.record, known)

    def read(self, what: Happening, at: datetime, author: Json, known: Known) -> Iterator[Seen]:
        """What it shows. Raises one of MALFORMED for what cannot be a record."""
        if what.kind == "account" and what.said.get("status") == "deleted" and what.said.get("active") is False:
            for uri in known.of(what.did):
                yield self._gone(uri, at)
        elif what.kind == "delete":
            yield self._gone(what.uri, at)
        elif what.kind == "identity":
            if not author and isinstance(handle := what.said.get("handle"), str):
                account = records.account_record({"did": what.did, "handle": handle}, self._host, at)
                yield Seen(role="account", account=account, local=what.did)
        elif what.collection == POSTS:
            whose = author or {"did": what.did}
            shown = {"uri": what.uri, "author": whose, "record": what.record, "indexedAt": _seen_at(what, at)}
            post = records.post_record(shown, self._host, at)
            post = dataclasses.replace(post, edited_at=at if what.kind == "update" else None)
            yield Seen(role="post", record=post, native=post.post, local=what.did)
        elif what.collection in (REPOSTS, LIKES) and not records.is_bridged(author):
            yield self._act(what, at)

    def is_hidden(self, what: Happening) -> bool | None:
        """Whether an account is no longer shown (True), is again (False); None where the event says neither."""
        active = what.said.get("active") if what.kind == "account" else None
        return None if not isinstance(active, bool) else not active

    def profiles(self, locals_: Sequence[str]) -> Ask:
        """What accounts are asked for by."""
        asked = urlencode([("actors", did) for did in locals_])
        return Ask(f"{self._index}/xrpc/app.bsky.actor.getProfiles?{asked}", with_session=False)

    def shown_profiles(self, payload: Any) -> dict[str, Json]:
        """The profiles in an answer, by account. Raises one of MALFORMED for what is no such answer."""
        shown = [one for one in payload["profiles"] if isinstance(one, dict)]
        return {str(profile.get("did")): profile for profile in shown}

    def account(self, profile: Json, at: datetime) -> AccountRecord:
        """The account of a profile; of what an event says where no profile is shown."""
        return records.account_record(profile, self._host, at)

    def _gone(self, uri: str, at: datetime) -> Seen:
        gone = DeletionRecord(platform=NAME, post=uri, captured_at=at, source=self._host, by_own=True)
        return Seen(role="gone", record=gone, native=uri)

    def _act(self, what: Happening, at: datetime) -> Seen:
        of, account = records.uri_of(what.record["subject"]), records.identity(what.did)
        when = min(records.reposted_at({"uri": what.uri, "value": what.record}), at)
        if what.collection == REPOSTS:
            repost = records.repost_record(what.uri, account, when, of, self._host, at)
            return Seen(role="repost", record=repost, native=what.uri, local=what.did)
        like = EngagementRecord(
            platform=NAME, post=of, account=account, kind="favourite", captured_at=at, source=self._host, at=when
        )
        return Seen(role="account", record=like, native=what.uri, local=what.did)


def is_tagged(record: Json, known: Known) -> bool:
    """Whether its author set one of the campaign's hashtags."""
    if not record.get("facets") and not record.get("tags"):
        return False
    return not known.tags.isdisjoint(map(fold_hashtag, records.hashtags(record)))


def _event(kind: Any, told: Json, inner: Any, at_us: int | None, number: Any) -> Frame:
    number = number if _is_number(number) and number < _NUMBERS else None
    did = told.get("did")
    if kind not in _KINDS:
        return Frame("other", at_us, number, str(kind)[:40])
    if not isinstance(did, str) or not did.startswith("did:") or not isinstance(inner, dict):
        raise UnkeptError("not the fields that a frame has")
    if kind != "commit":
        return Frame("event", at_us, number, Happening(kind, did, said=inner))
    operation, collection, rkey = inner.get("operation"), inner.get("collection"), inner.get("rkey")
    if operation not in _OPERATIONS:
        return Frame("other", at_us, number, str(operation)[:40])
    if not isinstance(collection, str) or not isinstance(rkey, str):
        raise UnkeptError("not the fields that a frame has")
    rev = inner.get("rev")
    change = Happening(operation, did, collection, rkey, rev if isinstance(rev, str) else "", inner.get("record"))
    return Frame("event", at_us, number, change)


def _message(payload: Json) -> Frame:
    kind = str(payload.get("$type")).partition("#")[2]
    if kind == "info":
        name = str(payload.get("name"))[:80]
        return Frame("notice", what=name, skips=name in _SKIPS)
    at_us = _microseconds(payload.get("witnessedAt")) or _microseconds(payload.get("time"))
    return _event(kind, payload, payload if kind == "commit" else payload.get(kind), at_us, payload.get("seq"))


def _cursor(base: str, place: StreamPlace | None, by_time: bool) -> list[tuple[str, int]]:
    if place is None:
        return []
    if place.number is not None and not by_time and base.endswith(f"//{place.server}"):
        return [("cursor", place.number)]
    return [("cursor", max(_NUMBERS, place.at_us - _OVERLAP))]


def _seen_at(what: Happening, at: datetime) -> str:
    """When the post was first seen, as far as this event tells: an edit comes later, the key is of the beginning."""
    made = records.time_of_key(what.uri) if what.kind == "update" else None
    return min(made or at, at).isoformat()


def _answers(record: Json, known: Known) -> bool:
    reply = record.get("reply")
    return isinstance(reply, dict) and (
        known.is_campaign(_uri_in(reply, "root")) or known.holds(_uri_in(reply, "parent"))
    )


def _uri_in(place: Json, name: str) -> str:
    inner = place.get(name)
    uri = inner.get("uri") if isinstance(inner, dict) else None
    return uri if isinstance(uri, str) else ""


def _quoted_in(record: Json) -> str:
    embed = record.get("embed")
    if not isinstance(embed, dict):
        return ""
    inner = embed.get("record")
    return _uri_in(embed, "record") or (_uri_in(inner, "record") if isinstance(inner, dict) else "")


def _error_of(body: bytes) -> str:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    return str(told.get("error")) if isinstance(told, dict) else ""


def _is_number(value: Any) -> bool:
    return type(value) is int and value > 0


def _microseconds(text: Any) -> int | None:
    try:
        return (datetime.fromisoformat(text) - EPOCH) // _MICROSECOND
    except (ValueError, TypeError, OverflowError):
        return None
