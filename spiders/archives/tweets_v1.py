"""Tweets of API v1.1, as twarc (version 1) and the streaming API wrote them: one a line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from passerelle.records import (
    AccountRecord,
    DeletionRecord,
    Evidence,
    MentionRecord,
    PostRecord,
    Record,
)
from spiders.archives.fields import (
    FieldError,
    Json,
    Spare,
    count_of_field,
    iso_language,
    optional_id,
    reading,
    text,
    tweet_id,
    twitter_time,
)

PLATFORM = "twitter"
_PAGES = ("statuses", "results")
"""Where the standard and the premium search put a page's tweets."""
_STEP = timedelta(microseconds=1)
_INSIDE = ("retweeted_status", "quoted_status")


def records_of_line(line: Json, captured_at: datetime, source: str, where: str) -> Iterator[Record]:
    """The posts of one line, or of the page of a search that it is. A tweet that cannot be read costs no other."""
    pages = next((line[name] for name in _PAGES if isinstance(line.get(name), list)), None)
    if pages is None:
        yield from records_of_tweet(line, captured_at, source)
        return
    for place, tweet in enumerate(pages, 1):
        make = partial(records_of_tweet, tweet, captured_at + place * _STEP, source)
        yield from reading(make, source, f"{where}, tweet {place}", captured_at)


def records_of_tweet(line: Json, captured_at: datetime, source: str) -> Iterator[Record]:
    """The posts of one tweet, innermost first (each after its author), or the deletion that it announces."""
    if "user" not in line and "delete" not in line:
        raise FieldError("user")
    if "delete" in line:
        yield _deletion(line["delete"], captured_at, source)
        return
    for tweet, embedded in reversed(list(_inside_out(line))):
        yield _account(tweet["user"], captured_at, source)
        yield _post(tweet, captured_at, source, embedded)


def _inside_out(line: Json) -> Iterator[tuple[Json, bool]]:
    """The tweet itself, then each one inside it, once. No recursion: quotes may nest as deep as JSON allows."""
    left: list[tuple[Json, bool]] = [(line, False)]
    seen: set[str] = set()
    while left:
        tweet, embedded = left.pop()
        if (post := _id(tweet, "id")) not in seen:
            seen.add(post)
            yield tweet, embedded
            left.extend((tweet[part], True) for part in _INSIDE if tweet.get(part))


def _post(tweet: Json, captured_at: datetime, source: str, embedded: bool) -> PostRecord:
    body = tweet.get("extended_tweet") or tweet
    entities = body.get("entities") or {}
    original, quoted = tweet.get("retweeted_status"), tweet.get("quoted_status")
    spare, user = Spare(), tweet["user"]
    return PostRecord(
        platform=PLATFORM,
        post=_id(tweet, "id"),
        author=_id(user, "id"),
        created_at=twitter_time(tweet["created_at"], "created_at"),
        captured_at=captured_at,
        source=source,
        text=text(body, "full_text" if "full_text" in body else "text"),
        text_format="plain",
        language=spare.read("language", lambda: iso_language(tweet.get("lang"))),
        hashtags=spare.all("hashtags", entities.get("hashtags"), lambda tag: text(tag, "text")),
        mentions=spare.read("mentions", lambda: _mentions(body, entities)) or (),
        reply_to=_maybe_id(tweet, "in_reply_to_status_id"),
        reply_to_author=spare.read("reply_to_author", lambda: _maybe_id(tweet, "in_reply_to_user_id")),
        repost_of=_id(original, "id") if original else None,
        repost_of_author=_id(original["user"], "id") if original else None,
        quote_of=_maybe_id(tweet, "quoted_status_id"),
        quote_of_author=_id(quoted["user"], "id") if quoted else None,
        visibility="protected" if user.get("protected") else "public",
        replies=count_of_field(tweet, "reply_count"),
        reposts=count_of_field(tweet, "retweet_count"),
        quotes=count_of_field(tweet, "quote_count"),
        favourites=count_of_field(tweet, "favorite_count"),
        has_media=bool(entities.get("media")),
        embedded=embedded,
        left_out=spare.left_out,
    )


def _mentions(body: Json, entities: Json) -> tuple[MentionRecord, ...]:
    """Those before ``display_text_range[0]`` were set by the platform: a reply inherits them."""
    starts_at = (body.get("display_text_range") or (0,))[0]
    return tuple(
        mention_record(
            m.get("id_str") or m.get("id"), m["screen_name"], bool(starts_at) and m["indices"][0] < starts_at
        )
        for m in entities.get("user_mentions", ())
    )


def mention_record(native: Any, name: str, prefix: bool) -> MentionRecord:
    """A mention; one whose account is gone has no id, then its name stands for it."""
    handle = f"{PLATFORM}:@{name}"
    return MentionRecord(account=optional_id(native, "user_mentions") or handle, handle=handle, prefix=prefix)


def _account(user: Json, captured_at: datetime, source: str) -> AccountRecord:
    spare = Spare()
    return AccountRecord(
        platform=PLATFORM,
        account=_id(user, "id"),
        handle=f"{PLATFORM}:@{text(user, 'screen_name')}",
        captured_at=captured_at,
        source=source,
        created_at=spare.read("created_at", lambda: twitter_time(user["created_at"], "created_at"))
        if user.get("created_at")
        else None,
        followers=count_of_field(user, "followers_count"),
        evidence=Evidence(note=user.get("description") or ""),
        left_out=spare.left_out,
    )


def _deletion(notice: Json, captured_at: datetime, source: str) -> DeletionRecord:
    at = notice.get("timestamp_ms")
    if at is not None and not str(at).isdigit():
        raise FieldError("timestamp_ms")
    when = datetime.fromtimestamp(int(at) / 1000, UTC) if at else captured_at
    return DeletionRecord(platform=PLATFORM, post=_id(notice["status"], "id"), captured_at=when, source=source)


def _id(thing: Json, field: str) -> str:
    return tweet_id(thing.get(f"{field}_str") or thing[field], field)


def _maybe_id(thing: Json, field: str) -> str | None:
    return optional_id(thing.get(f"{field}_str") or thing.get(field), field)
