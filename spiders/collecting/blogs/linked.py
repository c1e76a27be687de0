"""Posts and comments in a page's JSON-LD (schema.org): one broken block costs that block only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from parsel import Selector

from passerelle.values import wrong_count
from spiders.asking.bodies import parsed
from spiders.collecting.blogs.entries import Written, address, is_same_page, page_of, united

_COMMENTS = ("Comment", "UserComments", "Answer")
_POSTS = re.compile(r"(?:Blog|Social|Forum|Discussion|Liveblog|News|Tech|Scholarly)*(?:Posting|Article|Report)$")
_MOST_DEEP = 50
_AFTER_LAST = re.compile(r",\s*(?=[}\]])")
_REMARK = re.compile(r"^\s*(?:<!--|/\*.*?\*/|//[^\n]*\n|<!\[CDATA\[)*|(?:-->|\]\]>|//\s*\]\]>)?\s*;?\s*$", re.DOTALL)


def linked_in(page: Selector, url: str) -> tuple[Written | None, tuple[Written, ...], int | None]:
    """The post that the blocks of the page at `url` tell of (None: of none), its comments, and how many it has."""
    things = [thing for block in _blocks(page) for thing in _things(block)]
    posts = [thing for thing in things if any(map(_POSTS.search, _types(thing)))]
    here = (one for one in posts if is_same_page(address(_text(one, "@id", "url") or url, url), url))
    post = next(here, next(iter(posts), None))
    comments = united([one for thing in things for one in _comments(thing, url, url, 0)])
    if post is None:
        return None, comments, None
    count = post.get("commentCount")
    count = int(count) if isinstance(count, str) and count.isdecimal() and len(count) < 13 else count
    return _post(post, url), comments, count if count is not None and wrong_count(count) is None else None


def _blocks(page: Selector) -> Iterator[Any]:
    for text in page.css('script[type^="application/ld+json"]::text').getall():
        plain = _REMARK.sub("", text.lstrip("\ufeff"))
        for spelling in (plain, _AFTER_LAST.sub("", plain)):
            try:
                yield parsed(spelling.encode("utf-8", "replace"))
                break
            except (ValueError, RecursionError):
                continue


def _things(block: Any) -> Iterator[Mapping[str, Any]]:
    for thing in block if isinstance(block, list) else [block]:
        if isinstance(thing, Mapping):
            yield thing
            inner = thing.get("@graph") or thing.get("mainEntity") or []
            yield from (one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, Mapping))


def _post(thing: Mapping[str, Any], url: str) -> Written:
    name, by_url = _author(thing)
    keywords = thing.get("keywords") or []
    return Written(
        id=url,
        at=_text(thing, "datePublished", "dateCreated"),
        edited=_text(thing, "dateModified"),
        by=name,
        by_url=by_url,
        title=_text(thing, "headline", "name"),
        text=_text(thing, "articleBody", "text"),
        tags=tuple(str(one) for one in (keywords.split(",") if isinstance(keywords, str) else keywords)),
        language=_text(thing, "inLanguage"),
    )


def _comments(thing: Mapping[str, Any], url: str, above: str, depth: int) -> Iterator[Written]:
    """The comments inside `thing`; in one list they all answer it, but for those that name their parent."""
    if depth > _MOST_DEEP:
        return
    if set(_types(thing)) & set(_COMMENTS):
        named = address(_text(thing, "@id", "url"), url)
        if not is_same_page(named, url) or "#" not in named:
            return  # it has no name on this page, by which it could be known again
        named = url + named[len(page_of(named)) :]
        parent = thing.get("parentItem")
        answered = address(_text(parent, "@id", "url"), url) if isinstance(parent, Mapping) else ""
        name, by_url = _author(thing)
        yield Written(
            id=named,
            on=url,
            parent=url + answered[len(page_of(answered)) :] if is_same_page(answered, url) else above,
            at=_text(thing, "dateCreated", "datePublished", "commentTime"),
            edited=_text(thing, "dateModified"),
            by=name,
            by_url=by_url,
            text=_text(thing, "text", "commentText", "description"),
        )
        above = named
    for field in ("comment", "comments", "suggestedAnswer"):
        inner = thing.get(field) or []
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, Mapping):
                yield from _comments(one, url, above, depth + 1)


def _author(thing: Mapping[str, Any]) -> tuple[str, str]:
    told = thing.get("author") or thing.get("creator")
    told = told[0] if isinstance(told, list) and told else told
    if isinstance(told, Mapping):
        return _text(told, "name"), _text(told, "url", "@id")
    return (told, "") if isinstance(told, str) else ("", "")


def _types(thing: Mapping[str, Any]) -> list[str]:
    told = thing.get("@type")
    return [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, str)]


def _text(thing: Mapping[str, Any], *names: str) -> str:
    return next((thing[name] for name in names if isinstance(thing.get(name), str)), "")
