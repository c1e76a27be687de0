"""The invented packs of platforms beside the repository: a crawl of one, held against all that its expected.json says.

Where ours differs, a test names the difference and its reason; any other fails it, and so does one that is no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from passerelle.hashtags import fold_hashtag
from passerelle.policy import decide
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    PollRecord,
    PostRecord,
    Record,
)
from tests.conftest import SHARED_DATA
from tests.spiders.platforms import replaying

FOLDER = SHARED_DATA.parent / "platforms"
Told = Mapping[str, Any]
_RELATIONS = ("reply_to", "root", "quote_of", "repost_of")
_PLAIN = (*_RELATIONS, "quote_of_author", "language", "visibility", "text")
# what is for people, or told by another field too
_NOTES = frozenset(
    ("platform", "hashtag", "rules", "traps", "note", "why", "by", "time_from", "id", "title", "guest", "parent")
)
_TIMES = ("edited_at",)
_COVERED, _SPAN = ("complete", "reason", "expected", "got"), ("covered_from", "covered_until")
_COUNTS = ("replies", "reposts", "quotes", "favourites")
_POST = {"post", "author", "created_at", "hashtags", "mentions", "counts", *_PLAIN, *_TIMES, *_COUNTS}


@dataclass(frozen=True)
class Pack:
    """One pack; `account` and `post` give our names of a person and of a post that it tells of; `names` begins a
    handle, where the pack is one of several of a platform.
    """

    platform: str
    host: str
    clock: str
    account: Callable[[Told], str]
    post: Callable[[str], str] = str
    sessions: Mapping[str, Any] = field(default_factory=dict)
    names: str = ""
    source: str = ""  # what more the campaign file says of it
    folder: str = ""  # where it lies, where that is not the name of the platform

    @cached_property
    def expected(self) -> dict[str, Any]:
        return json.loads((FOLDER / (self.folder or self.platform) / "expected.json").read_text("utf-8"))

    def recording(self) -> replaying.Recording:
        told = {"host": self.host, "hashtag": self.expected["hashtag"], "clock": self.clock, "sessions": self.sessions}
        told["source"] = self.source
        return replaying.read(self.platform, FOLDER / (self.folder or self.platform) / "exchanges.jsonl", told)

    def differences(self, records: Sequence[Record]) -> dict[str, str]:
        """What the pack says and what came, where they differ, by ``kind key field``."""
        records, found = list(_kept(records)), dict[str, str]()
        parts = {
            "posts": (self._posts, _POST),
            "accounts": (self._accounts, {"account", "handle"}),
            "engagement": (self._engagement, {"post", "account", "kind", "at", "until"}),
            "polls": (self._polls, {"post", "kind", "got", "expected", "complete"}),
            "deletions": (self._deletions, {"post", "account", "at"}),
            "refused": (self._refused, set[str]()),
            "coverage": (self._coverage, {"scope", "subject", "source", *_COVERED, *_SPAN}),
        }
        for kind in self.expected.keys() - _NOTES:
            if kind not in parts:
                found[kind] = "nobody compares it"
                continue
            compare, known = parts[kind]
            for wanted in self.expected[kind]:
                told = list(compare(wanted, records))
                key = told[0][0] if told else ""
                told += [(key, name, wanted[name], "no field of ours") for name in wanted.keys() - known - _NOTES]
                for key, name, want, have in told:
                    if want != have:
                        found[" ".join(filter(None, (kind, key, name)))] = f"{want} expected, {have} came"
        return found

    def _posts(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        key, posts = short(wanted["post"]), {one.post: one for one in records if isinstance(one, PostRecord)}
        post = posts.get(self.post(wanted["post"]))
        if post is None:
            yield key, "", "a post", None
            return
        yield key, "author", self.account(wanted), post.author
        yield key, "created_at", time_of(wanted["created_at"] or wanted.get("trusted_at")), post.created_at
        for name in set(_PLAIN) & wanted.keys() - {"quote_of_author"}:
            is_post = name in _RELATIONS and wanted[name] is not None
            yield key, name, self.post(wanted[name]) if is_post else wanted[name], getattr(post, name)
        for name in set(_TIMES) & wanted.keys():
            yield key, name, time_of(wanted[name]), getattr(post, name)
        counts = wanted.get("counts", {}) | {name: wanted[name] for name in set(_COUNTS) & wanted.keys()}
        for name in set(_COUNTS) & counts.keys():
            yield key, name, counts[name], getattr(post, name)
        if "hashtags" in wanted:
            yield key, "hashtags", set(map(fold_hashtag, wanted["hashtags"])), set(map(fold_hashtag, post.hashtags))
        if "mentions" in wanted:
            named = {self.account({"author": one}) for one in wanted["mentions"]}
            yield key, "mentions", named, {mention.account for mention in post.mentions}
        if "quote_of_author" in wanted:
            author = self.account({"author": wanted["quote_of_author"]})
            yield key, "quote_of_author", author, post.quote_of_author

    def _accounts(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        account = self.account({"author": wanted["account"]})
        handles = [one.handle for one in records if isinstance(one, AccountRecord) and one.account == account]
        yield str(wanted["account"]), "", "an account", "an account" if handles else None
        if handles:
            name = wanted["handle"].removeprefix("@")
            yield str(wanted["account"]), "handle", f"{self.names or self.platform}:@{name}", handles[-1]

    def _engagement(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        account, post = self.account({"author": wanted["account"]}), self.post(wanted["post"])
        times = {
            one.at
            for one in records
            if isinstance(one, EngagementRecord)
            and one.post == post
            and one.account == account
            and one.kind == wanted["kind"]
        }
        if wanted["kind"] == "repost":
            times |= {
                one.created_at
                for one in records
                if isinstance(one, PostRecord) and one.repost_of == post and one.author == account
            }
        key = f"{short(wanted['account'])} {wanted['kind']}"
        yield key, "", True, bool(times)
        if times:
            yield key, "at", time_of(wanted["at"]), next((at for at in times if at == time_of(wanted["at"])), None)
        if times and "until" in wanted:
            ended = {
                gone.captured_at
                for one in records
                if isinstance(one, PostRecord) and (one.repost_of, one.author) == (post, account)
                for gone in records
                if isinstance(gone, DeletionRecord) and gone.post == one.post
            }
            yield key, "until", {time_of(wanted["until"])}, ended

    def _polls(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        polls = [
            one
            for one in records
            if isinstance(one, PollRecord) and one.kind == wanted["kind"] and one.post == self.post(wanted["post"])
        ]
        shown = [(one.got, one.expected, one.complete) for one in polls][-1:]
        yield wanted["kind"], "", [(wanted["got"], wanted["expected"], wanted["complete"])], shown

    def _deletions(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        gone = {one.post: one.captured_at for one in records if isinstance(one, DeletionRecord)}
        if "account" in wanted:
            author = self.account({"author": wanted["account"]})
            left = {one.post for one in records if isinstance(one, PostRecord) and one.author == author} - gone.keys()
            yield short(wanted["account"]), "", set(), left
            return
        name = wanted.get("post") or wanted["id"]
        yield short(name), "", True, self.post(name) in gone
        if "at" in wanted:
            yield short(name), "at", time_of(wanted["at"]), gone.get(self.post(name))

    def _refused(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        kept = {one.post for one in records if isinstance(one, PostRecord)}
        is_kept = any(short(post) == short(wanted["id"]) for post in kept)
        yield short(wanted["id"]), "", False, is_kept

    def _coverage(self, wanted: Told, records: Sequence[Record]) -> Iterator[tuple[str, str, Any, Any]]:
        if wanted.get("source", self.host) != self.host:
            yield f"{wanted['scope']} at {wanted['source']}", "", "a run", None
            return
        subject = wanted["subject"] if wanted["scope"] == "timeline" else self.post(wanted["subject"])
        told = [
            one
            for one in records
            if isinstance(one, CoverageRecord)
            and (one.scope, one.subject) == (wanted["scope"], subject)
            and one.covered_from == time_of(wanted.get("covered_from"), one.covered_from)
        ]
        key = " ".join((wanted["scope"], short(wanted["subject"]), wanted.get("covered_from", ""))).strip()
        yield key, "", 1, len(told)
        for name in set(_SPAN) & wanted.keys() if told else ():
            yield key, name, time_of(wanted[name]), getattr(told[-1], name)
        for name in _COVERED if told else ():
            if name in wanted:
                yield key, name, wanted[name], getattr(told[-1], name)


def _kept(records: Sequence[Record]) -> Iterator[Record]:
    """What policy lets in, by the profiles that were shown."""
    profiles = {one.account: one.evidence for one in records if isinstance(one, AccountRecord)}
    for one in records:
        if isinstance(one, PostRecord):
            is_kept = decide(one, profiles.get(one.author)) is None
        elif isinstance(one, AccountRecord | EngagementRecord):
            is_kept = decide(one, profiles.get(one.account)) is None
        else:
            is_kept = True
        if is_kept:
            yield one


def short(name: str) -> str:
    """The end of an address or an id, by which a person reads it."""
    return name.rstrip("/").rpartition("/")[2].rpartition("comment-")[2].rpartition(":")[2]


def time_of(text: str | None, unsaid: datetime | None = None) -> datetime | None:
    """A moment of a pack."""
    return unsaid if text is None else datetime.fromisoformat(text)
