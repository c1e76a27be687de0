"""Comments in a page's HTML: microdata, microformats, and the lists that blog software makes.

Our own beside extruct, which drops what names a comment (the element's id) and a time without itemprop, and brings RDF
along (docs/adr). An element is a comment by what it says of itself, its answers are the comments inside it.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from spiders.collecting.blogs.entries import Written, address, united
from spiders.collecting.blogs.moments import date_within

Element = Any  # of lxml, which brings no types
_NUMBERED = re.compile(r"(?:div-|li-)?((?:comments?|commentaire|c|forum|comment-id)[-_]?\d[\w-]*)", re.IGNORECASE)
_TYPES = re.compile(r"schema\.org/(?:User)?Comments?(?:\s|$)")
_SURE = {"comment", "h-cite", "u-comment", "comment-body"}
_LINKS = {"pingback", "trackback"}
_TIME_PROPERTIES = ("dateCreated", "datePublished", "commentTime")
_NO_WORDS = ("script", "style", "form", "button")
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


def comments_in(page: Element, url: str) -> tuple[Written, ...]:
    """The comments of the page at `url`, each once, in the order of the page."""
    named: dict[Element, str] = {}
    for element in page.iter(etree.Element):
        if anchor := _anchor(element):
            named[element] = anchor
    return united([_comment(element, anchor, named, url) for element, anchor in named.items()])


def _anchor(element: Element) -> str:
    """What names the comment that `element` is; empty where it is none."""
    found = _NUMBERED.fullmatch(element.get("id") or "")
    is_typed = _TYPES.search(element.get("itemtype") or "") is not None
    classes = _classes(element)
    if classes & _LINKS and not found:
        return f"pingback-{next(iter(element.xpath('.//a/@href')), '')}"
    if found and (is_typed or element.tag in ("li", "article", "dt", "section") or classes & _SURE | classes & _LINKS):
        return found[1]
    if not is_typed and not (classes & _SURE and element.tag in ("li", "article", "div", "section")):
        return ""
    if element.get("id"):
        return re.sub(r"^(?:div|li)-(?=comment)", "", element.get("id")) if is_typed else ""
    return _linked(element) if is_typed or classes & {"h-cite", "u-comment"} else ""


def _linked(element: Element) -> str:
    """The anchor of a comment that has no id, by its link to itself."""
    links = (link.get("href").partition("#")[2] for link in element.iterfind(".//a[@href]"))
    return next((found[1] for link in links if (found := _NUMBERED.fullmatch(link))), "")


def _comment(element: Element, anchor: str, named: dict[Element, str], url: str) -> Written:
    above = next((named[one] for one in element.iterancestors() if named.get(one, anchor) != anchor), "")
    own = _own(element, anchor, named)
    text = _text(own)
    name, by_url = _author(own)
    kind = "link" if _is_link(element) else "removed" if own.xpath(_with_class("deleted-comment")) else "speech"
    return Written(
        id=f"{url}#{anchor}",
        on=url,
        parent=f"{url}#{above}" if above else url,
        at=_time(own, text),
        by=name,
        by_url=address(by_url, url) if by_url else "",
        text="" if text is None else _markup(text),
        kind=kind,  # type: ignore[arg-type]
    )


def _is_link(element: Element) -> bool:
    return bool(_classes(element) & _LINKS)


def _own(element: Element, anchor: str, named: dict[Element, str]) -> Element:
    """A copy of a comment without the comments inside it; of a heading (`dt`) with what it heads."""
    copied = etree.Element("div")
    copied.append(_pruned(element, anchor, named))
    if element.tag == "dt" and (below := element.getnext()) is not None and below.tag == "dd":
        copied.append(_pruned(below, anchor, named))
    return copied


def _pruned(element: Element, anchor: str, named: dict[Element, str]) -> Element:
    copy = deepcopy(element)
    copy.tail = None
    pairs = list(zip(element.iter(etree.Element), copy.iter(etree.Element), strict=True))
    for one, copied in pairs[1:]:
        if named.get(one, anchor) != anchor or one.tag in _NO_WORDS:
            _take_out(copied)
    return copy


def _take_out(element: Element) -> None:
    """Remove an element, and leave the words after it."""
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        above.text = (above.text or "") + (element.tail or "")
    above.remove(element)


def _author(own: Element) -> tuple[str, str]:
    """The name and the address of who wrote it."""
    for path in (_of_property("author"), _of_property("creator"), *map(_with_class, _NAME_CLASSES), ".//cite"):
        for found in own.xpath(path):
            inner = found.xpath(_of_property("name")) or found.xpath(_with_class("fn")) or [found]
            name = inner[0].get("content") or _plain(inner[0])
            link = next(iter(found.xpath("descendant-or-self::a/@href | .//*[@itemprop='url']/@href")), "")
            if name:
                return name, str(link)
    return "", ""


def _time(own: Element, text: Element | None) -> str:
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
        for found in own.xpath(_with_class(name)):
            if told := date_within(_plain(found)):
                return told
    inside = set() if text is None else {text, *text.iterdescendants()}
    return date_within(" ".join(one for one in own.xpath(".//text()") if not _is_of(one, inside)))


def _is_of(words: Any, inside: set[Element]) -> bool:
    """Whether a piece of text stands in one of the elements."""
    parent = words.getparent()
    return (parent.getparent() if words.is_tail else parent) in inside


def _text(own: Element) -> Element | None:
    for path in ("text", "commentText", "articleBody", "description"):
        for found in own.xpath(_of_property(path)):
            return found
    for name in _TEXT_CLASSES:
        for found in own.xpath(_with_class(name)):
            return _without_buttons(found)
    return next(iter(own.xpath(".//dd | .//blockquote")), None)


def _without_buttons(element: Element) -> Element:
    for name in _BUTTONS:
        for button in element.xpath(_with_class(name)):
            _take_out(button)
    return element


def _markup(element: Element) -> str:
    """What stands in an element, as HTML."""
    inner = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return re.sub(r"^<[^>]*>|</[^>]*>$", "", inner.strip()).strip()


def _plain(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _with_class(name: str) -> str:
    return f".//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"


def _of_property(name: str) -> str:
    return f".//*[contains(concat(' ', normalize-space(@itemprop), ' '), ' {name} ')]"
