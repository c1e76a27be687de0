"""What the phases of one crawl share: what was seen, what was yielded, who took part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from passerelle.identity import fold_hashtag
from passerelle.policy import refusal_of_history
from passerelle.records import AccountRecord, Evidence, PostRecord, Record
from spiders.asking.answers import Outcome
from spiders.asking.api import Api
from spiders.asking.run import Run
from spiders.collecting.ledger import PASSING, Ledger
from spiders.collecting.shape import MALFORMED, Head, Item, Platform, Seen
from spiders.collecting.state import CrawlState
from spiders.collecting.waiting import WaitingRoom


@dataclass(slots=True, kw_only=True)
class Sight:
    """A campaign post as seen in this run: what decides whether its thread and reposters are asked for.

    `native` is the server's own id; `uri`, `author` and `parent` are identities that hold everywhere; `unknown_parent`
    is the server's id of a parent that was not shown.
    """

    native: str
    uri: str
    author: str
    created_at: datetime
    captured_at: datetime
    replies: int | None
    reposts: int | None
    quotes: int | None
    parent: str | None
    unknown_parent: str | None


class Crawl:
    """One crawl's memory.

    `sights` are the campaign's posts by native id (`new` those never seen before; `read_threads`, `polled` and `quoted`
    those whose thread, reposters and quotes were got; `timed` by post whose times were asked for; `owed` those of which
    something is to be asked for again), `gone` what was shown as deleted, `withheld` without its words. `waiting` are
    any whose parent was not shown yet, `parents` how asking for one ended. `people` are those who took part, by local
    id, with the time of their first act, `engaged` by local id who reposted which posts. `homes` the authors' own
    servers that were asked too (None: may not be read); `uris` every campaign post known; `unwilling` why an account's
    history may not be asked for, by identity, whichever server showed the profile. `is_told_to_end`: a person, or
    whoever started us, ended it in order. `is_behind`: a stream was cut before the present.
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
        self.gone: set[str] = set()
        self.withheld: set[str] = set()
        self.quoted: set[str] = set()
        self.owed: set[str] = set()
        self.engaged: dict[str, set[str]] = {}
        self.timed: dict[str, set[str]] = {}
        self.ledger = Ledger(run, api)
        self.homes: dict[str, Crawl | None] = {}
        self.uris = set(state.posts.values())
        self.unwilling: dict[str, str] = {}
        self.is_told_to_end = self.is_behind = False
        self._yielded: dict[str, tuple[object, ...]] = {}
        self._yielded_accounts: set[str] = set()
        self.waiting = WaitingRoom()
        self.parents: dict[str, Outcome] = {}
        self.names.authors.update(state.authors)
        self.names.tags = run.campaign.folded_hashtags

    def account(self, record: AccountRecord) -> Iterator[Record]:
        """The account's record, once a run."""
        self._note_wish(record.account, record.evidence)
        if record.account not in self._yielded_accounts:
            self._yielded_accounts.add(record.account)
            yield record

    def owe(self, native: str, reason: str | None) -> None:
        """Have a post looked at in the next run, where something of it could not be had for a passing `reason`."""
        if reason in PASSING:
            self.owed.add(native)

    def take_part(self, local: str | None, identity: str, at: datetime) -> None:
        """Note that an account acted in the campaign at `at`; one without an id has no history to ask for, nor has
        one whose owner objected.
        """
        if local is None or self.run.is_blocked(identity):
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

    def _note_wish(self, account: str, evidence: Evidence) -> None:
        if reason := refusal_of_history(account, evidence, self.run.campaign.deny_instances):
            self.unwilling[account] = reason

    def native(self, item: Item) -> str | None:
        """The server's own id of the post that `item` is, or wraps; None where there is none."""
        try:
            return self.platform.native(item)
        except MALFORMED:
            return None

    def once(self, record: PostRecord, *, keep: bool) -> Iterator[Record]:
        """The post, unless the same was yielded before; `keep` remembers it."""
        version = (record.text, record.edited_at, record.replies, record.reposts, record.favourites, record.embedded)
        if self._yielded.get(record.post) != version:
            if keep:
                self._yielded[record.post] = version
            yield record

    def open_thread(self, native: str, head: Head, at: datetime) -> None:
        """Note a thread of the campaign of which no post was shown yet, to be read and followed as a whole."""
        self._note(
            Sight(
                native=native,
                uri=head.uri,
                author="",
                created_at=head.active_at,
                captured_at=at,
                replies=head.replies,
                reposts=None,
                quotes=None,
                parent=None,
                unknown_parent=None,
            )
        )

    def sight(self, seen: Seen, record: PostRecord) -> None:
        """Note a campaign post, to be followed; not that of somebody who objected."""
        if self.run.is_blocked(record.author):
            return
        self._note(
            Sight(
                native=seen.native,
                uri=record.post,
                author=record.author,
                created_at=record.created_at,
                captured_at=record.captured_at,
                replies=record.replies,
                reposts=record.reposts,
                quotes=record.quotes,
                parent=record.reply_to,
                unknown_parent=None if not seen.parent or self.names.knows(seen.parent) else seen.parent,
            )
        )

    def _note(self, sight: Sight) -> None:
        self.sights[sight.native] = sight
        if sight.native not in self.state.posts:
            self.new.add(sight.native)
        self.uris.add(sight.uri)
        self.state.remember_post(sight.native, sight.uri, sight.captured_at)
        if author := self.names.authors.get(sight.native):
            self.state.authors[sight.native] = author
