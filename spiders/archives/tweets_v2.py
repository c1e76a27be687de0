"""Tweets of API v2, as twarc2 wrote them: one response page a line, or flattened to one tweet a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord, Record
from spiders.archives.fields import (
    Json,
    Spare,
    count_of_field,
    iso_language,
    iso_time,
    optional_id,
    reading,
    text,
    tweet_id,
)
from spiders.archives.tweets_v1 import PLATFORM, mention_record


@dataclass(frozen=True, slots=True)
class Around:
    """What a line says beside its tweets: users and tweets by id, when and where it was captured."""

    captured_at: datetime
    source: str
    users: dict[str, Json] = field(default_factory=dict)
    tweets: dict[str, Json] = field(default_factory=dict)


def retrieved_at(line: Json) -> datetime | None:
    """When twarc2 says that it fetched the line."""
    stated = (line.get("__twarc") or {}).get("retrieved_at")
    return iso_time(stated, "__twarc.retrieved_at") if stated else None


def records_of_line(line: Json, captured_at: datetime, source: str, where: str) -> Iterator[Record]:
    """The posts of one line: those that others include first. A tweet that cannot be read costs no other."""
    around = Around(captured_at, source)
    is_page = "data" in line or ("meta" in line and "author_id" not in line)
    tweets, included = _page(line, around) if is_page else _flattened(line, around)
    both = [*((tweet, True) for tweet in included), *((tweet, False) for tweet in tweets)]
    for place, (tweet, embedded) in enumerate(both, 1):
        at = where if len(both) == 1 else f"{where}, tweet {place}"
        yield from reading(partial(_records, tweet, around, embedded), source, at, captured_at)


def _page(line: Json, around: Around) -> tuple[list[Json], list[Json]]:
    data, includes = line.get("data") or [], line.get("includes") or {}
    around.users.update(_by_id(includes.get("users")))
    around.tweets.update(_by_id(includes.get("tweets")))
    return ([data] if isinstance(data, dict) else data), list(includes.get("tweets") or ())


def _by_id(things: list[Json] | None) -> dict[str, Json]:
    return {
        thing["id"]: thing for thing in things or () if isinstance(thing, dict) and isinstance(thing.get("id"), str)
    }


def _flattened(line: Json, around: Around) -> tuple[list[Json], list[Json]]:
    """Included tweets stand inside ``referenced_tweets``, users beside the tweet they wrote."""
    included = [tweet for tweet in line.get("referenced_tweets") or () if "author_id" in tweet]
    around.tweets.update({tweet["id"]: tweet for tweet in included})
    around.users.update({t["author_id"]: t["author"] for t in (line, *included) if t.get("author")})
    # a flattened original repeats "type": retweeted, which is no field of a tweet
    return [line], included


def _records(tweet: Json, around: Around, embedded: bool) -> Iterator[Record]:
    user = around.users.get(tweet["author_id"])
    if user:
        yield _account(user, around)
    yield _post(tweet, user, around, embedded)


def _post(tweet: Json, user: Json | None, around: Around, embedded: bool) -> PostRecord:
    body = tweet.get("note_tweet") or tweet
    spare, entities = Spare(), body.get("entities") or {}
    metrics = spare.read("public_metrics", lambda: dict(tweet.get("public_metrics") or {})) or {}
    about = {ref["type"]: tweet_id(ref["id"], "referenced_tweets") for ref in tweet.get("referenced_tweets") or ()}
    return PostRecord(
        platform=PLATFORM,
        post=tweet_id(tweet["id"], "id"),
        author=tweet_id(tweet["author_id"], "author_id"),
        created_at=iso_time(tweet["created_at"], "created_at"),
        captured_at=around.captured_at,
        source=around.source,
        text=text(body, "text"),
        text_format="plain",
        language=spare.read("language", lambda: iso_language(tweet.get("lang"))),
        hashtags=spare.all("hashtags", entities.get("hashtags"), lambda tag: text(tag, "tag")),
        mentions=spare.read("mentions", lambda: _mentions(entities, is_reply="replied_to" in about)) or (),
        reply_to=about.get("replied_to"),
        reply_to_author=spare.read(
            "reply_to_author", lambda: optional_id(tweet.get("in_reply_to_user_id"), "in_reply_to_user_id")
        ),
        root=optional_id(tweet.get("conversation_id"), "conversation_id"),
        repost_of=about.get("retweeted"),
        repost_of_author=spare.read(
            "repost_of_author",
            lambda: _author(about.get("retweeted"), around) or _named_in_repost(tweet, entities, about),
        ),
        quote_of=about.get("quoted"),
        quote_of_author=spare.read("quote_of_author", lambda: _author(about.get("quoted"), around)),
        visibility="protected" if user and user.get("protected") else "public",
        replies=count_of_field(metrics, "reply_count"),
        reposts=count_of_field(metrics, "retweet_count"),
        quotes=count_of_field(metrics, "quote_count"),
        favourites=count_of_field(metrics, "like_count"),
        has_media=bool(spare.read("has_media", lambda: (tweet.get("attachments") or {}).get("media_keys"))),
        embedded=embedded,
        left_out=spare.left_out,
    )


def _author(post: str | None, around: Around) -> str | None:
    tweet = around.tweets.get(post.removeprefix("twitter:")) if post else None
    return tweet_id(tweet["author_id"], "author_id") if tweet else None


def _named_in_repost(tweet: Json, entities: Json, about: Json) -> str | None:
    """The author whom ``RT @name: …`` names, where the original itself did not come."""
    if "retweeted" not in about:
        return None
    first = min(entities.get("mentions") or (), key=lambda m: m["start"], default=None)
    if first and first["start"] == len("RT ") and first.get("id"):
        return tweet_id(first["id"], "mentions")
    return None


def _mentions(entities: Json, is_reply: bool) -> tuple[MentionRecord, ...]:
    """A reply's unbroken run of mentions from its first character was set by the platform."""
    run_ends, found = 0, []
    for mention in sorted(entities.get("mentions") or (), key=lambda m: m["start"]):
        prefix = is_reply and mention["start"] == run_ends
        run_ends = mention["end"] + 1 if prefix else -1
        found.append(mention_record(mention.get("id"), mention["username"], prefix))
    return tuple(found)


def _account(user: Json, around: Around) -> AccountRecord:
    spare = Spare()
    return AccountRecord(
        platform=PLATFORM,
        account=tweet_id(user["id"], "users.id"),
        handle=f"{PLATFORM}:@{text(user, 'username')}",
        captured_at=around.captured_at,
        source=around.source,
        created_at=spare.read("created_at", lambda: iso_time(user["created_at"], "created_at"))
        if user.get("created_at")
        else None,
        followers=spare.read("followers", lambda: count_of_field(user.get("public_metrics") or {}, "followers_count")),
        evidence=Evidence(note=user.get("description") or ""),
        left_out=spare.left_out,
    )
