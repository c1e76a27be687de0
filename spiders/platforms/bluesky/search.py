"""The search: by which address, how its pages follow each other, and what it is where its first version is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from spiders.asking.ask import Ask
from spiders.asking.guard import hashtag_path
from spiders.collecting.paging import Page
from spiders.platforms.bluesky import records

RETIRED: Final[Mapping[str, Any]] = {"posts": [], "retired": True}
"""A page of the first version where only the second is left."""
PAGE = 100
_DEEPEST = 9_900  # results of a search; the index gives some hundred more, and then nothing
_PATH = "/xrpc/app.bsky.feed.searchPosts"
_UNKNOWN = ("MethodNotImplemented", "XRPCNotSupported", "MethodNotFound")


def is_retired(url: str, error: str) -> bool:
    """Whether a server says by `error` that it does not have the first version."""
    return error in _UNKNOWN and urlsplit(url).path == _PATH


def search(tag: str) -> str:
    """The address of a search for `tag`, newest first. Raises UsageError for what is no hashtag."""
    hashtag_path(tag)
    asked = {"q": f"#{tag}", "tag": tag, "sort": "latest", "limit": str(PAGE)}
    return f"{_PATH}?{urlencode(asked)}"


def _newer(url: str) -> str:
    """The same search in its second version, which looks at all times only where that is said."""
    told = dict(parse_qsl(urlsplit(url).query))
    until = {"until": told["until"]} if "until" in told else {}
    asked = {"hashtags": told["tag"], "sort": "recent", "allTime": "true", "limit": told["limit"], **until}
    return urljoin(url, f"{_PATH}V2?{urlencode(asked)}")


def older(page: Page) -> Sequence[Ask] | None:
    """By the cursor; where that comes to the deepest that a search goes, a search of what is older than the page.

    Where the search is there in its second version only, it goes on with that.
    """
    if page.answer.payload == RETIRED:
        return [page.first.at(_newer(page.answer.url))]
    cursor = page.answer.payload.get("cursor")
    if not cursor:
        return None
    if not str(cursor).isdecimal() or int(cursor) < _DEEPEST:
        return [page.first.at(page.answer.url).having("cursor", str(cursor))]
    times = [found for post in page.items if (found := records.sorted_at(post))]
    until = (min(times) + timedelta(seconds=1)).isoformat() if times else ""
    return [page.first.having("until", until.replace("+00:00", "Z"))] if until else []
