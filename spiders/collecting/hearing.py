"""What a stream tells, as records: live and replayed alike, from the attempts that the vault holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from passerelle.erased import is_barred
from passerelle.hashtags import fold_hashtag
from passerelle.records import AccountRecord, DeletionRecord, MalformedRecord, PostRecord, Record
from passerelle.vault import Attempt
from spiders.asking.answers import host_of
from spiders.collecting.crawl import Crawl
from spiders.collecting.known import Known
from spiders.collecting.profiles import MOST_AT_ONCE, Profiles
from spiders.collecting.shape import MALFORMED, Seen, Streaming, why_unread
from spiders.streaming.live import SKEW
from spiders.streaming.sequence import CLOSED, FRAME, OPENED, PASSED, SETTLED, TOO_LARGE, UNREAD
from spiders.streaming.shape import EPOCH, Frame, StreamPlace
from spiders.streaming.track import Track

MAX_READ = 1024 * 1024  # bytes: no event is longer
_PATIENCE = timedelta(seconds=5)  # how long somebody's profile may wait for others to be asked with it
_MOST_WAITING = 1000


class Hearing:
    """One run's stream: what is known, how far it is, what waits for its author's profile."""

    def __init__(self, crawl: Crawl, stream: Streaming) -> None:
        self._crawl, self._stream = crawl, stream
        heard = crawl.state.stream
        place = StreamPlace(at_us=heard.at_us, number=heard.number, server=heard.server) if heard.at_us else None
        self.track = Track(place)
        self.known = Known(crawl.state, crawl.names.tags, stream.author_of)
        self.profiles = Profiles(crawl, stream)
        self.got: Counter[str] = Counter()
        self.ended = ""
        self._hidden = set(heard.hidden)
        self._waiting: list[tuple[Any, datetime]] = []
        self._waiting_since = crawl.run.clock
        self._unknown: set[str] = set()
        self._versions: dict[str, str] = {}

    def sift(self, data: bytes) -> tuple[int | str | None, Frame | None, str]:
        """What is to be kept of a frame (an attempt's status or failure, or nothing), the frame, and what is wrong."""
        if len(data) > MAX_READ:
            return UNREAD, None, "too large"
        try:
            frame = self._stream.frame(data)
            if frame.kind == "event" and not self._stream.concerns(frame.what, self.known):
                return (PASSED if self.track.is_first else None), frame, ""
            return (None if frame.kind == "other" else FRAME), frame, ""
        except MALFORMED as wrong:
            return UNREAD, None, why_unread(wrong, "frame")

    def hidden(self) -> list[str]:
        """The accounts that are not shown now, of those who wrote what was kept."""
        return sorted(self._hidden)

    def is_due(self, now: datetime) -> bool:
        """Whether what waits for profiles has waited long enough."""
        if not self._waiting:
            return False
        is_many = len(self._unknown) >= MOST_AT_ONCE or len(self._waiting) >= _MOST_WAITING
        return is_many or now - self._waiting_since >= _PATIENCE

    async def take(self, attempt: Attempt) -> AsyncIterator[Record]:
        """What one attempt brings."""
        if attempt.status == OPENED:
            self.track.open(host_of(attempt.url))
        elif attempt.status == FRAME:
            for record in self._frame(attempt):
                yield record
        elif attempt.failure == PASSED:
            self._passed(json.loads(attempt.detail), attempt.captured_at)
        elif attempt.failure == UNREAD:
            yield self._unread(attempt)
        elif attempt.failure == SETTLED:
            async for record in self._settle():
                yield record
        elif attempt.failure == CLOSED:
            if attempt.detail == TOO_LARGE:
                self._crawl.ledger.counts[TOO_LARGE] += 1
                self.track.step_over()
        else:
            self.track.refuse(self._stream.means(attempt))

    def _frame(self, attempt: Attempt) -> Iterator[Record]:
        try:
            frame = self._stream.frame(attempt.body)
            if frame.kind == "event":
                at = self._moved(frame.at_us, frame.number, attempt.captured_at)
                yield from self._event(frame.what, at, attempt.captured_at)
            else:
                self._crawl.ledger.counts[f"stream {frame.kind}"] += 1
                self.track.skips = self.track.skips or frame.skips
        except MALFORMED as wrong:
            yield self._malformed(attempt, wrong)

    def _event(self, what: Any, at: datetime, came: datetime) -> Iterator[Record]:
        local = self._stream.actor(what)
        uri, version = self._stream.version(what)
        if version and version <= self._versions.get(uri, ""):
            self._crawl.ledger.counts["seen_again"] += 1
            return
        if version:
            self._versions[uri] = version
        if self._stream.is_new(what):
            self.known.add(uri, at, campaign=self._stream.names_campaign(what, self.known))
        if self._stream.changes_profile(what):
            self.profiles.forget(local)
        # nobody is asked about who objected: what they do is counted as refused, and nothing of it is kept
        if self._stream.asks_author(what) and not self.profiles.knows(local) and not is_barred(local):
            self._unknown.add(local)
        if not self._waiting and not self._unknown:
            yield from self._read(what, at)
            return
        if not self._waiting:
            self._waiting_since = came
        self._waiting.append((what, at))

    async def _settle(self) -> AsyncIterator[Record]:
        """Ask about those who are not known yet, then read all that waits, in order."""
        waiting, unknown = self._waiting, sorted(self._unknown)
        self._waiting, self._unknown = [], set()
        for account in await self.profiles.ask(unknown):
            assert isinstance(account, AccountRecord)
            for record in list(self._crawl.account(account)) or [account]:
                yield record
        for what, at in waiting:
            for record in self._read(what, at):
                yield record

    def _read(self, what: Any, at: datetime) -> Iterator[Record]:
        local = self._stream.actor(what)
        if (hidden := self._stream.is_hidden(what)) is not None:
            (self._hidden.add if hidden else self._hidden.discard)(local)
            self._crawl.ledger.counts["accounts_hidden" if hidden else "accounts_shown_again"] += 1
        try:
            for seen in list(self._stream.read(what, at, self.profiles.of(local), self.known)):
                yield from self._seen(seen, at)
        except MALFORMED as wrong:
            reason = why_unread(wrong)
            where = self._stream.version(what)[0]
            self.known.drop(where)
            yield MalformedRecord(source=self._crawl.run.source, where=where, reason=reason, captured_at=at)

    def _seen(self, seen: Seen, at: datetime) -> Iterator[Record]:
        record = seen.record
        if seen.account is not None and self._why_hidden(seen.local) is None:
            yield from list(self._crawl.account(seen.account)) or [seen.account]
        if isinstance(record, DeletionRecord):
            if self.known.holds(record.post):
                self.known.drop(record.post)
                yield record
        elif isinstance(record, PostRecord):
            if reason := self._why_hidden(seen.local):
                record = replace(record, visibility=reason)
            if record.visibility != "public" or record.author in self._crawl.unwilling:
                self.known.drop(record.post)
            else:
                self._count(record)
            yield record
        elif record is not None and self._why_hidden(seen.local) is None:
            yield record

    def _why_hidden(self, local: str | None) -> str | None:
        if local in self._hidden:
            return "withheld"
        return self.profiles.why_not(local or "")

    def _count(self, record: PostRecord) -> None:
        for tag in self.known.tags.intersection(map(fold_hashtag, record.hashtags)):
            self.got[tag] += 1

    def _passed(self, facts: dict[str, Any], at: datetime) -> None:
        counts = self._crawl.ledger.counts
        counts.update(facts.get("counts", {}))
        if facts.get("at_us"):
            self._moved(facts["at_us"], facts.get("number"), at)
        self.ended = facts.get("end", self.ended)

    def _moved(self, at_us: int | None, number: int | None, captured_at: datetime) -> datetime:
        """When it happened, as far as that can be; the place moves on."""
        latest = (captured_at + SKEW - EPOCH) // timedelta(microseconds=1)
        if at_us is None or not self.track.moves_to(at_us, number, latest):
            self._crawl.ledger.counts["impossible_times"] += 1
            return captured_at
        return min(EPOCH + timedelta(microseconds=at_us), captured_at)

    def _unread(self, attempt: Attempt) -> MalformedRecord:
        return MalformedRecord(
            source=self._crawl.run.source,
            where=f"{attempt.url.partition('?')[0]}#{attempt.ordinal}",
            reason=attempt.detail,
            captured_at=attempt.captured_at,
        )

    def _malformed(self, attempt: Attempt, wrong: Exception) -> MalformedRecord:
        reason = why_unread(wrong, "frame")
        return self._unread(replace(attempt, detail=reason))
