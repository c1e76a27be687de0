"""HTML of a post to its words: paragraphs and breaks to line breaks, mentions and links to tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import lxml.etree
import lxml.html

from pipelines.people import People

_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "tr"})
_TAG = re.compile(r"<[^<>]*>")
_SILENT = frozenset({"script", "style", "template", "head", "title"})


def words_of_markup(markup: str, names: People) -> str:
    """The words that a reader of `markup` sees, with mentions and links replaced by tokens of `names`."""
    if "<" not in markup and "&" not in markup:
        return markup
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    root = lxml.html.document_fromstring(f"<html><body>{markup}</body></html>", parser=parser)
    # a parser gives up on markup nested some hundreds deep, and then shows nothing of it
    return "".join(_words(root, names)) or _TAG.sub(" ", markup)


def _words(root: lxml.html.HtmlElement, names: People) -> Iterator[str]:
    """Text in reading order. One walk, no recursion: markup may be nested deeper than Python's stack."""
    inside: lxml.html.HtmlElement | None = None
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if inside is not None:
                continue
            yield _break_before(element)
            if element.tag == "a" or element.tag in _SILENT:
                inside = element
                yield _anchor(element, names) if element.tag == "a" else ""
            else:
                yield element.text or ""
        elif inside is None or element is inside:
            inside = None
            yield _break_after(element)
            yield element.tail or ""


def _break_before(element: lxml.html.HtmlElement) -> str:
    return "\n" if element.tag in _BLOCKS or element.tag == "br" else ""


def _break_after(element: lxml.html.HtmlElement) -> str:
    return "\n" if element.tag in _BLOCKS else ""


def _anchor(element: lxml.html.HtmlElement, names: People) -> str:
    """A hashtag as written; a mention or an address as its token; other words as they are."""
    words = "".join(element.itertext())
    name = words.strip().lstrip("@＠")
    href = (element.get("href") or "").strip()
    if words.strip().startswith(("#", "＃")):
        return words
    if name != words.strip() and name:
        return names.token(name, _host(href))
    if href.startswith("mailto:"):
        return "[email]"
    return names.link(href) if href and _is_address(words, href) else words


def _host(href: str) -> str | None:
    try:
        return urlsplit(href).hostname
    except ValueError:
        return None


def _is_address(words: str, href: str) -> bool:
    """Whether the words shown are the address itself, perhaps shortened."""
    shown = words.strip().rstrip("…/")
    return "://" in shown or shown.startswith("www.") or (bool(shown) and " " not in shown and shown in href)
