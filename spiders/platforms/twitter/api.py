"""How X is asked: by API v2, with the token of an app, where each post and each person that comes is paid for.

A search reaches 7 days back; what is older comes from the whole archive, where the token allows it. The first post of
a conversation is not in it, and is asked for by its id. Who reposted comes as posts, with times.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

from passerelle.allowed import EngagementKind
from passerelle.errors import UsageError
from spiders.archives.tweets_v1 import PLATFORM
from spiders.archives.tweets_v2 import written_at
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask, asked
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.budget import Cost, Spending
from spiders.collecting.hashtags import known_cursor, timeline
from spiders.collecting.paging import Page
from spiders.collecting.shape import Listing
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.times import moment_of
from spiders.collecting.values import Json
from spiders.platforms.twitter import addresses
from spiders.platforms.twitter.pages import items, of_nothing
from spiders.platforms.twitter.prices import Bill, as_many, at_most, fitting
from spiders.platforms.twitter.records import TweetNames, TweetReading
from spiders.platforms.twitter.words import advice, is_spent, no_more, without_archive, without_budget

_HOST, _MONEY = "api.x.com", "usd"
_REACH = timedelta(days=6.5)  # of a search, less half a day: a run that was cut is taken up as long after it began
_PAUSE = 1.0  # seconds between two questions to the archive
_AGAIN = timedelta(hours=1)  # what is read twice is paid twice
# what comes in the place of an answer that this token does not get
_SHUT = {"data": list[Json](), "meta": {"result_count": 0}, "shut": True}


class Twitter(TweetReading):
    """The API, as one app sees it. Its terms want what was deleted there to be deleted here: known posts are asked for
    again.
    """

    refresh_days: ClassVar[int | None] = 30

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        _must_be_readable(run)
        super().__init__(TweetNames(run.source, run.source, shown, dict(state.accounts)))
        self.told: list[tuple[str, str]] = []
        self._run = run
        self._state = state
        self.spending = None if _is_unpaid(run) else Spending(run.server, state, run.clock)
        if self.spending is not None and not self.spending.most(_MONEY):
            raise without_budget(run.source)
        self._bill = Bill()
        self._is_over = False  # no credit, or no more than so much: neither comes back by waiting
        self._shut: set[str] = set()  # last words of addresses that this token does not get

    def cost(self, ask: Ask) -> Cost:
        """Money, for all that may come."""
        return {_MONEY: at_most(ask)}

    def charged(self, ask: Ask, answer: Answer) -> Cost:
        """Money, for what came."""
        return {_MONEY: self._bill.of(ask, answer)}

    def affords(self, ask: Ask) -> bool:
        """Whether what is left of the month's money suffices."""
        return not self._is_over and super().affords(ask)

    def doors(self, tag: str) -> Iterable[str]:
        """The search."""
        hashtag_path(tag)
        return [addresses.search("recent", f"#{tag}")]

    async def hashtag(self, api: Api, tag: str) -> Sequence[Listing]:
        """A search of the last days, then of the archive for what is older and wanted."""
        hashtag_path(tag)
        since = self._since(tag)
        begin = {"start_time": addresses.moment_text(since)} if since >= self._run.clock - _REACH else {}
        return [
            Listing(
                first=self._fitting(addresses.search("recent", f"#{tag}", **begin)),
                items=items,
                next=partial(self._older, tag, since),
                max_pages=self._run.campaign.collect.max_pages,
                shows_newest=lambda payload: payload.get("shut") is True,
                reach=self._run.clock - _REACH,
            )
        ]

    def post(self, native: str) -> str:
        """One post."""
        return addresses.post(native)

    def several(self, natives: Sequence[str]) -> Listing:
        """Many posts, a hundred a question."""
        left = list(natives)

        def some() -> Ask:
            named = as_many(left, None if self.spending is None else self.spending.left(_MONEY))
            del left[: len(named)]
            return asked(addresses.posts(named))

        return Listing(first=some(), items=items, next=lambda page: [some()] if left else None, of_several=True)

    def thread(self, native: str) -> Listing:
        """The conversation that a post belongs to, but for its first post."""
        root = self.conversations.get(native, native)
        where = "all" if self._is_old(root) and "all" not in self._shut else "recent"
        first = self._fitting(addresses.search(where, f"conversation_id:{root}"))
        return Listing(first=first, items=items, next=self._more_of_thread, edge=lambda payload: ())

    def engagement(self, native: str, kind: EngagementKind) -> Listing | None:
        """Who reposted, with times; without them where the token does not get these."""
        if kind != "repost":
            return None
        first = self._fitting((addresses.reposters if "retweets" in self._shut else addresses.reposts)(native))
        return Listing(first=first, items=items, next=partial(self._more_reposters, native))

    def quotes(self, native: str) -> Listing:
        """The posts that quote a post."""
        return Listing(first=self._fitting(addresses.quotes(native)), items=items, next=self._more)

    def history(self, local: str) -> Listing:
        """What a person wrote, as far back as this run may want it."""
        collect = self._run.campaign.collect
        begin = self._run.clock - timedelta(days=collect.history_days + collect.first_days)
        first, most = self._fitting(addresses.written_by(local, begin)), collect.history_max_pages
        return Listing(first=first, items=items, next=self._more, max_pages=most)

    def judge(self, answer: Answer) -> Answer:
        """What is gone, or not for us, comes with a 200; what this token does not get is asked for elsewhere."""
        place = urlsplit(answer.url).path.rpartition("/")[2]
        is_of_several = answer.url.partition("?")[0].endswith("/2/tweets")  # of which none may be left
        if not is_of_several and (meaning := of_nothing(answer)):
            return replace(answer, outcome=meaning)
        if is_spent(answer):
            self._end(answer)
            return replace(answer, outcome="budget", of_one=True)
        if answer.status in (401, 403) and place in ("all", "retweets"):
            if place == "all" and place not in self._shut:
                self.told.append(without_archive(self._run.source))
            self._shut.add(place)
            return replace(answer, outcome="ok", payload=_SHUT)
        return replace(answer, advice=advice(answer))

    def _end(self, answer: Answer) -> None:
        """Ask for nothing more in this run, and say why."""
        if not self._is_over:
            self.told.append(no_more(self._run.source, answer))
        self._is_over = True

    def _since(self, tag: str) -> datetime:
        """From when on posts are wanted: a little before what is known ends."""
        known = known_cursor(self._run, self._state, timeline(tag, ""))
        first = self._run.clock - timedelta(days=self._run.campaign.collect.first_days)
        return min(moment_of(known.until), self._run.clock) - _AGAIN if known else first

    def _is_old(self, native: str) -> bool:
        """Whether a post is out of the reach of a search; an id holds its time."""
        return written_at(native) < self._run.clock - _REACH

    def _older(self, tag: str, since: datetime, page: Page) -> Sequence[Ask] | None:
        """The next page; after the last one of the last days, the archive."""
        following = self._more(page)
        if following is not None or not urlsplit(page.answer.url).path.endswith("/recent"):
            return following
        end = self._run.clock - _REACH
        if since >= end:
            return None
        span = {"start_time": addresses.moment_text(since), "end_time": addresses.moment_text(end)}
        return [self._fitting(addresses.search("all", f"#{tag}", **span))]

    def _more_of_thread(self, page: Page) -> Sequence[Ask] | None:
        """The next page; what is left of a conversation where the archive is not for us."""
        if page.answer.payload.get("shut") is True:
            return [self._fitting(page.first.url.replace("/search/all?", "/search/recent?"))]
        return self._more(page)

    def _more_reposters(self, native: str, page: Page) -> Sequence[Ask] | None:
        if page.answer.payload.get("shut") is True:
            return [self._fitting(addresses.reposters(native))]
        return self._more(page)

    def _more(self, page: Page) -> Sequence[Ask] | None:
        """The next page."""
        following = addresses.more(page)
        return following and [self._fitting(ask) for ask in following]

    def _fitting(self, address: str | Ask) -> Ask:
        """A question for no more than what is left of the money pays for."""
        ask = replace(asked(address), pause=_PAUSE if "/search/all?" in asked(address).url else 0.0)
        return ask if self.spending is None else fitting(ask, self.spending.left(_MONEY))


class TwitterSpider(PlatformSpider):
    """One crawl of X."""

    name = PLATFORM
    opened = Twitter


def _must_be_readable(run: Run) -> None:
    """Before anything is asked: the site itself is no API. Raises UsageError."""
    if run.source.removeprefix("www.") in ("x.com", "twitter.com"):
        raise UsageError(
            en=f'{run.source} is for people; write host = "{_HOST}" for this source',
            fr=f'{run.source} est le site ; écrivez host = "{_HOST}" pour cette source',
        )


def _is_unpaid(run: Run) -> bool:
    """Whether a recording is replayed whose source is in no campaign file any more: nothing is spent then."""
    return run.tape.replaying and not run.server.budget
