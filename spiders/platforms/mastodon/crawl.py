"""What the phases of one Mastodon crawl share: what was seen, what was yielded, who took part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from passerelle.identity import fold_hashtag
from passerelle.policy import refusal_of_history
from passerelle.records import CoverageRecord, Evidence, MalformedRecord, PostRecord, Record
from passerelle.values import UnkeptError
from spiders.asking.api import Answer, Api
from spiders.asking.run import Run
from spiders.collecting.state import CrawlState
from spiders.collecting.walking import END_UNKNOWN
from spiders.platforms.mastodon.records import (
    MALFORMED,
    PLATFORM,
    Json,
    Names,
    account_record,
    created_at,
    engagement_record,
    has_own_time,
    hashtags,
    is_boost,
    native_id,
    post_record,
    quoted_status,
    referred,
    unwrapped,
)
from spiders.platforms.mastodon.values import id_text
from spiders.platforms.mastodon.waiting import Waiting, WaitingRoom

_DENIALS = 2
REFUSALS = ("login", "legal", "refused")


@dataclass(slots=True, kw_only=True)
class Sight:
    """A campaign post as seen in this run: what decides whether its thread and reposters are asked for.

    `native` is the server's own id; `uri`, `author` and `parent` are identities that hold everywhere.
    """

    native: str
    uri: str
    author: str
    created_at: datetime
    captured_at: datetime
    replies: int | None
    reposts: int | None
    parent: str | None
    parent_known: bool


class Crawl:
    """One crawl's memory.

    `sights` are the campaign's posts by native id (`new` those never seen before, `read_threads` and `polled` those
    whose thread and reposters were got; `waiting` any whose parent was not shown yet); `people` those who took part,
    by local id, with the time of their first act;
    `homes` the authors' own servers that were asked too (None: may not be read); `uris` every campaign post known;
    `unwilling` why an account's history may not be asked for, by identity, whichever server showed the profile.
    `losses` are what could not be had, as ``<scope> <reason>``, and `unended` the other lists that do not tell where
    they end, or are refused; `told` is what to say of them, in English and French.
    """

    def __init__(self, run: Run, api: Api, names: Names, state: CrawlState) -> None:
        self.run = run
        self.api = api
        self.names = names
        self.state = state
        self.sights: dict[str, Sight] = {}
        self.people: dict[str, datetime] = {}
        self.new: set[str] = set()
        self.read_threads: set[str] = set()
        self.polled: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.losses: list[str] = []
        self.unended: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.homes: dict[str, Crawl | None] = {}
        self.uris = set(state.posts.values())
        self.unwilling: dict[str, str] = {}
        self._denials: Counter[str] = Counter()
        self._denial: dict[str, str] = {}
        self._yielded: dict[str, tuple[object, ...]] = {}
        self._yielded_accounts: set[str] = set()
        self.waiting = WaitingRoom()
        names.tags = run.campaign.folded_hashtags

    def read(self, statuses: Sequence[Any], answer: Answer, *, campaign: bool, keep: bool = True) -> Iterator[Record]:
        """Records of a page. `campaign` posts are followed and their authors take part.

        Replies whose parent is not known yet wait for :meth:`settle`; `keep` remembers what was yielded.
        """
        unread = [self._learn(status) for status in statuses]
        for status, error in zip(statuses, unread, strict=True):
            if error is not None:
                yield self._malformed(status, answer, error)
                continue
            try:
                yield from self._status(status, answer.captured_at, campaign, keep)
            except MALFORMED as wrong:
                yield self._malformed(status, answer, wrong)

    def settle(self) -> Iterator[Record]:
        """The posts that waited for what they answer or quote; those for which it stayed unknown are counted."""
        for post in self.waiting:
            record = post.settled(self.names)
            self.counts["unresolved_parents"] += not all(map(self.names.knows, post.natives))
            for native in filter(self.names.knows, post.natives if post.campaign else ()):
                self.state.remember_parent(native, self.names.post(native), record.captured_at.isoformat())
            yield from self._once(record, post.keep)
        self.waiting.clear()

    def account(self, account: Json, captured_at: datetime) -> Iterator[Record]:
        """The account's record, once a run. Raises one of MALFORMED."""
        record = account_record(account, self.names, captured_at)
        self._note_wish(record.account, record.evidence)
        if record.account not in self._yielded_accounts:
            self._yielded_accounts.add(record.account)
            yield record

    def take_part(self, account: Json, at: datetime) -> None:
        """Note that `account` acted in the campaign at `at`; one without an id has no history to ask for."""
        local = native_id(account)
        if local is None:
            return
        self.state.accounts[local] = self.names.identity(account)
        self.people[local] = min(at, self.people.get(local, at))

    def is_ours(self, status: Any) -> bool:
        """Whether the post carries one of the campaign's hashtags and no mere look-alike."""
        try:
            inner = unwrapped(status)
            found = hashtags(inner, self.names.tags)
        except MALFORMED:
            return True  # let `read` say what is wrong with it
        says_nothing = "tags" not in inner and not isinstance(inner.get("content"), str)
        return says_nothing or not self.names.tags.isdisjoint(map(fold_hashtag, found))

    def keeps_any(self, statuses: Sequence[Any]) -> bool:
        """Whether any of the campaign's posts among `statuses`, which were read, could be kept."""
        natives = (native_id(unwrapped(status)) for status in statuses if isinstance(status, dict))
        return any(native in self.sights for native in natives)

    def refusal_of_history(self, account: str) -> str | None:
        """Why the history of `account` may not be asked for: what its profile says, or the campaign of its server."""
        return self.unwilling.get(account) or refusal_of_history(account, None, self.run.campaign.deny_instances)

    def denied(self, endpoint: str) -> bool:
        """Whether the server has refused this kind of request often enough not to be asked again."""
        return self._denials[endpoint] >= _DENIALS

    def why_not(self, endpoint: str) -> str | None:
        """Why this kind of request is not made any more, in one word; None where it is."""
        if self.api.lost:
            return "unreachable"
        return self._denial[endpoint] if self.denied(endpoint) else None

    def note(self, endpoint: str, answer: Answer) -> None:
        """Count a refusal, or forget those before a success."""
        if answer.outcome in REFUSALS:
            self._denials[endpoint] += 1
            self._denial[endpoint] = answer.outcome
        elif answer.outcome == "ok":
            self._denials[endpoint] = 0

    def coverage(
        self,
        scope: Literal["timeline", "thread", "history", "engagement"],
        subject: str,
        at: datetime,
        got: int,
        reason: str | None,
        *,
        expected: int | None = None,
        span: tuple[datetime, datetime] | None = None,
    ) -> CoverageRecord:
        """What was asked and what came; a timeline not read to its end makes the run partial, unless we cut it."""
        is_cut_timeline = scope == "timeline" and reason not in (None, "limit")
        if is_cut_timeline or reason in ("unreachable", "malformed"):
            self.losses.append(f"{scope} {reason}")
        elif reason in (END_UNKNOWN, "robots", *REFUSALS):
            self.unended.append(f"{scope} {reason}")
        return CoverageRecord(
            platform=PLATFORM,
            scope=scope,
            subject=subject,
            captured_at=at,
            source=self.run.source,
            complete=reason is None,
            got=got,
            expected=expected,
            covered_from=span[0] if span else None,
            covered_until=span[1] if span else None,
            reason=reason,
        )

    def malformed_answer(self, answer: Answer) -> MalformedRecord:
        """An answer that is no list, or no JSON at all."""
        return MalformedRecord(
            source=self.run.source,
            where=answer.url,
            reason=answer.detail or "not the JSON that was expected",
            captured_at=answer.captured_at,
        )

    def _note_wish(self, account: str, evidence: Evidence) -> None:
        if reason := refusal_of_history(account, evidence, self.run.campaign.deny_instances):
            self.unwilling[account] = reason

    def _learn(self, status: Any) -> Exception | None:
        try:
            self.names.learn(status)
        except MALFORMED as error:
            return error
        return None

    def _malformed(self, status: Any, answer: Answer, error: Exception | None = None) -> MalformedRecord:
        native = native_id(status) if isinstance(status, dict) else None
        return self._set_aside(f"{answer.url}#{native}", error, answer.captured_at)

    def _set_aside(self, where: str, error: Exception | None, captured_at: datetime) -> MalformedRecord:
        reason = error.reason if isinstance(error, UnkeptError) else "not the fields that a post has"
        return MalformedRecord(source=self.run.source, where=where, reason=reason, captured_at=captured_at)

    def _status(self, status: Json, captured_at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
        inner = unwrapped(status)
        if campaign:
            self._sight(inner, captured_at)
            self.take_part(inner["account"], created_at(inner))
        if is_boost(status):
            yield from self._boost(status, captured_at, campaign, keep)
            return
        record = post_record(status, self.names, captured_at)
        yield from self.account(status["account"], captured_at)
        yield from self._quoted(status, captured_at, campaign, keep)
        stand_ins = {native: self.names.stand_in(native) for native in referred(inner)}
        if natives := [native for native, name in stand_ins.items() if name in (record.reply_to, record.quote_of)]:
            author = id_text(inner.get("in_reply_to_account_id"))
            self.waiting.add(
                Waiting(record=record, natives=tuple(natives), author=author, campaign=campaign, keep=keep)
            )
            return
        yield from self._once(record, keep)

    def _quoted(self, status: Json, captured_at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
        """The post that `status` shows inside it; of the unwilling only what the campaign itself shows."""
        quoted = quoted_status(status)
        if quoted is None:
            return
        try:
            account = list(self.account(quoted["account"], captured_at))
            record = post_record(quoted, self.names, captured_at, embedded=True)
        except MALFORMED as error:
            yield self._set_aside(f"quoted#{native_id(quoted)}", error, captured_at)
            return
        yield from account
        if campaign or record.author not in self.unwilling:
            yield from self._once(record, keep)

    def _boost(self, boost: Json, captured_at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
        inner = boost["reblog"]
        yield from self.account(boost["account"], captured_at)
        if has_own_time(boost):
            yield from self._once(post_record(boost, self.names, captured_at), keep)
        else:
            yield engagement_record(boost["account"], self.names.uri(inner), self.names, captured_at)
        if campaign or self.is_ours(inner):
            self.take_part(boost["account"], captured_at)
            yield from self._status(inner, captured_at, campaign, keep)

    def _once(self, record: PostRecord, keep: bool) -> Iterator[Record]:
        version = (record.text, record.edited_at, record.replies, record.reposts, record.favourites, record.embedded)
        if self._yielded.get(record.post) != version:
            if keep:
                self._yielded[record.post] = version
            yield record

    def _sight(self, status: Json, captured_at: datetime) -> None:
        record = post_record(status, self.names, captured_at)
        native, parent = str(native_id(status)), record.reply_to
        self.sights[native] = Sight(
            native=native,
            uri=record.post,
            author=record.author,
            created_at=record.created_at,
            captured_at=captured_at,
            replies=record.replies,
            reposts=record.reposts,
            parent=parent,
            parent_known=not parent or self.names.knows(str(status["in_reply_to_id"])),
        )
        if native not in self.state.posts:
            self.new.add(native)
        self.uris.add(record.post)
        self.state.remember_post(native, record.post, captured_at)
