"""What the phases of one crawl share: what was seen, what was yielded, who took part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from passerelle.allowed import Scope
from passerelle.identity import fold_hashtag
from passerelle.policy import refusal_of_history
from passerelle.records import AccountRecord, CoverageRecord, Evidence, MalformedRecord, PostRecord, Record
from passerelle.values import UnkeptError
from spiders.asking.api import Answer, Api
from spiders.asking.run import Run
from spiders.collecting.shape import MALFORMED, Item, Platform, Seen
from spiders.collecting.state import CrawlState
from spiders.collecting.values import native_id
from spiders.collecting.waiting import Waiting, WaitingRoom
from spiders.collecting.walking import END_UNKNOWN

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

    def __init__(self, run: Run, api: Api, platform: Platform, state: CrawlState) -> None:
        self.run = run
        self.api = api
        self.platform = platform
        self.names = platform.names
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
        self.names.tags = run.campaign.folded_hashtags

    def read(self, items: Sequence[Item], answer: Answer, *, campaign: bool, keep: bool = True) -> Iterator[Record]:
        """Records of a page. `campaign` posts are followed and their authors take part.

        Replies whose parent is not known yet wait for :meth:`settle`; `keep` remembers what was yielded.
        """
        unread = [self._learn(item) for item in items]
        for item, error in zip(items, unread, strict=True):
            if error is not None:
                yield self._malformed(item, answer, error)
                continue
            try:
                yield from self._item(item, answer.captured_at, campaign, keep)
            except MALFORMED as wrong:
                yield self._malformed(item, answer, wrong)

    def settle(self) -> Iterator[Record]:
        """The posts that waited for what they answer or quote; those for which it stayed unknown are counted."""
        for post in self.waiting:
            record = post.settled(self.names)
            self.counts["unresolved_parents"] += not all(map(self.names.knows, post.natives))
            for native in filter(self.names.knows, post.natives if post.campaign else ()):
                self.state.remember_parent(native, self.names.post(native), record.captured_at.isoformat())
            yield from self._once(record, post.keep)
        self.waiting.clear()

    def account(self, record: AccountRecord) -> Iterator[Record]:
        """The account's record, once a run."""
        self._note_wish(record.account, record.evidence)
        if record.account not in self._yielded_accounts:
            self._yielded_accounts.add(record.account)
            yield record

    def take_part(self, local: str | None, identity: str, at: datetime) -> None:
        """Note that an account acted in the campaign at `at`; one without an id has no history to ask for."""
        if local is None:
            return
        self.state.accounts[local] = identity
        self.people[local] = min(at, self.people.get(local, at))

    def is_ours(self, item: Item) -> bool:
        """Whether the post carries one of the campaign's hashtags and no mere look-alike."""
        try:
            found = self.platform.hashtags(item)
        except MALFORMED:
            return True  # let `read` say what is wrong with it
        return found is None or not self.names.tags.isdisjoint(map(fold_hashtag, found))

    def keeps_any(self, items: Sequence[Item]) -> bool:
        """Whether any of the campaign's posts among `items`, which were read, could be kept."""
        return any(self.native(item) in self.sights for item in items)

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
        if answer.outcome in REFUSALS and not answer.of_one:
            self._denials[endpoint] += 1
            self._denial[endpoint] = answer.outcome
        elif answer.outcome == "ok":
            self._denials[endpoint] = 0

    def coverage(
        self,
        scope: Scope,
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
            platform=self.platform.name,
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

    def _learn(self, item: Item) -> Exception | None:
        try:
            self.platform.learn(item)
        except MALFORMED as error:
            return error
        return None

    def native(self, item: Item) -> str | None:
        """The server's own id of the post that `item` is, or wraps; None where there is none."""
        try:
            return self.platform.native(item)
        except MALFORMED:
            return None

    def _malformed(self, item: Item, answer: Answer, error: Exception) -> MalformedRecord:
        native = native_id(item) if isinstance(item, dict) else None
        reason = error.reason if isinstance(error, UnkeptError) else "not the fields that a post has"
        where = f"{answer.url}#{native}"
        return MalformedRecord(source=self.run.source, where=where, reason=reason, captured_at=answer.captured_at)

    def _item(self, item: Item, at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
        shown = self.platform.read(item, at)
        # of the campaign's own nothing is followed before all of it was read
        for seen in list(shown) if campaign else shown:
            yield from self._seen(seen, at, campaign, keep)
            if seen.role == "repost" and not campaign:
                if not self.is_ours(item):
                    return
                self._takes_part(seen, at)

    def _seen(self, seen: Seen, at: datetime, campaign: bool, keep: bool) -> Iterator[Record]:
        record = seen.record
        if campaign and seen.role == "repost":
            self._takes_part(seen, at)
        if campaign and seen.role == "post" and isinstance(record, PostRecord):
            self._sight(seen, record)
            self.take_part(seen.local, record.author, record.created_at)
        if seen.account is not None:
            yield from self.account(seen.account)
        if isinstance(record, PostRecord):
            # of the unwilling only what the campaign itself shows
            if seen.role != "quoted" or campaign or record.author not in self.unwilling:
                yield from self._post(seen, record, campaign, keep)
        elif record is not None:
            yield record

    def _takes_part(self, seen: Seen, at: datetime) -> None:
        if seen.account is not None:
            self.take_part(seen.local, seen.account.account, at)

    def _post(self, seen: Seen, record: PostRecord, campaign: bool, keep: bool) -> Iterator[Record]:
        referred = filter(None, (seen.parent, seen.quoted))
        natives = tuple(n for n in referred if self.names.stand_in(n) in (record.reply_to, record.quote_of))
        if natives:
            self.waiting.add(Waiting(record=record, natives=natives, author=seen.answers, campaign=campaign, keep=keep))
            return
        yield from self._once(record, keep)

    def _once(self, record: PostRecord, keep: bool) -> Iterator[Record]:
        version = (record.text, record.edited_at, record.replies, record.reposts, record.favourites, record.embedded)
        if self._yielded.get(record.post) != version:
            if keep:
                self._yielded[record.post] = version
            yield record

    def _sight(self, seen: Seen, record: PostRecord) -> None:
        native = seen.native
        self.sights[native] = Sight(
            native=native,
            uri=record.post,
            author=record.author,
            created_at=record.created_at,
            captured_at=record.captured_at,
            replies=record.replies,
            reposts=record.reposts,
            parent=record.reply_to,
            parent_known=not seen.parent or self.names.knows(seen.parent),
        )
        if native not in self.state.posts:
            self.new.add(native)
        self.uris.add(record.post)
        self.state.remember_post(native, record.post, record.captured_at)
