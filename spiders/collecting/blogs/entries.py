"""What a feed or a page shows of a post or a comment, before anything of it is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Literal
from urllib.parse import urljoin, urlsplit

from w3lib.url import url_query_cleaner

from passerelle.identity import canonical

_NO_IDENTITY = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "fbclid", "gclid", "mc_cid",
    "mc_eid", "showComment", "replytocom", "cpage",
)  # fmt: skip
"""What a query tells of how somebody came to a page, or of where on it they look."""
_COMMENT_PAGE = re.compile(r"/comment-page-\d+/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One post or comment; all as it was written, empty where it is not said.

    `id` is its address. A comment is `on` a page and answers its `parent` (empty: the notation does not tell); a post
    may carry its `comments`, and names the feeds of them, likeliest first. `text` is HTML. A ``removed`` comment is the
    sentence in its place, a ``link`` a pingback or a mention: neither is anybody's speech; one that is
    ``waiting`` is not public yet. One that `is_elsewhere` was
    written on another site. `left_out` are values (``field: reason``) that could not be kept.
    """

    id: str
    on: str = ""
    parent: str = ""
    at: str = ""
    edited: str = ""
    by: str = ""
    by_url: str = ""
    title: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    replies: int | None = None
    likes: int | None = None
    comment_feeds: tuple[str, ...] = ()
    kind: Literal["speech", "removed", "link", "waiting"] = "speech"
    is_elsewhere: bool = False
    left_out: tuple[str, ...] = ()
    comments: tuple[Written, ...] = ()

    def filled(self, other: Written) -> Written:
        """With what `other`, the same thing in another notation, says where this one says nothing."""
        lacking = {
            one.name: getattr(other, one.name)
            for one in fields(self)
            if one.name not in ("kind", "is_elsewhere") and getattr(self, one.name) in ("", None, ())
        }
        kind = self.kind if self.kind != "speech" else other.kind
        return replace(self, **lacking, kind=kind)


@dataclass(frozen=True, slots=True)
class Several:
    """What was shown together with what was `wanted`, which is one of them."""

    entries: tuple[Written, ...]
    wanted: Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """An answer without what was asked for; certain where it holds all that there is."""

    is_certain: bool


def united(entries: list[Written]) -> tuple[Written, ...]:
    """Each thing once, in the order in which they came, with all that is said of it."""
    found: dict[str, Written] = {}
    for entry in entries:
        found[entry.id] = found[entry.id].filled(entry) if entry.id in found else entry
    return tuple(found.values())


def address(url: str, base: str = "") -> str:
    """`url` as it names a thing: whole, without what tells how one came there; empty where it is no address."""
    try:
        whole = urljoin(base, url.strip())
        if urlsplit(whole).scheme not in ("http", "https") or not urlsplit(whole).hostname:
            return ""
    except ValueError:
        return ""
    plain, mark, fragment = whole.partition("#")
    plain = url_query_cleaner(plain, _NO_IDENTITY, remove=True, keep_fragments=False)
    return canonical(_COMMENT_PAGE.sub("/", plain)) + mark + fragment


def is_same_page(one: str, other: str) -> bool:
    """Whether two addresses are one page, whatever scheme, ``www.`` or last stroke they are written with."""
    return _bare(one) == _bare(other)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", page_of(url)).rstrip("/")


def rehomed(entry: Written, url: str) -> Written:
    """A comment of the page at `url`, under the address by which that page is known."""
    if entry.on == url or not is_same_page(entry.on, url):
        return entry
    parent = url + entry.parent[len(page_of(entry.parent)) :] if is_same_page(entry.parent, url) else entry.parent
    return replace(entry, id=url + entry.id[len(page_of(entry.id)) :], on=url, parent=parent)


def page_of(url: str) -> str:
    """The page on which the thing of that address stands."""
    return url.partition("#")[0]
