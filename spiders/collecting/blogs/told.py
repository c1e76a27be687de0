"""What a comment's element says of it: who wrote it, when, and what was said."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from spiders.collecting.blogs.moments import date_within

Element = Any  # of lxml, which brings no types
_TIME_PROPERTIES = ("dateCreated", "datePublished", "commentTime")
_BUTTONS = (
    "reply", "comment-reply-link", "comment-actions", "comment-reply", "comment-footer", "comment-meta",
    "comment-header", "comment-metadata", "comment-author", "vcard", "comment-edit-link", "says", "comment-number",
    "pagination",
)  # fmt: skip
_NAME_CLASSES = (
    "fn",
    "p-author",
    "comment-author",
    "comment_author",
    "author",
    "user",
    "commenter",
    "comment-author-link",
)
_TEXT_CLASSES = (
    "comment-content",
    "comment-text",
    "comment_text",
    "e-content",
    "comment-entry",
    "comment-body",
    "content",
)
_DATE_CLASSES = ("comment-date", "comment-metadata", "comment-meta", "datetime", "date", "comment-time", "commentdate")


def author_of(own: Element) -> tuple[str, str]:
    """The name and the address of who wrote it."""
    for path in (_of_property("author"), _of_property("creator"), *map(with_class, _NAME_CLASSES), ".//cite"):
        for found in own.xpath(path):
            inner = found.xpath(_of_property("name")) or found.xpath(with_class("fn")) or [found]
            name = inner[0].get("content") or _plain(inner[0])
            link = next(iter(found.xpath("descendant-or-self::a/@href | .//*[@itemprop='url']/@href")), "")
            if name:
                return name, str(link)
    return "", ""


def time_of(own: Element, text: Element | None) -> str:
    """When it was written, as it says: in an attribute, in a link to itself, or in words beside its text."""
    said = [found for name in _TIME_PROPERTIES for found in own.xpath(_of_property(name))]
    for found in [*said, *own.xpath(".//time[@datetime] | .//abbr[@title]")]:
        told = next(filter(None, (found.get(name) for name in ("datetime", "content", "title"))), "") or _plain(found)
        if told.strip():
            return str(told)
    return _time_in_link(own) or _time_in_words(own, text)


def _time_in_link(own: Element) -> str:
    for link in own.xpath(".//a[contains(@href, 'showComment=')]/@href"):
        [number, *_] = parse_qs(urlsplit(link).query).get("showComment", [""])
        if number.isdecimal() and len(number) == 13:
            return datetime.fromtimestamp(int(number) / 1000, UTC).isoformat()
    return ""


def _time_in_words(own: Element, text: Element | None) -> str:
    for name in _DATE_CLASSES:
        for found in own.xpath(with_class(name)):
            if told := date_within(_plain(found)):
                return told
    inside = set() if text is None else {text, *text.iterdescendants()}
    return date_within(" ".join(one for one in own.xpath(".//text()") if not _is_of(one, inside)))


def _is_of(words: Any, inside: set[Element]) -> bool:
    """Whether a piece of text stands in one of the elements."""
    parent = words.getparent()
    return (parent.getparent() if words.is_tail else parent) in inside


def text_of(own: Element) -> Element | None:
    """What was said, without buttons; None where nothing tells it from the rest."""
    for path in ("text", "commentText", "articleBody", "description"):
        for found in own.xpath(_of_property(path)):
            return found
    for name in _TEXT_CLASSES:
        for found in own.xpath(with_class(name)):
            return _without_buttons(found)
    return next(iter(own.xpath(".//dd | .//blockquote")), None)


def _without_buttons(element: Element) -> Element:
    for name in _BUTTONS:
        for button in element.xpath(with_class(name)):
            take_out(button)
    return element


def markup_of(element: Element) -> str:
    """What stands in an element, as HTML."""
    inner = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return re.sub(r"^<[^>]*>|</[^>]*>$", "", inner.strip()).strip()


def _plain(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def take_out(element: Element) -> None:
    """Remove an element, and leave the words after it."""
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        above.text = (above.text or "") + (element.tail or "")
    above.remove(element)


def with_class(name: str) -> str:
    """The path of what has a class."""
    return f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"


def _of_property(name: str) -> str:
    return f".//*[contains(concat(' ', normalize-space(@itemprop), ' '), ' {name} ')]"
