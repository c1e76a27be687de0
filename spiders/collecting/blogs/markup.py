"""Comments in a page's HTML: microdata, microformats, and the lists that blog software makes.

Our own beside extruct, which drops what names a comment (the element's id) and a time without itemprop, and brings RDF
along (docs/adr). An element is a comment by what it says of itself, its answers are the comments inside it.
"""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree

from spiders.collecting.blogs.entries import Written, address, united
from spiders.collecting.blogs.told import Element, author_of, markup_of, take_out, text_of, time_of, with_class

_NUMBERED = re.compile(r"(?:div-|li-)?((?:comments?|commentaire|c|forum|comment-id)[-_]?\d[\w-]*)", re.IGNORECASE)
_TYPES = re.compile(r"schema\.org/(?:User)?Comments?(?:\s|$)")
_SURE = {"comment", "h-cite", "u-comment", "comment-body"}
_LINKS = {"pingback", "trackback"}
_NO_WORDS = ("script", "style", "form", "button")


def comments_in(page: Element, url: str) -> tuple[Written, ...]:
    """The comments of the page at `url`, each once, in the order of the page."""
    root = deepcopy(page)  # it is taken apart
    named: dict[Element, str] = {}
    found: list[tuple[Element, str, str]] = []
    for element in root.iter(etree.Element):
        if anchor := _anchor(element):
            above = next((named[one] for one in element.iterancestors() if one in named), "")
            named[element] = anchor
            found += [(element, anchor, above)] if anchor != above else []
    # the last first: what answers a comment is out of it when it is read
    comments = [_comment(_own(element), element, anchor, above, url) for element, anchor, above in reversed(found)]
    return united(comments[::-1])


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
    """The anchor of a comment that has no id, by what it is called or its link to itself."""
    if named := (element.get("itemid") or "").partition("#")[2]:
        return str(named)
    links = (link.get("href").partition("#")[2] for link in element.iterfind(".//a[@href]"))
    return next((found[1] for link in links if (found := _NUMBERED.fullmatch(link))), "")


def _comment(own: Element, element: Element, anchor: str, above: str, url: str) -> Written:
    text = text_of(own)
    name, by_url = author_of(own)
    kind = "link" if _is_link(element) else "removed" if own.xpath(with_class("deleted-comment")) else "speech"
    return Written(
        id=f"{url}#{anchor}",
        on=url,
        parent=f"{url}#{above}" if above else url,
        at=time_of(own, text),
        by=name,
        by_url=address(by_url, url) if by_url else "",
        text="" if text is None else markup_of(text),
        kind=kind,  # type: ignore[arg-type]
    )


def _is_link(element: Element) -> bool:
    return bool(_classes(element) & _LINKS)


def _own(element: Element) -> Element:
    """A comment, taken out of the page; of a heading (`dt`) with what it heads."""
    own, below = etree.Element("div"), element.getnext()
    parts = [element, below] if element.tag == "dt" and below is not None and below.tag == "dd" else [element]
    for part in parts:
        take_out(part)
        part.tail = None
        own.append(part)
    for one in list(own.iter(*_NO_WORDS)):
        take_out(one)
    return own


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())
