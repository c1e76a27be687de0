"""The two spellings of API v2: since OpenAPI 2.167 tweets are posts there, and retweets are reposts."""

from __future__ import annotations

from typing import Any

from spiders.archives.fields import Json

_TWEET = {
    "referenced_posts": "referenced_tweets",
    "note_post": "note_tweet",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "repost_count": "retweet_count",
    "posts": "tweets",
}
_RETWEET = ("reposted", "retweeted")


def in_one_spelling(line: Json) -> dict[str, Any]:
    """A page of answers, or one tweet, under the older names; what has no such place stays as it is."""
    return {_TWEET.get(name, name): _inside(_TWEET.get(name, name), value) for name, value in line.items()}


def _inside(name: str, value: Any) -> Any:
    if name in ("data", "tweets", "includes", "public_metrics"):
        return _each(value)
    if name == "referenced_tweets" and isinstance(value, list):
        return [_reference(one) for one in value]
    return value


def _each(value: Any) -> Any:
    if isinstance(value, list):
        return [_each(one) for one in value]
    return in_one_spelling(value) if isinstance(value, dict) else value


def _reference(value: Any) -> Any:
    """What a tweet refers to, which a flattened page holds whole."""
    if not isinstance(value, dict):
        return value
    return {**in_one_spelling(value), **({"type": _RETWEET[1]} if value.get("type") == _RETWEET[0] else {})}
