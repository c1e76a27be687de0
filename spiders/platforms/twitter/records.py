"""What X shows, as records: posts with what they refer to, reposts, people, and what is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar

from passerelle.allowed import EngagementKind
from passerelle.records import AccountRecord, DeletionRecord, EngagementRecord, PostRecord
from spiders.archives.tweets_v1 import PLATFORM
from spiders.archives.tweets_v2 import Around, account_of, around_page, post_of, versions
from spiders.collecting.names import LocalNames
from spiders.collecting.people import Naming, Shape
from spiders.collecting.shape import Item, Platform, Seen
from spiders.collecting.values import Json, moment
from spiders.platforms.twitter.pages import counted, ends, native_of, referred, tweet_of, whole_item

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of what is looked at and not kept


class TweetNames(LocalNames):
    """An id names a post, or a person, everywhere; a post that was edited has one more for each version."""

    platform: ClassVar[str] = PLATFORM

    def stand_in(self, native: str) -> str:
        """The identity, whether the post was shown or not."""
        return f"{PLATFORM}:{native}"

    def is_own(self, uri: str) -> bool:
        """There is one site."""
        return True


class TweetReading(Platform):
    """How its answers are read. `conversations` are known by the ids of their posts."""

    name: ClassVar[str] = PLATFORM
    people: ClassVar[Naming] = Naming(
        shapes=(Shape(has=("id", "username"), local="id", names=("username",), shown=("name",)),),
        person=lambda user, _: f"{PLATFORM}:{user['id']}",
        written_by=("author_id",),
    )
    tells_times: ClassVar[bool] = True

    def __init__(self, names: TweetNames) -> None:
        self.names = names
        self.conversations: dict[str, str] = {}

    def native(self, item: Item) -> str | None:
        """The id of a post, or of the one that it reposts."""
        found = whole_item(item)
        tweet = tweet_of(found)
        original = referred(tweet).get("retweeted")
        if original is None:
            return native_of(tweet)
        shown = self._around(found, _NEVER).tweets.get(original)
        return native_of(shown) if shown else original

    def created_at(self, item: Item) -> datetime:
        """When a post was written, or reposted."""
        return moment(tweet_of(whole_item(item))["created_at"])

    def hashtags(self, item: Item) -> Sequence[str] | None:
        """Those of a post, and of the ones that it reposts or quotes: a search finds it for these too."""
        found = whole_item(item)
        tweet, around = tweet_of(found), self._around(found, _NEVER)
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
        around = self._around(found, _NEVER)
        for tweet in (tweet_of(found), *around.tweets.values()):
            name = self.names.stand_in(native_of(tweet))
            self.names.posts.update(dict.fromkeys(versions(tweet), name))
            if isinstance(root := tweet.get("conversation_id"), str):
                self.conversations[native_of(tweet)] = root
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
                role="gone" if meaning == "gone" else "withheld",
                native=native,
                record=self._end_of(native, meaning, at),
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

    def _end_of(self, native: str, meaning: str, at: datetime) -> DeletionRecord | None:
        if meaning != "gone":
            return None
        post = self.names.post(native)
        return DeletionRecord(platform=PLATFORM, post=post, captured_at=at, source=self.names.host)


def _author(tweet: Json, around: Around) -> AccountRecord | None:
    user = around.users.get(tweet["author_id"])
    return account_of(user, around) if user else None


def _local(tweet: Json) -> str:
    return str(tweet["author_id"])
