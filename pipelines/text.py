"""The words of a post as they may be kept: plain, normalised, with everybody's names hidden.

What stands in the stored text instead of a person:

- ``@a…`` (account pseudonym) or ``@h…`` (handle pseudonym) for a mention,
- ``https://l…`` (link pseudonym) for any link: a link may lead to a person, and a short one hides where it leads,
- ``[email]``, ``[phone]`` and ``[did]`` for addresses, telephone numbers and decentralised identifiers.

Hashtags stay as written. What is not found: names in running text, numbers and addresses written out in words (zéro
six, jeanATexemple), national telephone numbers of other countries than `phones_in_text.REGIONS`, and a bare domain
under an ending that is also a word (``elpais.es`` as ``candidat.es``) with nothing else to tell it. Text stays
personal data.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import partial

from passerelle.records import TextFormat
from pipelines.addresses_in_text import hide_disguised, hide_domains
from pipelines.markup import words_of_markup
from pipelines.names_in_text import NamesInText
from pipelines.phones_in_text import hide_phones

# controls other than tab and line feed, lone surrogates, bidi overrides, zero-width spaces, private use sentinels
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_JOINER = "\u200c\u200d"
# Every branch starts with a letter, so that the engine skips to it, and is bounded or anchored, so that no text
# takes quadratic time.
_HIDDEN = re.compile(
    rf"""
      (?P<link> (?: http | HTTP | Http ) [sS]?://[^\s<>"']+ | w(?<!\ww)ww\.[^\s<>"']+ | W(?<!\wW)WW\.[^\s<>"']+ )
    | (?P<did> d(?<!\wd)id:[a-z0-9]{{1,20}}:[\w.:%\-]+ )
    | (?P<handle> @ [{_JOINER}]? (?P<name> [\w{_JOINER}]+(?:[.\-][\w{_JOINER}]+)* (?: @[\w\-]+(?:\.[\w\-]+)+ )? ) )
    """,
    re.VERBOSE,
)
_EMAIL = re.compile(
    r"(?<![\w.+\-@])(?:mailto:)?[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})*\.[a-z]{2,24}(?![\w@])", re.IGNORECASE
)
_DISTURBED = re.compile(r"(?<=[!-~À-ɏ])[\u200c\u200d\u00ad]+(?=[!-~À-ɏ])")
_DISTURBING = ("\u200c", "\u200d", "\u00ad")
_MAYBE_WIDE = re.compile("[＋０-９＠．]")
_WIDE = re.compile(r"(?<![^\s])(?![#＃])[^\s]*[＠．][^\s]*|[＋０-９][＋０-９\s．－（）]{6,}")
_NARROW = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF01, 0xFF5F))}
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
    if any(sign in words for sign in _DISTURBING):
        words = _DISTURBED.sub("", words)
    if not words.isascii() and _MAYBE_WIDE.search(words):
        words = _WIDE.sub(lambda match: match[0].translate(_NARROW), words)
    words = words.replace("＠", "@").replace("﹫", "@")
    if any(part and not part[-1].isspace() for part in words.split("@")[:-1]):
        words = _EMAIL.sub("[email]", words)
    words = hide_disguised(words)
    words = _HIDDEN.sub(partial(_hide, names), words)
    return hide_phones(hide_domains(words, partial(_hide_link, names)))


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
