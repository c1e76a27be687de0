"""How X is asked: by API v2, with the token of an app, where each post and each person that comes is paid for.

A search reaches 7 days back; what is older comes from the whole archive, where the token allows it. The first post of
a conversation is not in it, and is asked for by its id. Who reposted comes as posts, with times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar
from urllib.parse import urlsplit

from passerelle.allowed import EngagementKind
from passerelle.errors import UsageError
from passerelle.records import AccountRecord, DeletionRecord, EngagementRecord, PostRecord
from spiders.archives.tweets_v1 import PLATFORM
from spiders.archives.tweets_v2 import Around, account_of, around_page, post_of, versions, written_at
from spiders.asking.answers import Answer
from spiders.asking.api import Api
from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.asking.run import Run
from spiders.collecting.hashtags import known_cursor, timeline
from spiders.collecting.names import LocalNames
from spiders.collecting.paging import Page
from spiders.collecting.shape import Item, Listing, Platform, Seen
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.state import CrawlState
from spiders.collecting.times import moment_of
from spiders.collecting.values import Json, moment
from spiders.platforms.twitter import addresses
from spiders.platforms.twitter.pages import (
    counted,
    ends,
    items,
    native_of,
    of_nothing,
    referred,
    tweet_of,
    whole_item,
)

_HOST = "api.x.com"
_REACH = timedelta(days=6.5)  # of a search, less half a day: a run that was cut is taken up as long after it began
_AGAIN = timedelta(hours=1)  # what is read twice is paid twice
# what comes in the place of an answer that this token does not get
_SHUT = {"data": list[Json](), "meta": {"result_count": 0}, "shut": True}


class TweetNames(LocalNames):
    """An id names a post, or a person, everywhere; a post that was edited has one more for each version."""

    platform: ClassVar[str] = PLATFORM

    def stand_in(self, native: str) -> str:
        """The identity, whether the post was shown or not."""
        return f"{PLATFORM}:{native}"

    def is_own(self, uri: str) -> bool:
        """There is one site."""
        return True


class Twitter(Platform):
    """The API, as one app sees it."""

    name: ClassVar[str] = PLATFORM

    def __init__(self, run: Run, state: CrawlState, shown: MutableMapping[str, str]) -> None:
        self.names = TweetNames(run.source, run.source, shown, dict(state.accounts))
        self.told: list[tuple[str, str]] = []
        self._run = run
        self._state = state
        self._conversations: dict[str, str] = {}  # by the ids of their posts
        self._shut: set[str] = set()  # last words of addresses that this token does not get

    async def greet(self, api: Api) -> None:
        """Nothing is to be learnt; the site itself is no API."""
        if self._run.source.removeprefix("www.") in ("x.com", "twitter.com"):
            raise UsageError(
                en=f'{self._run.source} is for people; write host = "{_HOST}" for this source',
                fr=f'{self._run.source} est le site ; écrivez host = "{_HOST}" pour cette source',
            )

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
                first=addresses.search("recent", f"#{tag}", **begin),
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

    def thread(self, native: str) -> Listing:
        """The conversation that a post belongs to, but for its first post."""
        root = self._conversations.get(native, native)
        where = "all" if self._is_old(root) and "all" not in self._shut else "recent"
        first = addresses.search(where, f"conversation_id:{root}")
        return Listing(first=first, items=items, next=self._more_of_thread, edge=lambda payload: ())

    def engagement(self, native: str, kind: EngagementKind) -> Listing | None:
        """Who reposted, with times; without them where the token does not get these."""
        if kind != "repost":
            return None
        first = (addresses.reposters if "retweets" in self._shut else addresses.reposts)(native)
        return Listing(first=first, items=items, next=partial(self._more_reposters, native))

    def quotes(self, native: str) -> Listing:
        """The posts that quote a post."""
        return Listing(first=addresses.quotes(native), items=items, next=addresses.more)

    def history(self, local: str) -> Listing:
        """What a person wrote, as far back as this run may want it."""
        collect = self._run.campaign.collect
        begin = self._run.clock - timedelta(days=collect.history_days + collect.first_days)
        first, most = addresses.written_by(local, begin), collect.history_max_pages
        return Listing(first=first, items=items, next=addresses.more, max_pages=most)

    def judge(self, answer: Answer) -> Answer:
        """What is gone, or not for us, comes with a 200; what this token does not get is asked for elsewhere."""
        if meaning := of_nothing(answer):
            return replace(answer, outcome=meaning)
        place = urlsplit(answer.url).path.rpartition("/")[2]
        if answer.status in (401, 403) and place in ("all", "retweets"):
            if place == "all" and place not in self._shut:
                self.told.append(_without_archive(self._run.source))
            self._shut.add(place)
            return replace(answer, outcome="ok", payload=_SHUT)
        return answer

    def native(self, item: Item) -> str | None:
        """The id of a post, or of the one that it reposts."""
        found = whole_item(item)
        tweet = tweet_of(found)
        original = referred(tweet).get("retweeted")
        if original is None:
            return native_of(tweet)
        shown = self._around(found, self._run.clock).tweets.get(original)
        return native_of(shown) if shown else original

    def created_at(self, item: Item) -> datetime:
        """When a post was written, or reposted."""
        return moment(tweet_of(whole_item(item))["created_at"])

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """Those of a post, and of the ones that it reposts or quotes: a search finds it for these too."""
        found = whole_item(item)
        tweet, around = tweet_of(found), self._around(found, self._run.clock)
        about = referred(tweet)
        others = [about[how] for how in ("retweeted", "quoted") if how in about]
        if any(other not in around.tweets for other in others):
            return None
        tweets = (tweet, *(around.tweets[other] for other in others))
        return [tag for one in tweets for tag in post_of(one, around, embedded=False).hashtags]

    def learn(self, item: Item) -> None:
        """What the posts and people of an item are called, and which conversation a post belongs to."""
        found = whole_item(item)
        if "username" in found["data"]:
            return
        around = self._around(found, self._run.clock)
        for tweet in (tweet_of(found), *around.tweets.values()):
            name = self.names.stand_in(native_of(tweet))
            self.names.posts.update(dict.fromkeys(versions(tweet), name))
            if isinstance(root := tweet.get("conversation_id"), str):
                self._conversations[native_of(tweet)] = root
        self.names.accounts.update({local: f"{PLATFORM}:{local}" for local in around.users})

    def read(self, item: Item, at: datetime) -> Iterator[Seen]:
        """A post, or a repost and its original; before it what it answers or quotes, after it what of that is gone."""
        found = whole_item(item)
        tweet, around = tweet_of(found), self._around(found, at)
        about = referred(tweet)
        if "retweeted" in about:
            yield Seen(
                role="repost", account=_author(tweet, around), record=self._post(tweet, around), local=_local(tweet)
            )
            if original := around.tweets.get(about["retweeted"]):
                yield self._shown(original, around)
            return
        for other in dict.fromkeys(about.values()):
            if shown := around.tweets.get(other):
                yield replace(self._shown(shown, around, embedded=True), role="quoted")
        yield self._shown(tweet, around)
        for native, meaning in ends(found):
            yield Seen(
                role="gone" if meaning == "gone" else "withheld", native=native, record=self._end(native, meaning, at)
            )

    def read_engager(self, item: Item, post: str, kind: EngagementKind, at: datetime) -> Iterator[Seen]:
        """Who reposted `post`: a repost with its time, or a person."""
        found = whole_item(item)
        if "username" in found["data"]:
            account = account_of(found["data"], Around(at, self.names.host))
            act = EngagementRecord(
                platform=PLATFORM,
                post=post,
                account=account.account,
                kind=kind,
                captured_at=at,
                source=self.names.host,
            )
            yield Seen(role="account", account=account, record=act, local=found["data"]["id"])
            return
        tweet, around = tweet_of(found), self._around(found, at)
        record = replace(self._post(tweet, around), repost_of=post, text="", hashtags=(), mentions=())
        yield Seen(role="account", account=_author(tweet, around), record=record, local=_local(tweet))

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
        following = addresses.more(page)
        if following is not None or not urlsplit(page.answer.url).path.endswith("/recent"):
            return following
        end = self._run.clock - _REACH
        if since >= end:
            return None
        return [
            page.first.at(
                addresses.search(
                    "all", f"#{tag}", start_time=addresses.moment_text(since), end_time=addresses.moment_text(end)
                )
            )
        ]

    def _more_of_thread(self, page: Page) -> Sequence[Ask] | None:
        """The next page; what is left of a conversation where the archive is not for us."""
        if page.answer.payload.get("shut") is True:
            return [page.first.at(page.first.url.replace("/search/all?", "/search/recent?"))]
        return addresses.more(page)

    def _more_reposters(self, native: str, page: Page) -> Sequence[Ask] | None:
        if page.answer.payload.get("shut") is True:
            return [page.first.at(addresses.reposters(native))]
        return addresses.more(page)

    def _around(self, item: Json, at: datetime) -> Around:
        return around_page(item, at, self.names.host)

    def _post(self, tweet: Json, around: Around, *, embedded: bool = False) -> PostRecord:
        return counted(replace(post_of(tweet, around, embedded=embedded), where=f"{self.names.host}/{tweet['id']}"))

    def _shown(self, tweet: Json, around: Around, *, embedded: bool = False) -> Seen:
        """A post and who wrote it, with the ids of what it refers to."""
        about, native, root = referred(tweet), native_of(tweet), tweet.get("conversation_id")
        answers = tweet.get("in_reply_to_user_id")
        return Seen(
            role="post",
            account=_author(tweet, around),
            record=self._post(tweet, around, embedded=embedded),
            native=native,
            local=_local(tweet),
            parent=about.get("replied_to"),
            quoted=about.get("quoted"),
            root=root if isinstance(root, str) and root not in versions(tweet) else None,
            answers=answers if isinstance(answers, str) else None,
        )

    def _end(self, native: str, meaning: str, at: datetime) -> DeletionRecord | None:
        if meaning != "gone":
            return None
        post = self.names.post(native)
        return DeletionRecord(platform=PLATFORM, post=post, captured_at=at, source=self.names.host)


class TwitterSpider(PlatformSpider):
    """One crawl of X."""

    name = PLATFORM
    opened = Twitter


def _author(tweet: Json, around: Around) -> AccountRecord | None:
    user = around.users.get(tweet["author_id"])
    return account_of(user, around) if user else None


def _local(tweet: Json) -> str:
    return str(tweet["author_id"])


def _without_archive(host: str) -> tuple[str, str]:
    """In English and French, that nothing older than a week can be searched."""
    en = "this token may not search the archive, so nothing older than 7 days is seen; give the app access to it at"
    fr = "ce jeton ne permet pas de chercher dans l'archive, rien d'antérieur à 7 jours n'est vu ; donnez-y accès à"
    return (
        f"{host}: {en} console.x.com, or import an archive that you have",
        f"{host} : {fr} l'application sur console.x.com, ou importez une archive que vous avez",
    )
