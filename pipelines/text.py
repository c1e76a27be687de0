"""The words of a post as they may be kept: plain, normalised, with everybody's names hidden.

What stands in the stored text instead of a person:

- ``@a…`` (account pseudonym) or ``@h…`` (handle pseudonym) for a mention,
- ``https://l…`` (link pseudonym) for any link: a link may lead to a person, and a short one hides where it leads,
- ``[email]``, ``[phone]`` and ``[did]`` for addresses, telephone numbers and decentralised identifiers.

Hashtags stay as written. Names in running text cannot be found by machine: text stays personal data.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import partial

from passerelle.records import TextFormat
from pipelines.markup import words_of_markup
from pipelines.names_in_text import NamesInText

# controls other than tab and line feed, lone surrogates, bidi overrides, zero-width spaces, private use sentinels
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_JOINER = "\u200c\u200d"
_TLD = "com|org|net|fr|eu|io|be|ch|ca|de|uk|es|it|nl|lu|info|me|ly|gl|gd|co|app|dev|social|online|pro|link|page|blog"
# Every branch starts with a letter, so that the engine skips to it, and is bounded or anchored, so that no text
# takes quadratic time.
_HIDDEN = re.compile(
    rf"""
      (?P<link> (?: http | HTTP | Http ) [sS]?://[^\s<>"']+ | w(?<!\ww)ww\.[^\s<>"']+ | W(?<!\wW)WW\.[^\s<>"']+ )
    | (?P<did> d(?<!\wd)id:[a-z0-9]{{1,20}}:[\w.:%\-]+ )
    | (?P<handle> @ [{_JOINER}]? (?P<name> [\w{_JOINER}]+(?:[.\-][\w{_JOINER}]+)* (?: @[\w\-]+(?:\.[\w\-]+)+ )? ) )
    | (?P<phone> 0(?<![\w.+]0) [1-9](?P<gap>[\s.\-]?)\d\d(?:(?P=gap)\d\d){{3}} (?!\w)
               | 0(?<![\w.+]0) 0\d{{1,3}}(?:\(0\))?(?:[\s.\-]?\d){{8,11}} (?!\w)
               | \+(?<![\w.+]\+) \d{{1,3}}(?:\(0\))?(?:[\s.\-]?\d){{8,11}} (?!\w) )
    """,
    re.VERBOSE,
)
_EMAIL = re.compile(
    r"(?<![\w.+\-@])(?:mailto:)?[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})*\.[a-z]{2,24}(?![\w@])", re.IGNORECASE
)
_BARE_LINK = re.compile(
    rf"(?<![\w@./\-])(?:[a-z0-9\-]{{1,63}}\.){{1,4}}(?:(?:{_TLD})/[^\s<>\"']*|social\b(?<=bsky\.social))",
    re.IGNORECASE,
)
_MAYBE_BARE_LINK = re.compile(r"\.(?:[a-z]{2,6}/|social)", re.IGNORECASE)
_TRAILING = ".,;:!?…)»\"'"
_SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
_BREAKS = re.compile(r" ?\n ?")
_GAPS = re.compile(r"\n{3,}")


def plain_text(text: str, text_format: TextFormat, names: NamesInText) -> str:
    """`text` (HTML or plain with entities) as it may be kept: NFC, no control characters, names hidden."""
    words = words_of_markup(_clean(text), names) if text_format == "html" else html.unescape(text)
    words = _hidden(unicodedata.normalize("NFC", _clean(words)), names)
    return _GAPS.sub("\n\n", _BREAKS.sub("\n", _SPACES.sub(" ", words))).strip()


def _hidden(words: str, names: NamesInText) -> str:
    words = words.replace("＠", "@").replace("﹫", "@")
    if any(part and not part[-1].isspace() for part in words.split("@")[:-1]):
        words = _EMAIL.sub("[email]", words)
    words = _HIDDEN.sub(partial(_hide, names), words)
    if _MAYBE_BARE_LINK.search(words):
        words = _BARE_LINK.sub(lambda match: _hide_link(names, match[0]), words)
    return words


def _clean(text: str) -> str:
    return _UNSEEN.sub(_seen, text)


def _seen(match: re.Match[str]) -> str:
    """Line breaks of other systems stay breaks; a broken half of a character shows as the sign for that."""
    character = match[0]
    if character in "\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if character == "\r":
        return " "
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""


def _hide(names: NamesInText, match: re.Match[str]) -> str:
    kind = match.lastgroup
    found = match[0]
    if found in names.issued:
        return found
    if kind == "link":
        return _hide_link(names, found)
    if kind == "handle":
        return _hide_handle(names, match["name"])
    return f"[{kind}]"


def _hide_link(names: NamesInText, found: str) -> str:
    url = found.rstrip(_TRAILING)
    return found if url in names.issued else names.link(url) + found[len(url) :]


def _hide_handle(names: NamesInText, name: str) -> str:
    plain = name.replace("\u200c", "").replace("\u200d", "")
    head = re.split(r"[.\-@]", plain, maxsplit=1)[0]
    if head != plain and names.knows(head) and not names.knows(plain) and "@" not in plain:
        return names.token(head) + plain[len(head) :]
    return names.token(plain)
