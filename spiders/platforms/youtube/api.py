"""How YouTube is asked: a search for videos, comments below each, known ones fifty at a time.

A key may ask for so much a day, counted in the crawl state: searches apart, all else in units. A search is a sample of
what there is (coverage ``search``). Of a video nothing but numbers is told of who liked it. What was said is looked at
again within 30 days for as long as rows are kept, as the terms of the API demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

from passerelle.errors import UsageError
from passerelle.values import UnkeptError
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.bodies import as_json
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.budget import Cost, Spending
from spiders.collecting.hashtags import known_cursor, timeline
from spiders.collecting.names import LocalNames
from spiders.collecting.people import Naming
from spiders.collecting.shape import Item, Listing, Platform, Seen, under
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.times import OVERLAP, moment_of
from spiders.collecting.values import id_text, native_id
from spiders.platforms.youtube import comments, records, search
from spiders.platforms.youtube.records import NAME, identity
from spiders.platforms.youtube.refusals import meant

_HOSTS = ("www.googleapis.com", "youtube.googleapis.com")
_PEOPLE = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")
_ABSENT = "absent"


class VideoNames(LocalNames):
    """A video is ``VIDEO``, a comment below it ``VIDEO/COMMENT``; both are named by their last id."""

    platform: ClassVar[str] = NAME

    def stand_in(self, native: str) -> str:
        """The name, whether it was shown or not."""
        return identity(native.rpartition("/")[2])

    def is_own(self, uri: str) -> bool:
        """There is one site."""
        return True


class YouTube(Platform):
    """The site, by its API."""

    name: ClassVar[str] = NAME
    people: ClassVar[Naming] = records.PEOPLE
    refresh_days: ClassVar[int | None] = 30

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = VideoNames(run.source, run.source, shown, dict(state.accounts))
        self.spending = self._spending = Spending(run.server, state, run.clock)
        self._run, self._state = run, state
        self._known = frozenset(state.posts)
        self._natives = {native.rpartition("/")[2]: native for native in state.posts}
        self._handles: dict[str, str] = {}  # channels by handle
        self._said: dict[str, int | None] = {}  # how many comments videos are said to have
        self._asked: set[str] = set()  # for among others
        self._seen: set[str] = set()

    async def greet(self, api: Api) -> None:
        """Nothing is to be learnt; the site for people has no API, and the API wants a key."""
        if self._run.source in _PEOPLE:
            raise UsageError(
                en=f'{self._run.source} is for people; write host = "{_HOSTS[0]}" for this source',
                fr=f'{self._run.source} est fait pour les personnes ; écrivez host = "{_HOSTS[0]}" pour cette source',
            )

    def cost(self, ask: Ask) -> Cost:
        """A search is one of the day's searches, anything else a unit."""
        path = urlsplit(ask.url).path
        return {"search" if path == f"{search.API}/search" else "units": 1} if path.startswith(search.API) else {}

    def doors(self, tag: str) -> Iterable[str]:
        """The search."""
        hashtag_path(tag)
        return [search.search(tag, self._run.clock, self._run.clock)]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """A search of what was published since it was read last, newest first."""
        hashtag_path(tag)
        collect, clock = self._run.campaign.collect, self._run.clock
        known = known_cursor(self._run, self._state, timeline(tag, ""))
        since = min(moment_of(known.until), clock) - OVERLAP if known else clock - timedelta(days=collect.first_days)
        first = search.search(tag, since, clock)
        most = 2 * collect.max_pages  # each of a search is followed by its videos
        return [Listing(first=first, items=search.found, next=search.following, max_pages=most, is_search=True)]

    def post(self, native: str) -> Ask:
        """A video or a comment; whether a video is gone that did not come with others."""
        video, _, comment = native.partition("/")
        if native in self._asked and native not in self._seen and not comment:
            return Ask(comments.exists(video), read=lambda body, kind: {_ABSENT: native})
        address = comments.some([comment]) if comment else search.videos([video])
        return Ask(address, read=partial(_only, native))

    def several(self, natives: Sequence[str]) -> Listing:
        """Videos, then comments, fifty at a time."""
        self._asked |= set(natives)
        videos = [native for native in natives if "/" not in native]
        told = [native.rpartition("/")[2] for native in natives if "/" in native]
        left = [search.videos(part) for part in _parts(videos)] + [comments.some(part) for part in _parts(told)]
        first, *rest = left
        following = iter(rest)

        def next_part(page: Any) -> Sequence[Ask] | None:
            url = next(following, None)
            return None if url is None else [page.first.at(url)]

        return Listing(first=first, items=under("items"), next=next_part, max_pages=len(left))

    def thread(self, native: str) -> Listing | None:
        """What is below a video; what is below a comment comes with it."""
        if "/" in native:
            return None
        known = {one.partition("/")[2] for one in self._known if one.startswith(f"{native}/")}
        return comments.Below(native, self._said.get(native), self._state.kept, known).listing()

    def judge(self, answer: Answer) -> Answer:
        """By the reason of a refusal: its status does not tell a limit from a fact about a video."""
        told = meant(answer)
        if told.outcome == "budget":
            [name] = self.cost(Ask(answer.url))
            self._spending.exhaust(name, answer.captured_at)
        return told

    def native(self, item: Item) -> str | None:
        """``VIDEO`` or ``VIDEO/COMMENT``."""
        if _ABSENT in item:
            return str(item[_ABSENT])
        name = native_id(item)
        return self._below(name, item) if name is not None and records.is_comment(item) else name

    def created_at(self, item: Item) -> datetime:
        """When it was published."""
        return records.created_at(item)

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """Those written in it."""
        return None if _ABSENT in item else records.hashtags(item)

    def learn(self, item: Item) -> None:
        """What it is called, who published it, and how many comments it is said to have."""
        if _ABSENT in item:
            return
        native = self.native(item)
        if native is None:
            raise UnkeptError("post without id")
        self._natives[native.rpartition("/")[2]] = native
        self._seen.add(native)
        self.names.posts[native] = self.names.stand_in(native)
        if channel := records.author(item):
            self.names.authors[native] = self.names.accounts[channel] = identity(channel)
            if handle := records.handle(item):
                self._handles[handle.casefold()] = channel
        if "/" not in native:
            self._said[native] = records.said_comments(item)

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A video or a comment, and who published it; one that is there and not shown."""
        native = self.native(item) or ""
        if _ABSENT in item:
            yield Seen(role="withheld", native=native)
            return
        host = self.names.host
        record = records.post_record(item, native, self.names.authors, self._handles, host, at)
        account = records.account_record(item, self._handles, host, at)
        yield Seen(
            role="post",
            account=account,
            record=record,
            native=native,
            local=records.author(item),
            parent=records.parent_of(item, native),
        )

    def _below(self, name: str, item: Item) -> str:
        """A comment's own name, under the video that it names, or that the comment at the top is below."""
        snippet = item["snippet"]
        top = id_text(snippet.get("parentId")) or name.partition(".")[0]
        known = (self._natives.get(one, "").rpartition("/")[0] for one in (name, top))
        video = id_text(snippet.get("videoId")) or next(filter(None, known), None)
        if video is None:
            raise UnkeptError("comment without video")
        return f"{video}/{name}"


class YouTubeSpider(PlatformSpider):
    """One crawl of the site."""

    name = NAME
    opened = YouTube


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), search.PAGE):
        yield names[start : start + search.PAGE]


def _only(native: str, body: bytes, content_type: str) -> Any:
    """The one thing in an answer; that it is not shown, which proves nothing. Raises ValueError for no list."""
    payload = as_json(body, content_type)
    items = payload.get("items") if isinstance(payload, dict) else None
    if not isinstance(items, list):
        raise ValueError("no list")
    return items[0] if items else {_ABSENT: native}
