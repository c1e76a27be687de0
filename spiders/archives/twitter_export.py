"""The archive that Twitter gives a person of their own account: ``tweets.js`` beside ``account.js``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from passerelle.records import MentionRecord, PostRecord, Record
from spiders.archives.fields import FieldError, Json
from spiders.archives.json_values import objects_in
from spiders.archives.reposts import Originals, reposted
from spiders.archives.tweets_v1 import PLATFORM, records_of_tweet

_COUNTS = ("favorite_count", "retweet_count")


def owner(profile: bytes | None) -> Json | None:
    """The account, as API v1.1 gives a user, that ``account.js`` names; null where it names none."""
    for entry in objects_in(profile or b""):
        account = entry.get("account")
        if isinstance(account, dict) and account.get("accountId") and account.get("username"):
            return {"id_str": str(account["accountId"]), "screen_name": str(account["username"])}
    return None


def records_of_entry(
    entry: Json, user: Json, originals: Originals, captured_at: datetime, source: str
) -> Iterator[Record]:
    """The tweet of one entry after its author. A repost has no id of its original there, its words and author only."""
    tweet = entry.get("tweet", entry)
    whole = {**tweet, "user": user, "entities": _entities(tweet.get("entities") or {})}
    whole |= {name: _number(tweet[name], name) for name in _COUNTS if name in tweet}
    if "display_text_range" in tweet:
        whole["display_text_range"] = [_number(place, "display_text_range") for place in tweet["display_text_range"]]
    for record in records_of_tweet(whole, captured_at, source):
        yield _as_repost(record, originals) if isinstance(record, PostRecord) else record


def _entities(entities: Json) -> dict[str, Any]:
    mentions = entities.get("user_mentions") or ()
    return {
        **entities,
        "user_mentions": [{**m, "indices": [_number(place, "indices") for place in m["indices"]]} for m in mentions],
    }


def _as_repost(post: PostRecord, originals: Originals) -> PostRecord:
    found = reposted(post.text)
    if not found or post.repost_of:
        return post
    name, words = found
    return replace(post, repost_of=originals.find(PLATFORM, words), repost_of_author=_person(name, post.mentions))


def _person(name: str, mentions: tuple[MentionRecord, ...]) -> str:
    by_name = {m.handle.rpartition("@")[2].casefold(): m.account for m in mentions}
    return by_name.get(name.casefold(), f"{PLATFORM}:@{name}")


def _number(value: object, field: str) -> int:
    """The export writes numbers as texts."""
    if isinstance(value, bool) or not str(value).isdigit():
        raise FieldError(field)
    return int(str(value))
