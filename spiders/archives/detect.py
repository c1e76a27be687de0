"""What kind of archive a content is, from its beginning."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import islice
from typing import Any, Literal

from spiders.archives import rtweet
from spiders.archives.json_values import entries, is_json
from spiders.archives.lines import Place
from spiders.archives.reddit_threads import is_thread
from spiders.archives.tables import header_of
from spiders.archives.unpacking import BrokenArchiveError

Format = Literal["twarc1", "twarc2", "rtweet", "twitter_export", "activitypub", "reddit", "mapped"]
OBJECTS_LOOKED_AT = 100
_PAGE = frozenset({"data", "includes", "meta", "errors", "__twarc", "matching_rules"})
_ACTIVITIES = ("Create", "Announce")


def detect(head: bytes) -> Format | None:
    """The format of a content that begins with `head`; None where no known one fits.

    Lines that cannot be read are passed over (they go to quarantine later).
    """
    if not is_json(head):
        return "rtweet" if set(rtweet.NEEDED) <= set(header_of(head)[0]) else None
    if b'"orderedItems"' in head and b'"OrderedCollection' in head[:65_536]:
        return "activitypub"
    try:
        found = entries(io.BufferedReader(io.BytesIO(head)), head, Place())
        objects = (value for _, value in islice(found, OBJECTS_LOOKED_AT) if isinstance(value, Mapping))
        return next((form for form in map(_of_object, objects) if form), None)
    except BrokenArchiveError:
        return None


def _of_object(value: Mapping[str, Any]) -> Format | None:
    keys = value.keys()
    if is_tweet_v1(value) or isinstance(value.get("delete"), Mapping):
        return "twarc1"
    if any(_has_first(value.get(pages), is_tweet_v1) for pages in ("statuses", "results")):
        return "twarc1"
    if (not keys - _PAGE and _is_page(value)) or ({"author_id", "created_at"} <= keys and {"id", "text"} & keys):
        return "twarc2"
    if isinstance(value.get("tweet"), Mapping) and {"id", "id_str"} & value["tweet"].keys():
        return "twitter_export"
    if is_thread(value):
        return "reddit"
    return "activitypub" if value.get("type") in _ACTIVITIES and {"actor", "object"} <= keys else None


def is_tweet_v1(value: Any) -> bool:
    """Whether `value` is a tweet as API v1.1 gives it."""
    return (
        isinstance(value, Mapping) and {"user", "created_at"} <= value.keys() and bool({"id", "id_str"} & value.keys())
    )


def _has_first(items: Any, fits: Any) -> bool:
    return isinstance(items, list) and bool(items) and fits(items[0])


def _is_page(value: Mapping[str, Any]) -> bool:
    data = value.get("data")
    first = data[0] if isinstance(data, list) and data else data
    return "author_id" in first if isinstance(first, Mapping) else "meta" in value and not data
