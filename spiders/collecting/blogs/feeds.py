"""RSS and Atom by feedparser, as entries: which are comments, what they answer, and where their own comments are."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from passerelle.values import wrong_count
from spiders.asking.bodies import MARKUP, is_markup
from spiders.asking.laborious import check_attributes, check_parts
from spiders.collecting.blogs.entries import Written, address, page_of

_ATOM = "application/atom+xml"
_MOST_ELEMENTS = 300_000  # the library takes a second for ten thousand
_NUMBER = re.compile(r"\d{1,12}")
COMMENT_MARK = re.compile(r"#(?:.*[-_])?(?:comment|commentaire|c|forum)[-_]?\w*\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed. `next_url` is where older entries are; one that `is_whole` says that it holds all there is.

    `is_unchanged`: the server says that it is as it was when last read, and shows none of it; `is_elsewhere`: there is
    none at this address; `lost_to`: the outcome to which it was lost, beside others that came.
    """

    entries: tuple[Written, ...] = ()
    next_url: str = ""
    is_whole: bool = False
    is_unchanged: bool = False
    is_elsewhere: bool = False
    lost_to: str = ""


def as_feed(body: bytes, content_type: str) -> Feed:
    """A feed, in whichever version and encoding. Raises ValueError for what is none, or larger than any."""
    import feedparser  # only blogs have need of it

    check_attributes(body)
    check_parts(body, b"<", b"&lt;", most=_MOST_ELEMENTS)
    # as a stream: of bytes alone the library asks whether they name a file
    told = feedparser.parse(io.BytesIO(body), response_headers={"content-type": content_type or "text/xml"})
    if not told.get("version") and not told.get("entries"):
        raise ValueError(MARKUP if is_markup(body) else "no feed")
    language, owner = str(told.feed.get("language") or ""), _author(told.feed)
    links = {link.get("rel"): str(link.get("href") or "") for link in told.feed.get("links", [])}
    whole = "fh_complete" in told.feed
    named = {str(entry.get("id")): address(str(entry.get("link") or "")) for entry in told.entries}
    return Feed(
        entries=tuple(_entry(entry, language, owner, named) for entry in told.entries),
        next_url=links.get("next") or links.get("prev-archive") or "",
        is_whole=whole,
    )


def _entry(entry: Any, language: str, owner: str, named: Mapping[str, str]) -> Written:
    """One entry; what it lacks stays empty, and is found wanting when it is read."""
    answered = entry.get("thr_in-reply-to") or {}
    link = address(str(entry.get("feedburner_origlink") or entry.get("link") or "")) or address(
        str(entry.get("id") or "")
    )
    on, parent = _answers(link, answered, named)
    author = entry.get("author_detail") or {}
    content = entry.get("content") or [{}]
    title = entry.get("title_detail") or {}
    return Written(
        id=link,
        on=on,
        parent=parent,
        at=str(entry.get("published") or entry.get("created") or entry.get("updated") or ""),
        edited=str(entry.get("updated") or "") if entry.get("published") and "updated" in entry else "",
        by=_author(entry) or ("" if on else owner),
        by_url=str(author.get("href") or ""),
        title="" if on else str(title.get("value") or ""),
        text=str(content[0].get("value") or entry.get("summary") or ""),
        tags=tuple(str(tag.get("term") or "") for tag in entry.get("tags", [])),
        language=language,
        replies=_count(entry),
        comment_feeds=tuple(_comment_feeds(entry)),
    )


def _answers(link: str, answered: Any, named: Mapping[str, str]) -> tuple[str, str]:
    """The page on which a comment stands and what it answers; empty for a post, and where the feed does not say.

    What is answered is told by an address, or by the id of another entry, which may have an address in the same feed.
    """
    parent = address(str(answered.get("href") or "")) or named.get(str(answered.get("ref")), "")
    if not parent and (mark := COMMENT_MARK.search(str(answered.get("ref") or ""))):
        parent = page_of(link) + mark[0]
    is_comment = bool(answered) or COMMENT_MARK.search(link)
    return (page_of(link) if COMMENT_MARK.search(link) else page_of(parent), parent) if is_comment else ("", "")


def _comment_feeds(entry: Any) -> Sequence[str]:
    """Atom first, since RSS does not say what a comment answers."""
    replies = [link for link in entry.get("links", []) if link.get("rel") == "replies" and link.get("href")]
    feeds = [str(link["href"]) for link in replies if link.get("type") == _ATOM]
    rss = address(str(entry.get("wfw_commentrss") or ""))
    return [*feeds, *([rss] if rss else [])]


def atom_of(feed: str) -> str:
    """Where the Atom form of a comment feed is by the custom of blogs; empty where there is none."""
    if re.search(r"/feed/?$", feed):
        return f"{feed.rstrip('/')}/atom/"
    other = re.sub(r"(?<=[/=])rss2?(?=[/&]|$)", "atom", feed)
    return other if other != feed else ""


def _count(entry: Any) -> int | None:
    told = [entry.get("slash_comments"), entry.get("thr_total")]
    told += [
        link.get("thr:count") or link.get("count") for link in entry.get("links", []) if link.get("rel") == "replies"
    ]
    found = next((text for text in told if isinstance(text, str) and _NUMBER.fullmatch(text.strip())), None)
    return None if found is None or wrong_count(int(found)) else int(found)


def _author(told: Any) -> str:
    return _name(str(told.get("author") or ""), str((told.get("author_detail") or {}).get("name") or ""))


def _name(author: str, name: str) -> str:
    """The name of an author, whom RSS may give as ``address (name)`` or ``name <address>``; an address is none."""
    if "@" not in author:
        return (name or author).strip()
    named = re.search(r"\(([^()@]+)\)\s*$", author) or re.match(r"\s*([^<>()@]+?)\s*[<(]", author)
    return named[1].strip() if named else ""
