"""Tweets of API v2: as it gives them, one page a line (so twarc2 kept them), or flattened to one tweet a line.

An edited tweet has an id a version: the first names it, the time in that id is when it was written, and the version's
own time is when it was edited. A retweet has no words, tags or counts of its own: they are those of its original.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

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
from spiders.archives.v2_spelling import in_one_spelling

_EPOCH_MS, _TIME_BITS = 1288834974657, 22  # of the ids


@dataclass(frozen=True, slots=True)
class Around:
    """What a line says beside its tweets: users and tweets by id, when and where it was captured.

    An included tweet stands under the id of each of its versions.
    """

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
    line, around = in_one_spelling(line), Around(captured_at, source)
    is_page = "data" in line or ("meta" in line and "author_id" not in line)
    tweets, included = _page(line, around) if is_page else _flattened(line, around)
    both = [*((tweet, True) for tweet in included), *((tweet, False) for tweet in tweets)]
    for place, (tweet, embedded) in enumerate(both, 1):
        at = where if len(both) == 1 else f"{where}, tweet {place}"
        yield from reading(partial(_records, tweet, around, embedded), source, at, captured_at)


def around_page(line: Json, captured_at: datetime, source: str) -> Around:
    """What a page of answers, in one spelling, includes. Raises one of those that reading values raises."""
    around, includes = Around(captured_at, source), line.get("includes") or {}
    around.users.update(_by_id(includes.get("users")))
    for tweet in _by_id(includes.get("tweets")).values():
        around.tweets.update(dict.fromkeys((tweet["id"], *versions(tweet)), tweet))
    return around


def versions(tweet: Json) -> list[str]:
    """The ids of a tweet's versions, the first one first: its own alone where it was never edited."""
    told, own = tweet.get("edit_history_tweet_ids"), str(tweet["id"])
    ids = [one for one in told if isinstance(one, str) and one.isdecimal()] if isinstance(told, list) else []
    return sorted({*ids, own}, key=lambda one: (len(one), one)) if own in ids else [own]


def written_at(native: str) -> datetime:
    """When what has the id `native` was written: ids count milliseconds. Raises ValueError or OverflowError."""
    return datetime.fromtimestamp(((int(native) >> _TIME_BITS) + _EPOCH_MS) / 1000, UTC)


def _page(line: Json, around: Around) -> tuple[list[Json], list[Json]]:
    data, found = line.get("data") or [], around_page(line, around.captured_at, around.source)
    around.users.update(found.users)
    around.tweets.update(found.tweets)
    included = (line.get("includes") or {}).get("tweets") or ()
    return ([data] if isinstance(data, dict) else data), list(included)


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
        yield account_of(user, around)
    yield post_of(tweet, around, embedded=embedded)


def post_of(tweet: Json, around: Around, *, embedded: bool) -> PostRecord:
    """One tweet, in one spelling. Raises one of those that reading values raises."""
    body, user = tweet.get("note_tweet") or tweet, around.users.get(tweet["author_id"])
    spare, entities = Spare(), {**(tweet.get("entities") or {}), **(body.get("entities") or {})}
    about = {ref["type"]: _named(ref["id"], around) for ref in tweet.get("referenced_tweets") or ()}
    if "retweeted" in about and about["retweeted"] in map(_name, around.tweets.values()):
        body, entities = {"text": ""}, {}
    metrics = spare.read("public_metrics", lambda: dict(tweet.get("public_metrics") or {})) or {}
    metrics = {} if "retweeted" in about else metrics
    written_at, edited_at = _times(tweet)
    return PostRecord(
        platform=PLATFORM,
        post=_name(tweet),
        author=tweet_id(tweet["author_id"], "author_id"),
        created_at=written_at,
        edited_at=edited_at,
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
        root=_root(tweet, around),
        repost_of=about.get("retweeted"),
        repost_of_author=spare.read(
            "repost_of_author",
            lambda: _author(about.get("retweeted"), around) or _named_in_repost(tweet, about),
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


def _name(tweet: Json) -> str:
    return tweet_id(versions(tweet)[0], "id")


def _named(native: Any, around: Around) -> str:
    """The identity of the tweet of which `native` is a version."""
    shown = around.tweets.get(native) if isinstance(native, str) else None
    return _name(shown) if shown else tweet_id(native, "referenced_tweets")


def _root(tweet: Json, around: Around) -> str | None:
    """The first tweet of its conversation."""
    native = tweet.get("conversation_id")
    if native in versions(tweet):
        return _name(tweet)
    return _named(native, around) if native not in (None, "") else None


def _times(tweet: Json) -> tuple[datetime, datetime | None]:
    """When it was written, and when edited; null where it never was."""
    at, ids = iso_time(tweet["created_at"], "created_at"), versions(tweet)
    if len(ids) == 1:
        return at, None
    return written_at(ids[0]), at


def _author(post: str | None, around: Around) -> str | None:
    tweet = around.tweets.get(post.removeprefix("twitter:")) if post else None
    return tweet_id(tweet["author_id"], "author_id") if tweet else None


def _named_in_repost(tweet: Json, about: Json) -> str | None:
    """The author whom ``RT @name: …`` names, where the original itself did not come."""
    if "retweeted" not in about:
        return None
    entities = tweet.get("entities") or {}
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


def account_of(user: Json, around: Around) -> AccountRecord:
    """One user. Raises one of those that reading values raises."""
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
