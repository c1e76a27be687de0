"""How Bluesky is asked: its index (the AppView), and people's own servers (PDS) for the times of reposts.

A search wants a session, which the entryway `bsky.social` gives for an app password; all else is public, and asked of
the public index without it: what one sees there does not depend on who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from passerelle.allowed import EngagementKind
from passerelle.errors import UsageError
from passerelle.records import DeletionRecord, EngagementRecord
from passerelle.values import UnkeptError
from spiders.asking.answers import Answer, Outcome
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.run import Run
from spiders.asking.session import Login
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import by_cursor, only
from spiders.collecting.people import Naming
from spiders.collecting.shape import Item, Listing, Platform, Seen, under
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json
from spiders.platforms.bluesky import records, search
from spiders.platforms.bluesky.jetstream import Jetstream
from spiders.platforms.bluesky.records import NAME
from spiders.platforms.bluesky.search import PAGE
from spiders.platforms.bluesky.trees import above, below, edge

_ENTRYWAY, _INDEX, _DIRECTORY = "bsky.social", "public.api.bsky.app", "plc.directory"
_DEPTH = 1000  # of a thread, as much as an index shows
_MAX_ACTS = 5  # pages of a person's reposts
_LISTS = {"repost": ("getRepostedBy", "repostedBy"), "favourite": ("getLikes", "likes")}
# what a refusal means, whatever its HTTP status
_MEANS: dict[str, Outcome] = {
    "NotFound": "gone",
    "ExpiredToken": "login",
    "InvalidToken": "login",
    "BlockedActor": "withheld",
    "BlockedByActor": "withheld",
    "AccountTakedown": "withheld",
    "AccountDeactivated": "withheld",
    "RepoTakendown": "withheld",
    "RepoSuspended": "withheld",
    "RepoDeactivated": "withheld",
    "RepoNotFound": "gone",
    "InvalidRequest": "refused",
}


class NetworkNames(LocalNames):
    """A post's native id is the at-URI that names it everywhere, an account's is its DID."""

    platform: ClassVar[str] = NAME

    def post(self, native: str) -> str:
        """The URI, also of a post that nobody has shown."""
        return native

    def shown_as(self, native: str) -> str:
        """Nothing: a post has one name."""
        return ""

    def is_own(self, uri: str) -> bool:
        """The index speaks for the whole network."""
        return True


class Bluesky(Platform):
    """The network, through one door of it."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = records.PEOPLE

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = NetworkNames(run.source, run.source, shown, dict(state.accounts))
        self.login = Login(
            begin=_begin,
            renew=lambda given: Ask(
                "/xrpc/com.atproto.server.refreshSession",
                "POST",
                headers={"Authorization": f"Bearer {given['refreshJwt']}"},
            ),
            bearer=lambda given: str(given["accessJwt"]),
            is_over=lambda answer: _error(answer) == "ExpiredToken",
        )
        self._run = run
        self._index = f"https://{_INDEX}" if run.source == _ENTRYWAY else ""

    async def greet(self, api: Api) -> None:
        """Nothing is to be learnt; the index itself takes no login."""
        if self._run.server.token_variable and self._run.source == _INDEX:
            raise UsageError(
                en=f'{_INDEX} takes no login; write host = "{_ENTRYWAY}" for this source',
                fr=f'{_INDEX} n\'accepte pas de connexion ; écrivez host = "{_ENTRYWAY}" pour cette source',
            )

    def doors(self, tag: str) -> Iterable[str]:
        """The search."""
        return [search.search(tag)]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """A search, which finds words: what it gives is looked at for the hashtag."""
        first, most = search.search(tag), self._run.campaign.collect.max_pages
        return [Listing(first=first, items=under("posts"), next=search.older, max_pages=most, is_search=True)]

    def post(self, native: str) -> str:
        """A thread of one post: a list of posts does not say which of them are gone."""
        return self._at("app.bsky.feed.getPostThread", uri=native, depth="0", parentHeight="0")

    def thread(self, native: str) -> Listing:
        """All of a thread, above and below a post."""
        depth = str(_DEPTH)
        first = self._at("app.bsky.feed.getPostThread", uri=native, depth=depth, parentHeight=depth)
        return Listing(first=first, items=below, above=above, next=only, edge=edge)

    def engagement(self, native: str, kind: EngagementKind) -> Listing:
        """Who reposted or liked a post."""
        method, name = _LISTS[kind]
        first = self._at(f"app.bsky.feed.{method}", uri=native, limit=str(PAGE))
        return Listing(first=first, items=under(name), next=by_cursor("cursor"))

    def quotes(self, native: str) -> Listing:
        """The posts that quote a post and whose quote stands."""
        first = self._at("app.bsky.feed.getQuotes", uri=native, limit=str(PAGE))
        return Listing(first=first, items=under("posts"), next=by_cursor("cursor"))

    async def acts(self, api: Api, local: str) -> Listing | None:
        """The records of an account's reposts, on the server that its document names."""
        place = await api.ask(_document(local))
        server = _server(place.payload) if place.outcome == "ok" else None
        if server is None:
            return None
        asked = urlencode({"repo": local, "collection": "app.bsky.feed.repost", "limit": str(PAGE)})
        first = Ask(f"{server}/xrpc/com.atproto.repo.listRecords?{asked}", with_session=False)
        return Listing(first=first, items=under("records"), next=by_cursor("cursor"), max_pages=_MAX_ACTS)

    def history(self, local: str) -> Listing:
        """What an account posted, answered and reposted, the reposts with their times."""
        asked = {"actor": local, "filter": "posts_with_replies", "limit": str(PAGE)}
        most = self._run.campaign.collect.history_max_pages
        first = self._at("app.bsky.feed.getAuthorFeed", **asked)
        return Listing(first=first, items=under("feed"), next=by_cursor("cursor"), max_pages=most)

    def stream(self) -> Jetstream:
        """What any instance of Jetstream tells of the whole network."""
        likes = self._run.campaign.collect.favourites
        return Jetstream(self._run.source, self._index, self._run.server.streams, likes=likes)

    def judge(self, answer: Answer) -> Answer:
        """By the error's name; who is shown no search has not logged in."""
        if answer.status == 403 and "searchPosts" in answer.url:
            return replace(answer, outcome="login")
        error = _error(answer)
        if search.is_retired(answer.url, error):
            return replace(answer, outcome="ok", payload=search.RETIRED)
        if answer.outcome == "ok" or error not in _MEANS:
            return answer
        return replace(answer, outcome=_MEANS[error], of_one=_MEANS[error] != "login")

    def native(self, item: Item) -> str | None:
        """The URI of the post that it is, holds or reposts; None for one that is not shown."""
        if "value" in item:
            return records.uri_of(item["value"]["subject"])
        post = _post(item)
        return records.uri_of(post) if "record" in post else None

    def created_at(self, item: Item) -> datetime:
        """When it was written, or reposted."""
        if "value" in item:
            return records.reposted_at(item)
        reason = _repost(item)
        return records.indexed_at(reason) if reason else records.created_at(_post(item))

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """Those that its author set; of an act it cannot tell."""
        return None if "value" in item else records.hashtags(_post(item)["record"])

    def learn(self, item: Item) -> None:
        """Which posts were shown, and who wrote them."""
        if "value" in item or "record" not in _post(item):
            return
        post = _post(item)
        self.names.posts[records.uri_of(post)] = records.uri_of(post)
        self.names.accounts[str(post["author"]["did"])] = records.identity(post["author"]["did"])

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post; a repost and the post in it; an act; or that a post is gone. What is blocked is not known."""
        if "value" in item:
            yield self._act(item, at)
            return
        post = _post(item)
        if post.get("notFound") is True:
            yield self._gone(post, at)
        if "record" not in post:
            if not post.get("notFound") and not post.get("blocked"):
                raise UnkeptError("no post")
            return
        if reason := _repost(item):
            yield self._repost(reason, records.uri_of(post), at)
        yield from self._shown(post, at)

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """Who reposted or liked `post`, but for copies of people elsewhere; only likes have a time."""
        actor = item["actor"] if kind == "favourite" else item
        if records.is_bridged(actor):
            return
        account = records.account_record(actor, self.names.host, at)
        yield Seen(role="account", account=account, local=str(actor["did"]))
        act = EngagementRecord(
            platform=NAME,
            post=post,
            account=account.account,
            kind=kind,
            captured_at=at,
            source=self.names.host,
            at=records.indexed_at(item) if kind == "favourite" else None,
        )
        yield Seen(role="account", record=act)

    def _at(self, method: str, **query: str) -> str:
        return f"{self._index}/xrpc/{method}?{urlencode(query)}"

    def _shown(self, post: Json, at: datetime) -> Iterator[Seen]:
        record = records.post_record(post, self.names.host, at)
        author = records.account_record(post["author"], self.names.host, at)
        yield Seen(role="account", account=author)
        if quoted := records.shown_quote(post):
            account = records.account_record(quoted["author"], self.names.host, at)
            shown = records.post_record(quoted, self.names.host, at, embedded=True)
            yield Seen(role="quoted", account=account, record=shown)
        local = None if record.visibility == "bridged" else records.did_of(record.post)
        yield Seen(role="post", record=record, native=record.post, local=local, parent=record.reply_to)

    def _repost(self, reason: Json, of: str, at: datetime) -> Seen:
        account = records.account_record(reason["by"], self.names.host, at)
        when, uri = records.indexed_at(reason), str(reason["uri"])
        record = records.repost_record(uri, account.account, when, of, self.names.host, at)
        return Seen(role="repost", account=account, record=record, local=str(reason["by"]["did"]))

    def _act(self, act: Json, at: datetime) -> Seen:
        uri, of = records.uri_of(act), records.uri_of(act["value"]["subject"])
        author = records.identity(records.did_of(uri))
        when = records.reposted_at(act)
        record = records.repost_record(uri, author, when, of, self.names.host, at)
        return Seen(role="repost", record=record, local=records.did_of(uri))

    def _gone(self, post: Json, at: datetime) -> Seen:
        uri = records.uri_of(post)
        gone = DeletionRecord(platform=NAME, post=uri, captured_at=at, source=self.names.host, by_own=True)
        return Seen(role="gone", record=gone)


class BlueskySpider(PlatformSpider):
    """One crawl of the network."""

    name = NAME
    opened = Bluesky


def _begin(secret: str) -> Ask:
    name, _, password = secret.rpartition(":")
    if not name or not password:
        raise ValueError("no handle and app password")
    body = {"identifier": name.lstrip("@"), "password": password}
    return Ask("/xrpc/com.atproto.server.createSession", "POST", body)


def _error(answer: Answer) -> str:
    return str(answer.problem.get("error")) if isinstance(answer.problem, dict) else ""


def _document(did: str) -> Ask:
    host, _, path = did.removeprefix("did:web:").partition(":")
    is_web = did.startswith("did:web:") and not path
    url = f"https://{host}/.well-known/did.json" if is_web else f"https://{_DIRECTORY}/{did}"
    return Ask(url, with_session=False)


def _server(document: Any) -> str | None:
    """The address of a person's server; None where the document names none."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict) and str(service.get("id")).endswith("#atproto_pds"):
            address = service.get("serviceEndpoint")
            return address.rstrip("/") if isinstance(address, str) and address.startswith("http") else None
    return None


def _post(item: Item) -> Json:
    """The post in whatever holds it: a thread, a place in it, a feed's item."""
    for name in ("thread", "post"):
        item = item.get(name, item)
    if not isinstance(item, dict):
        raise TypeError("no post")
    return item


def _repost(item: Item) -> Json | None:
    reason = item.get("reason")
    is_repost = isinstance(reason, dict) and str(reason.get("$type")).endswith("#reasonRepost")
    return reason if is_repost else None
