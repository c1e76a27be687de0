"""How Threads is asked: by its API, with the token of a person whose app was approved by Meta.

What it cannot give: who wrote a post but for a name, who reposted or liked, answers to other people's posts, whether
something is gone. A search is a sample (coverage ``search``), an empty one proves nothing, and without approval it
shows the posts of the token's owner only and does not say so: then nothing is known of the hashtag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from w3lib.url import url_query_parameter

from passerelle.errors import UsageError
from passerelle.values import UnkeptError
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.budget import Cost, Spending
from spiders.collecting.hashtags import known_cursor, timeline
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Page
from spiders.collecting.people import Naming, Shape
from spiders.collecting.refusals import refusal
from spiders.collecting.shape import WITHOUT_REPLIES, Item, Listing, Platform, Seen, under
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.times import OVERLAP, moment_of
from spiders.collecting.values import native_id
from spiders.platforms.threads import records
from spiders.platforms.threads.records import NAME, identity
from spiders.platforms.threads.refusals import meant

PAGE = 100
_API, _HOST = "/v1.0", "graph.threads.com"
_PEOPLE = ("threads.net", "www.threads.net", "threads.com", "www.threads.com")
_FIELDS = (
    "id,text,media_type,permalink,timestamp,username,has_replies,is_quote_post,is_reply,topic_tag,quoted_post,"
    "reposted_post,root_post,replied_to,hide_status"
)


class OneSite(LocalNames):
    """Every post is named by its id, whether it was shown or not."""

    platform: ClassVar[str] = NAME

    def stand_in(self, native: str) -> str:
        """The name."""
        return identity(native)

    def is_own(self, uri: str) -> bool:
        """There is one site."""
        return True


class ThreadsApi(Platform):
    """The site, as one token sees it."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = Naming(
        shapes=(Shape(has=("username",), names=("username",)),),
        person=lambda item, _: records.identity(records.author(item)),
    )

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = OneSite(run.source, run.source, shown, dict(state.accounts))
        self.spending = Spending(run.server, state, run.clock)
        self.told: list[tuple[str, str]] = []
        self._run, self._state = run, state
        self._owner: str | None = None  # whose the token is
        self._found: set[str] = set()  # who wrote what a search showed

    async def greet(self, api: Api) -> None:
        """Whose token it is, so that a search of their posts only is known for what it is."""
        if self._run.source in _PEOPLE:
            raise UsageError(
                en=f'{self._run.source} is for people; write host = "{_HOST}" for this source',
                fr=f'{self._run.source} est fait pour les personnes ; écrivez host = "{_HOST}" pour cette source',
            )
        answer = await api.ask(f"{_API}/me?{urlencode({'fields': 'id,username'})}")
        if answer.outcome == "login" and (refused := refusal(self._run, answer)):
            raise refused
        told = answer.payload if answer.outcome == "ok" else None
        name = told.get("username") if isinstance(told, dict) else None
        self._owner = name.lower() if isinstance(name, str) and name else None

    def cost(self, ask: Ask) -> Cost:
        """A search is one of the queries."""
        return {"queries": 1} if f"{_API}/keyword_search?" in ask.url else {}

    def charged(self, ask: Ask, answer: Answer) -> Cost:
        """One that finds nothing costs nothing."""
        is_empty = answer.outcome == "ok" and isinstance(answer.payload, dict) and answer.payload.get("data") == []
        return {} if is_empty else super().charged(ask, answer)

    def doors(self, tag: str) -> Iterable[str]:
        """The search."""
        return [self._search(tag, self._run.clock)]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """A search of what is filed under the tag, newest first."""
        collect, clock = self._run.campaign.collect, self._run.clock
        known = known_cursor(self._run, self._state, timeline(tag, ""))
        since = min(moment_of(known.until), clock) - OVERLAP if known else clock - timedelta(days=collect.first_days)
        first, most = self._search(tag, since), collect.max_pages
        return [Listing(first=first, items=self._results, next=_next, max_pages=most, is_search=True, flaw=self._flaw)]

    def post(self, native: str) -> str:
        """One post, which is shown of the owner's."""
        return f"{_API}/{quote(native)}?{_asked()}"

    def thread(self, native: str) -> Listing | None:
        """The answers to a post of the owner's, at every depth; to those of others nobody is shown any."""
        if self._owner is not None and self.names.authors.get(native) != identity(self._owner):
            return None
        first = f"{_API}/{quote(native)}/conversation?{_asked(reverse='false')}"
        named = _Named(native)
        return Listing(first=first, items=named.items, next=_next, total=named.total, edge=lambda payload: ())

    def history(self, local: str) -> Listing:
        """What an account posted and passed on, but for answers; where the token may look at profiles."""
        most = self._run.campaign.collect.history_max_pages
        first = f"{_API}/profile_posts?{_asked(username=local, limit=str(PAGE))}"
        return Listing(first=first, items=under("data"), next=_next, max_pages=most, flaw=lambda: WITHOUT_REPLIES)

    def judge(self, answer: Answer) -> Answer:
        """By the code in a refusal."""
        return meant(answer)

    def native(self, item: Item) -> str | None:
        """Its id; of a repost that of the post passed on."""
        return records.named(item, "reposted_post") if records.is_repost(item) else native_id(item)

    def created_at(self, item: Item) -> datetime:
        """When it was published, or passed on."""
        return records.created_at(item)

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """Those of a post; of a repost it cannot tell."""
        return None if records.is_repost(item) else records.hashtags(item)

    def learn(self, item: Item) -> None:
        """Who wrote it."""
        native, name = native_id(item), records.author(item)
        if native is None:
            raise UnkeptError("post without id")
        self.names.accounts[name] = identity(name)
        if not records.is_repost(item):
            self.names.authors[native] = identity(name)
            self.names.posts[native] = identity(native)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post and who wrote it, or a repost; one that the owner of the thread hides is not shown here either."""
        native, host = native_id(item) or "", self.names.host
        if records.is_held_back(item):
            yield Seen(role="withheld", native=native)
            return
        record = records.post_record(item, self.names.authors, host, at, owner=self._owner)
        account, name = records.account_record(item, host, at), records.author(item)
        if records.is_repost(item):
            yield Seen(role="repost", account=account, record=record, local=name)
            return
        parent, quoted = records.named(item, "replied_to"), records.named(item, "quoted_post")
        yield Seen(role="post", account=account, record=record, native=native, local=name, parent=parent, quoted=quoted)

    def _search(self, tag: str, since: datetime) -> str:
        hashtag_path(tag)
        times = {"since": str(int(since.timestamp())), "until": str(int(self._run.clock.timestamp()))}
        told = {"q": tag, "search_mode": "TAG", "search_type": "RECENT", "limit": str(PAGE)}
        return f"{_API}/keyword_search?{_asked(**told, **times)}"

    def _results(self, payload: Any) -> Sequence[Item]:
        found = under("data")(payload)
        names = (one.get("username") for one in found if isinstance(one, dict))
        self._found |= {name.lower() for name in names if isinstance(name, str)}
        return found

    def _flaw(self) -> str | None:
        """That a search showed one person's posts only, the token's owner as far as is known."""
        if len(self._found) != 1 or (self._owner is not None and self._found != {self._owner}):
            return None
        self.told.append(_of_one(self._run.source))
        return "refused"


class ThreadsSpider(PlatformSpider):
    """One crawl of the site."""

    name = NAME
    opened = ThreadsApi


class _Named:
    """The answers to a post that are shown, and those that are named in them, which may be hidden, private or gone."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._ids: set[str] = set()

    def items(self, payload: Any) -> Sequence[Item]:
        """What an answer holds."""
        found = under("data")(payload)
        for item in found:
            if isinstance(item, dict):
                self._ids |= set(filter(None, (native_id(item), records.named(item, "replied_to"))))
        return found

    def total(self, answer: Answer) -> int:
        """How many are known to be there."""
        return len(self._ids - {self._root})


def _of_one(host: str) -> tuple[str, str]:
    """In English and French, what a search of one person's posts means."""
    en = "the search shows posts of one person only, the token's owner: its app lacks the permission"
    fr = "la recherche ne montre que les publications d'une personne, à qui est le jeton : il manque à l'application"
    return (
        f"{host}: {en} threads_keyword_search, granted in app review; nothing is known of the hashtag",
        f"{host} : {fr} l'autorisation threads_keyword_search (app review de Meta) ; on ne sait rien du mot-dièse",
    )


def _asked(**query: str) -> str:
    return urlencode({**query, "fields": _FIELDS}, safe=",")


def _next(page: Page) -> Sequence[Ask] | None:
    """By the cursor, where a next page is named: its address held the token, and is not followed itself."""
    paging = page.answer.payload.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    if not isinstance(following, str) or not following:
        return None
    after = url_query_parameter(following, "after")
    return [page.first.having("after", after)] if after else []
