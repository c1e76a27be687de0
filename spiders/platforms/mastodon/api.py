"""How a server of the Mastodon API family (Mastodon, snac2, Takahē, GoToSocial, Pleroma…) is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from passerelle.allowed import EngagementKind
from passerelle.bridges import BRIDGES
from passerelle.errors import UsageError
from passerelle.hosts import base_url
from passerelle.identity import ascii_domain
from passerelle.policy import is_denied
from passerelle.records import MalformedRecord, Record
from spiders.asking.api import Api
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.crawl import Crawl
from spiders.collecting.paging import by_id, by_link_of, only
from spiders.collecting.people import Naming
from spiders.collecting.shape import MALFORMED, Item, Listing, Platform, Seen, why_unread
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.thread import Thread
from spiders.collecting.values import Json, id_text, native_id
from spiders.platforms.mastodon import records
from spiders.platforms.mastodon.homes import read_homes
from spiders.platforms.mastodon.names import PEOPLE, PLATFORM, FediverseNames, unwrapped
from spiders.platforms.mastodon.quotes import quoted_status

PAGE = 40
_ENGAGERS = 80
_SIZES = (20, 40, 80)  # at which servers of the family cut lists, whatever is asked for
_LISTS = {"repost": "reblogged_by", "favourite": "favourited_by"}


def first_page(tag: str) -> str:
    """Path of a hashtag timeline's newest page."""
    return f"/api/v1/timelines/tag/{hashtag_path(tag)}?limit={PAGE}"


class Mastodon(Platform):
    """One server of the family."""

    name: ClassVar[str] = PLATFORM
    people: ClassVar[Naming] = PEOPLE

    def __init__(self, run: Run, names: FediverseNames, state: CrawlState) -> None:
        self.names = names
        names.knows_copies = not any(is_denied(one.host, run.campaign.deny_instances) for one in BRIDGES)
        self._run = run
        self._state = state

    @classmethod
    def opened(cls, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> Mastodon:
        """The server of `run`."""
        return cls(run, FediverseNames(run.source, state.domain or run.source, shown, dict(state.accounts)), state)

    async def greet(self, api: Api) -> None:
        """The domain of the server's accounts, which may differ from its host: asked for once."""
        if not self._state.domain and "instance" not in self._run.left_out:
            self._state.domain = await _account_domain(api)
            self.names.domain = self._state.domain or self._run.source

    def doors(self, tag: str) -> Iterable[str]:
        """The hashtag timeline."""
        return [first_page(tag)]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """The hashtag timeline."""
        most = self._run.campaign.collect.max_pages
        return [Listing(first=first_page(tag), next=by_id("max_id", _SIZES), max_pages=most)]

    def post(self, native: str) -> str:
        """One status."""
        return f"/api/v1/statuses/{quote(native, safe='')}"

    def thread(self, native: str) -> Listing:
        """A status's context."""
        return Listing(first=f"{self.post(native)}/context", items=_descendants, above=_ancestors, next=only)

    def engagement(self, native: str, kind: EngagementKind) -> Listing:
        """By Link only: its cursor is no account's and no post's id."""
        return Listing(first=f"{self.post(native)}/{_LISTS[kind]}?limit={_ENGAGERS}", next=by_link_of(_SIZES))

    def history(self, local: str) -> Listing:
        """An account's statuses."""
        path = f"/api/v1/accounts/{quote(local, safe='')}/statuses?limit={PAGE}"
        most = self._run.campaign.collect.history_max_pages
        return Listing(first=path, next=by_id("max_id", _SIZES), max_pages=most)

    def native(self, item: Item) -> str | None:
        """The id of the status, or of the one that is boosted."""
        return native_id(unwrapped(item))

    def created_at(self, item: Item) -> datetime:
        """When it was written, or boosted."""
        return records.created_at(item)

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """Those of the status, or of the one that is boosted."""
        inner = unwrapped(item)
        found = records.hashtags(inner, self.names.tags)
        return None if "tags" not in inner and not isinstance(inner.get("content"), str) else found

    def learn(self, item: Item) -> None:
        """Ids and URIs of the status, and of what and whom it names."""
        self.names.learn(item)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A status; or a boost and the status in it."""
        if not records.is_boost(item):
            yield from self._status(item, at)
            return
        booster, inner = item["account"], item["reblog"]
        account = records.account_record(booster, self.names, at)
        event = (
            records.post_record(item, self.names, at)
            if records.has_own_time(item)
            else records.engagement_record(booster, self.names.uri(inner), "repost", self.names, at)
        )
        yield Seen(role="repost", account=account, record=event, local=native_id(booster))
        yield from self.read(inner, at)

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """An account, and that it engaged with `post`; nobody says when."""
        yield Seen(role="account", account=records.account_record(item, self.names, at), local=native_id(item))
        yield Seen(role="account", record=records.engagement_record(item, post, kind, self.names, at))

    async def elsewhere(self, crawl: Crawl, thread: Thread) -> AsyncIterator[Record]:
        """What the authors' own servers show of `thread`."""
        async for record in read_homes(crawl, thread, self._at_home):
            yield record

    def _at_home(self, host: str, domain: str) -> Mastodon:
        """The same platform on another server, with a memory of its own."""
        return Mastodon(self._run, FediverseNames(host, domain), CrawlState())

    def _status(self, status: Json, at: datetime) -> Iterator[Seen]:
        record = records.post_record(status, self.names, at)
        yield Seen(role="account", account=records.account_record(status["account"], self.names, at))
        yield from self._quoted(status, at)
        yield Seen(
            role="post",
            record=record,
            native=str(native_id(status)),
            local=native_id(status["account"]),
            parent=records.parent_id(status),
            quoted=records.hidden_quote_id(status),
            answers=id_text(status.get("in_reply_to_account_id")),
        )

    def _quoted(self, status: Json, at: datetime) -> Iterator[Seen]:
        """The post that `status` shows inside it."""
        quoted = quoted_status(status)
        if quoted is None:
            return
        try:
            account = records.account_record(quoted["account"], self.names, at)
            record = records.post_record(quoted, self.names, at, embedded=True)
        except MALFORMED as error:
            reason = why_unread(error)
            where = f"quoted#{native_id(quoted)}"
            broken = MalformedRecord(source=self._run.source, where=where, reason=reason, captured_at=at)
            yield Seen(role="quoted", record=broken)
        else:
            parent, hidden = records.parent_id(quoted), records.hidden_quote_id(quoted)
            native = native_id(quoted) or ""
            yield Seen(role="quoted", account=account, record=record, native=native, parent=parent, quoted=hidden)


class MastodonSpider(PlatformSpider):
    """One crawl of a server of the family."""

    name = PLATFORM
    opened = Mastodon.opened


def _ancestors(payload: Any) -> list[Item]:
    return list(payload["ancestors"])


def _descendants(payload: Any) -> list[Item]:
    return list(payload["descendants"])


async def _account_domain(api: Api) -> str:
    """The domain of the server's accounts; empty where it does not say."""
    for path, name in (("/api/v2/instance", "domain"), ("/api/v1/instance", "uri")):
        answer = await api.ask(path)
        told = answer.payload.get(name) if answer.outcome == "ok" and isinstance(answer.payload, dict) else None
        if isinstance(told, str) and (domain := ascii_domain(told.rpartition("://")[2].strip("/"))):
            try:
                base_url(domain)
            except UsageError:
                continue  # it is no domain: a bare account takes the host
            return domain
    return ""
