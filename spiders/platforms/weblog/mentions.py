"""Webmentions of a page, as webmention.io gives them for a page that is named (jf2): answers and reposts elsewhere.

``mention-of`` is another site's link, no answer; a bridge files reposts there a second time, so none is counted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from spiders.asking.ask import Ask
from spiders.collecting.blogs.entries import Written, address
from spiders.collecting.paging import Page
from spiders.collecting.shape import under
from spiders.collecting.values import Json, Values

HOST = "webmention.io"
REPOST = "repost-of"
_ANSWER = "in-reply-to"
_PAGE = 100
_FEDIVERSE = re.compile(r"https?://(?:[\w.-]+\.)?brid\.gy/(?:comment|repost|like|post)/mastodon/")
_HANDLE = re.compile(r"https?://([^/@]+)/@([\w.-]+)/?")


def ask_for(page: str) -> Ask:
    """The first of the mentions of a page."""
    query = urlencode({"target": page, "per-page": str(_PAGE), "page": "0"})
    return Ask(f"https://{HOST}/api/mentions.jf2?{query}", with_session=False)


def next_of(page: Page) -> Sequence[Ask] | None:
    """By number, until a page is empty."""
    if not children(page.answer.payload):
        return None
    number = re.search(r"[?&]page=(\d+)", page.answer.url)
    return [Ask(page.answer.url).having("page", str(int(number[1]) + 1))] if number else []


def children(payload: Any) -> Sequence[Json]:
    """What an answer lists. Raises KeyError or TypeError for one that lists nothing."""
    return under("children")(payload)


def is_some(payload: Any) -> bool:
    """Whether an answer lists anything."""
    return isinstance(payload, dict) and bool(payload.get("children"))


def answers_in(payload: Any, page: str) -> list[Written]:
    """The answers to `page`, and as links what merely mentions it."""
    told = [Values(item if isinstance(item, dict) else {}, []) for item in children(payload)]
    return [_entry(one, page) for one in told if one.text("wm-property", "kind") in (_ANSWER, "mention-of", "")]


def reposts_in(page: str) -> Callable[[Any], list[Written]]:
    """What reads the reposts of `page` out of an answer."""

    def reposts(payload: Any) -> list[Written]:
        told = [Values(item if isinstance(item, dict) else {}, []) for item in children(payload)]
        return [_entry(one, page) for one in told if _is(one, REPOST)]

    return reposts


def person(entry: Written) -> str:
    """Who answered or reposted: an account of the fediverse where a bridge says so, else the site."""
    if found := _HANDLE.fullmatch(entry.by_url):
        return f"acct:{found[2]}@{found[1]}".lower()
    site = urlsplit(entry.by_url)
    return f"{site.netloc}{site.path}".rstrip("/").lower()


def _is(told: Values, kind: str) -> bool:
    return told.text("wm-property", "kind") == kind


def _entry(told: Values, page: str) -> Written:
    author, content = told.object("author", "author"), told.object("content", "text")
    shown, received = told.text("published", "created_at"), told.text("wm-received", "created_at")
    return Written(
        id=address(told.text("url", "id")),
        on=page,
        parent=page,
        at=shown or ("" if _is(told, REPOST) else received),
        by=author.text("name", "author"),
        by_url=author.text("url", "author"),
        text=content.text("html", "text") or html.escape(content.text("text", "text"), quote=False),
        kind="speech" if _is(told, _ANSWER) or _is(told, REPOST) else "link",
        is_elsewhere=True,
    )
