"""HTML of a post to its words: paragraphs and breaks to line breaks, mentions and links to tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import lxml.etree

from pipelines.names_in_text import NamesInText

_TEXT_BLOCKS = ("p", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "tr", "hr")
_GROUPS = ("ul", "ol", "dl", "table", "section", "article", "header", "footer", "aside", "figure", "address", "center")
_BLOCKS = frozenset((*_TEXT_BLOCKS, *_GROUPS, "figcaption", "details", "summary"))
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "template", "head", "title"})
_NEVER_READ = (*_SILENT, "textarea", "iframe", "xmp", "noembed", "noframes", "plaintext")
_TAG = re.compile(r"<[^<>]*>")
_END = "passerelle-end"


def words_of_markup(markup: str, names: NamesInText) -> str:
    """The words that a reader of `markup` sees, with mentions and links replaced by tokens of `names`.

    Markup may be nested to any depth; what is opened and never ends (a tag, a comment, a script) hides no words.
    """
    if "<" not in markup and "&" not in markup:
        return markup
    if "<![CDATA[" in markup:
        markup = markup.replace("<![CDATA[", " ").replace("]]>", " ")
    for version in _versions(markup):
        reader = _Reader(names)
        parser = lxml.etree.HTMLParser(target=reader, huge_tree=True)
        parser.feed(f"<html><body>{version}<{_END}>")
        parser.close()
        if reader.came_to_the_end:
            return "".join(reader.words)
    return _TAG.sub(" ", markup)


def _versions(markup: str) -> Iterator[str]:
    """`markup` as it is; without the openings that never end; without quotes, of which one may never end."""
    yield markup
    ended = _without_after(markup, "<!--", "-->")
    for tag in _NEVER_READ:
        ended = _without_after(ended, f"<{tag}", f"</{tag}")
    head, bracket, tail = ended.rpartition(">")
    ended = head + bracket + tail.replace("<", "&lt;")
    yield ended
    yield ended.replace('"', "&quot;").replace("'", "&#39;")


def _without_after(markup: str, opening: str, closing: str) -> str:
    """`markup` where no `opening` stands after the last `closing`."""
    last = markup.lower().rfind(closing)
    head, tail = markup[: last + 1], markup[last + 1 :]
    return head + re.sub(re.escape(opening) + r"(?:[^<>]*>)?", " ", tail, flags=re.IGNORECASE)


class _Reader:
    """Hears a parser out: no tree, so that no depth is too deep for it. `words` are what a reader sees."""

    def __init__(self, names: NamesInText) -> None:
        self.words: list[str] = []
        self.came_to_the_end = False
        self._names = names
        self._silent = 0
        self._href = ""
        self._shown: list[str] | None = None  # the words of the link that is open

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if tag == _END:
            self.came_to_the_end = not self._silent
            self._close_link()
        elif tag in _SILENT:
            self._silent += 1
        elif tag == "a":
            self._close_link()
            self._href, self._shown = (attributes.get("href") or "").strip(), []
        elif tag in _BLOCKS or tag == "br":
            self.data("\n")

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in _SILENT:
            self._silent -= 1
        elif tag == "a":
            self._close_link()
        elif tag in _BLOCKS or tag in _CELLS:
            self.data("\n" if tag in _BLOCKS else " ")

    def data(self, text: str) -> None:
        """Words come."""
        if not self._silent:
            (self.words if self._shown is None else self._shown).append(text)

    def close(self) -> None:
        """The markup has ended."""

    def _close_link(self) -> None:
        if self._shown is not None:
            self.words.append(_anchor("".join(self._shown), self._href, self._names))
            self._shown = None


def _anchor(words: str, href: str, names: NamesInText) -> str:
    """A hashtag as written; a mention or an address as its token; other words as they are."""
    shown = words.strip()
    name = shown.lstrip("@＠")
    if shown.startswith(("#", "＃")):
        return words
    if name != shown and name and not re.search(r"\s", name):
        return names.token(name, _host(href))
    if href.startswith("mailto:") and shown in href:
        return "[email]" if shown else ""
    return names.link(href) if href and _is_address(shown, href) else words


def _host(href: str) -> str | None:
    try:
        return urlsplit(href).hostname
    except ValueError:
        return None


def _is_address(words: str, href: str) -> bool:
    """Whether the words shown are the address itself, perhaps shortened."""
    shown = words.rstrip("…/")
    if re.search(r"\s", shown):
        return False
    return "://" in shown or shown.startswith("www.") or (bool(shown) and shown in href)
