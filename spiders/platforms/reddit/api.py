"""How Reddit is asked: by its API, for an app that Reddit approved; reading it without one has ended.

A hashtag is a word, whole and in any letter case, with ``#`` or without. A search finds posts only, and proves nothing
about what it does not show; comments come with their threads, whose links to more are followed. Who passed a post on
shows in its cross-posts, with times.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Literal
from urllib.parse import quote, urlencode, urlsplit

from passerelle.allowed import EngagementKind
from passerelle.records import AccountRecord, DeletionRecord, PostRecord
from passerelle.values import UnkeptError
from spiders.archives import reddit
from spiders.archives.reddit import PLATFORM
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.asking.session import Login
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Page
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Listing, Platform, Seen, whole
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.values import Json
from spiders.platforms.reddit.below import RAW, TOGETHER, CommentsBelow
from spiders.platforms.reddit.words import no_app, not_the_api, refused

_HOST, _DOOR = "oauth.reddit.com", "https://www.reddit.com/api/v1/access_token"
_PAGE = {"limit": "100", **RAW}


class ThingNames(LocalNames):
    """A native id has the prefix of its kind: ``t3_1abc``, a post, ``t1_k2``, a comment."""

    platform: ClassVar[str] = PLATFORM

    def stand_in(self, native: str) -> str:
        """The identity, whether it was shown or not."""
        return f"{PLATFORM}:{native.rpartition('_')[2]}"

    def is_own(self, uri: str) -> bool:
        """There is one site."""
        return True


class Reddit(Platform):
    """The site, as an app sees it."""

    name: ClassVar[str] = PLATFORM
    people: ClassVar[Naming] = Naming(
        shapes=(Shape(has=("author", "name"), names=("author",), strong=("author_fullname",)),),
        person=lambda data, _: reddit.author_of(data),
        repeats=(("title", "crosspost_parent_list"),),
    )
    tells_times: ClassVar[bool] = True

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        _must_be_readable(run)
        self.names = ThingNames(run.source, run.source, shown, dict(state.accounts))
        self.login = Login(
            begin=_begin,
            renew=None,
            bearer=lambda given: str(given["access_token"]),
            is_over=lambda answer: answer.status == 401,
        )
        self._run = run
        self._followed = state.posts
        self._links: dict[str, str] = {}  # by comment, the post that it is below
        self._said: dict[str, int | None] = {}  # how many comments posts are said to have

    def doors(self, tag: str) -> Iterable[str]:
        """The search."""
        hashtag_path(tag)
        return [_address("/search", q=tag, sort="new", type="link")]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """Posts, newest first."""
        (first,) = self.doors(tag)
        most = self._run.campaign.collect.max_pages
        return [Listing(first=first, items=things, next=_after, max_pages=most, is_search=True)]

    def post(self, native: str) -> str:
        """One thing, whatever it is."""
        return _address("/api/info", id=native)

    def several(self, natives: Sequence[str]) -> Listing:
        """Many things, a hundred a question."""
        left = [",".join(natives[start : start + TOGETHER]) for start in range(0, len(natives), TOGETHER)]
        first, *rest = (_address("/api/info", id=names) for names in left)
        following = iter(rest)
        return Listing(first=first, items=things, next=lambda page: _next(page, following), of_several=True)

    def thread(self, native: str) -> Listing | None:
        """What is below a post; a comment is in the thread of its post."""
        link = self._links.get(native, native)
        if link != native and link in self._followed:
            return None
        return CommentsBelow(link, self._said.get(link)).listing()

    def engagement(self, native: str, kind: EngagementKind) -> Listing | None:
        """A post's cross-posts."""
        if kind != "repost" or not native.startswith("t3_"):
            return None
        first = _address(f"/duplicates/{native.rpartition('_')[2]}", crossposts_only="true")
        return Listing(first=first, items=lambda payload: things(payload[1]), next=_after)

    def history(self, local: str) -> Listing:
        """A person's posts and comments."""
        most = self._run.campaign.collect.history_max_pages
        first = _address(f"/user/{quote(local, safe='')}/overview", sort="new")
        return Listing(first=first, items=things, next=_after, max_pages=most)

    def judge(self, answer: Answer) -> Answer:
        """A community that is closed says so; what nobody knows is an empty list."""
        if isinstance(answer.problem, dict) and isinstance(answer.problem.get("reason"), str):
            return replace(answer, outcome="withheld", of_one=True)
        is_info = urlsplit(answer.url).path == "/api/info"
        is_nothing = answer.outcome == "ok" and "," not in answer.url and _is_empty(answer.payload)
        if is_info and (is_nothing or answer.outcome == "gone"):  # what is deleted is shown, and says so
            return replace(answer, outcome="refused", of_one=True)
        return replace(answer, advice=refused()) if answer.status == 403 else answer

    def native(self, item: Item) -> str | None:
        """Its id with its kind, or that of what it passes on."""
        data = _data(item)
        original = data.get("crosspost_parent")
        return original if isinstance(original, str) and reddit.adds_nothing(data) else _native(data)

    def created_at(self, item: Item) -> datetime:
        """When it was written, or passed on."""
        return reddit.written_at(_data(item))

    def hashtags(self, item: Item) -> Sequence[str]:
        """Those written with their sign, and the campaign's as words."""
        return reddit.hashtags(_data(item), self.names.tags)

    def learn(self, item: Item) -> None:
        """What it is called, who wrote it, where it stands and how many comments it is said to have."""
        data = _data(item)
        native = _native(data)
        self.names.posts[native] = reddit.identity(native, "id")
        if "link_id" in data and isinstance(data["link_id"], str):
            self._links[native] = data["link_id"]
        if isinstance(count := data.get("num_comments"), int):
            self._said[native] = count
        if isinstance(author := data.get("author"), str) and author != reddit.DELETED:
            self.names.authors[native] = self.names.accounts[author] = reddit.author_of(data)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post or a comment and who wrote it; that it was deleted, or is nobody's words any more."""
        data = _data(item)
        native = _native(data)
        if not reddit.is_deleted(data) and (reddit.is_removed(data) or reddit.is_nobodys(data)):
            yield Seen(role="withheld", native=native)
            return
        by = self.names.authors.get(str(data.get("parent_id")))
        records = list(reddit.records_of(data, at, self.names.host, answered=by, words=self.names.tags))
        if isinstance(records[0], DeletionRecord):
            yield Seen(role="gone", native=native, record=records[0])
            return
        shown = [
            self._seen(post, person, data)
            for person, post in zip(records[::2], records[1::2], strict=True)
            if isinstance(person, AccountRecord) and isinstance(post, PostRecord)
        ]
        if shown[-1].role == "repost":  # and what it passes on comes behind it, to be followed
            yield shown.pop()
        yield from shown

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """A cross-post of `post`: a repost, or a quote where it has words of its own."""
        data = _data(item)
        if reddit.is_deleted(data) or reddit.is_removed(data) or reddit.is_nobodys(data):
            return
        *_, account, record = reddit.records_of(data, at, self.names.host, words=self.names.tags)
        if isinstance(account, AccountRecord) and isinstance(record, PostRecord):
            yield Seen(role="account", account=account, record=record, local=_local(account))

    def _seen(self, record: PostRecord, person: AccountRecord, data: Json) -> Seen:
        local = _local(person)
        if record.embedded:
            native, is_ours = str(data["crosspost_parent"]), reddit.adds_nothing(data)
            record = replace(record, embedded=not is_ours, where=f"{self.names.host}/{native}")
            role: Literal["post", "quoted"] = "post" if is_ours else "quoted"
            return Seen(role=role, account=person, record=record, native=native, local=local)
        record = replace(record, where=f"{self.names.host}/{_native(data)}")
        if record.repost_of is not None:
            return Seen(role="repost", account=person, record=record, local=local)
        told = data.get("parent_id")
        parent = told if isinstance(told, str) else None
        return Seen(role="post", account=person, record=record, native=_native(data), local=local, parent=parent)


