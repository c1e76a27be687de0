"""Feeds and pages of blogs without somebody: what they signed keeps its place and says nothing.

In a feed that is an entry that names them as its author, on a page a comment, or the post itself. What a page says
again in JSON-LD goes too; where that cannot be read it goes whole, since the page says it as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree, html

from spiders.collecting.blogs.told import author_of, text_of
from spiders.collecting.people import TokenOf, Traces
from spiders.collecting.redacting import Redactor

Element = Any  # of lxml, which brings no types
_FEED = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_MARKUP = re.compile(rb"^\s*<")
_NAMES = ("creator", "author", "name")
_WORDS = ("title", "description", "encoded", "content", "summary", "subtitle")
_AUTHORS = ("author", "article:author", "dc.creator")
_COMMENT = re.compile(r"(?:div-|li-)?(?:comments?|commentaire|c|forum|comment-id)[-_]?\d[\w-]*", re.IGNORECASE)
_JSON = "application/ld+json"


def is_markup(body: bytes) -> bool:
    """Whether a body is a feed or a page."""
    return _MARKUP.match(body) is not None


def gather_names(body: bytes, identity_of: Callable[[str], str], token_of: TokenOf) -> dict[str, Traces]:
    """By identity, those of the names in a feed or page for which there is a token."""
    found: dict[str, Traces] = {}
    root = _parsed(body)
    for name in sorted(set(_names_in(root))) if root is not None else ():
        token = token_of(identity_of(name), (name,))
        if token is not None:
            traces = found.setdefault(identity_of(name), Traces(token))
            traces.names.add(name)
            traces.shown.add(name)
    return found


def redact_markup(body: bytes, redactor: Redactor) -> bytes:
    """A feed or page without those whom `redactor` takes out; the very same where it names none of them."""
    root = _parsed(body)
    if root is None or not any(redactor.name(name) for name in _names_in(root)):
        return redactor.plain(body)
    for element in _signed(root, redactor):
        _empty(element, redactor)
    for script in list(root.iter("script")):
        if script.get("type") == _JSON:
            _redact_linked(script, redactor)
    for element in root.iter(etree.Element):
        _rename(element, redactor)
    if _FEED.match(body):
        return redactor.plain(etree.tostring(root, encoding="utf-8", xml_declaration=True))
    return redactor.plain(b"<!doctype html>" + html.tostring(root, encoding="utf-8"))


def _parsed(body: bytes) -> Element | None:
    try:
        if _FEED.match(body):
            return etree.fromstring(body, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
        return html.fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return None


def _names_in(root: Element) -> Iterator[str]:
    """Everything that may be the name of who wrote something."""
    for element in root.iter(etree.Element):
        if _kind(element) in _NAMES and (text := _text(element)):
            yield text
        if _kind(element) == "meta" and str(element.get("name") or element.get("property")).lower() in _AUTHORS:
            yield str(element.get("content") or "").strip()
        if _is_comment(element) and (name := author_of(element)[0]):
            yield name
        if _kind(element) == "script" and element.get("type") == _JSON:
            yield from _linked_names(element)
        if element.get("rel") == "author" or element.get("itemprop") == "author" or "fn" in _classes(element):
            yield _text(element)


def _linked_names(script: Element) -> Iterator[str]:
    yield from re.findall(r'"name"\s*:\s*"([^"\\]+)"', script.text or "")


def _signed(root: Element, redactor: Redactor) -> list[Element]:
    """What they wrote: entries, comments, or all of a page whose author they are."""
    found = []
    owner = next((_text(one) for one in root.xpath("./*[local-name()='author']/*[local-name()='name']")), "")
    for element in root.iter(etree.Element):
        if _kind(element) in ("item", "entry"):
            told = [_text(one) for one in element.iter(etree.Element) if _kind(one) in _NAMES]
            found += [element] if any(redactor.name(name) for name in told or [owner]) else []
        elif _is_comment(element) and redactor.name(author_of(element)[0]):
            found.append(element)
    page = [str(meta.get("content")) for meta in root.iter("meta") if str(meta.get("name")).lower() in _AUTHORS]
    if any(map(redactor.name, page)):
        found += [one for one in root.iter("article", "main", "title", "h1") if not _in_comment(one)]
    return found


def _empty(element: Element, redactor: Redactor) -> None:
    """Empty the words of an entry, of a comment without the comments below it, or of any other element."""
    if _kind(element) in ("item", "entry"):
        parts = [one for one in element if _kind(one) in _WORDS]
    elif _is_comment(element):
        own = text_of(element)
        parts = [own] if own is not None else []
    else:
        parts = [element]
    for part in parts:
        words = "".join(part.itertext())
        for below in [one for one in part if not _holds_comment(one)]:
            part.remove(below)
        part.text = redactor.blank(words)


def _redact_linked(script: Element, redactor: Redactor) -> None:
    try:
        script.text = json.dumps(redactor.payload(json.loads(script.text or "")), ensure_ascii=False)
    except (ValueError, RecursionError):
        if any(redactor.name(name) for name in _linked_names(script)):
            script.text = "{}"


def _rename(element: Element, redactor: Redactor) -> None:
    """A name that stands by itself, in an element or in what says who wrote a page."""
    if element.text and (token := redactor.name(element.text)):
        element.text = token
    if element.tail and (token := redactor.name(element.tail)):
        element.tail = token
    if element.get("content") and (token := redactor.name(element.get("content"))):
        element.set("content", token)


def _is_comment(element: Element) -> bool:
    named = _COMMENT.fullmatch(element.get("id") or "") is not None
    return _kind(element) in ("li", "article", "div", "section", "dt", "p") and (
        named or bool({"comment", "h-cite", "u-comment", "comment-body"} & _classes(element))
    )


def _in_comment(element: Element) -> bool:
    return _is_comment(element) or any(map(_is_comment, element.iterancestors()))


def _holds_comment(element: Element) -> bool:
    return any(map(_is_comment, element.iter(etree.Element)))


def _kind(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _classes(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