class RedditSpider(PlatformSpider):
    """One crawl of Reddit."""

    name = PLATFORM
    opened = Reddit


def _must_be_readable(run: Run) -> None:
    """Before anything is asked: the site is no API, and without an app nothing may be read. Raises UsageError."""
    if run.source.endswith("reddit.com") and run.source != _HOST:
        raise not_the_api(run.source, _HOST)
    if run.server.token_variable is None and not run.tape.replaying:
        raise no_app(run.source)


def things(payload: Any) -> Sequence[Item]:
    """What a Listing holds. Raises one of MALFORMED for what is none."""
    if payload["kind"] != "Listing":
        raise TypeError("no list")
    return [
        one["data"] if isinstance(one, dict) and "data" in one else one for one in whole(payload["data"]["children"])
    ]


def _begin(secret: str) -> Ask:
    """The question for a token. Raises ValueError."""
    if not all(secret.partition(":")):
        raise ValueError
    known = base64.b64encode(secret.encode()).decode()
    form = {"grant_type": "client_credentials"}
    return Ask(_DOOR, "POST", form=form, headers={"Authorization": f"Basic {known}"})


def _address(path: str, **query: str) -> str:
    return f"{path}?{urlencode({**query, **_PAGE}, safe=',')}"


def _after(page: Page) -> Sequence[Ask] | None:
    """By the name of the last thing, which a list says where more follows."""
    payload = page.answer.payload[1] if isinstance(page.answer.payload, list) else page.answer.payload
    after = payload["data"].get("after")
    return [page.first.having("after", after)] if isinstance(after, str) and after else None


def _next(page: Page, following: Iterator[str]) -> Sequence[Ask] | None:
    url = next(following, None)
    return None if url is None else [page.first.at(url)]


def _data(item: Item) -> Json:
    """What a thing is; an answer that shows one thing is a list of it. Raises one of MALFORMED."""
    (data,) = things(item) if item.get("kind") == "Listing" else (item,)
    if not isinstance(data, dict):
        raise TypeError("no object")
    return data


def _native(data: Json) -> str:
    """Its id with the prefix of its kind. Raises UnkeptError."""
    name = data.get("id")
    if not isinstance(name, str) or not (name.isascii() and name.isalnum()):
        raise UnkeptError("post without id")
    return f"{'t1' if reddit.is_comment(data) else 't3'}_{name}"


def _is_empty(payload: Any) -> bool:
    try:
        return not things(payload)
    except (LookupError, TypeError):
        return False


def _local(account: AccountRecord) -> str:
    return account.account.partition(":")[2]
