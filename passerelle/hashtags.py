"""One spelling for all spellings of a hashtag, coarser than what any server makes of it.

The fediverse keeps a hashtag as NFKC, lower case, its Latin letters turned into ASCII, and without characters that are
neither alphabetic nor digits. What it says a post's hashtags are is therefore not what was written, nor what the
campaign file says: all of them are folded alike before they are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

# Latin letters that no decomposition leads to ASCII, as the fediverse writes them
_ASCII = str.maketrans("đðħıĸłŋøŧ", "ddhiklnot")
_WITHOUT_MARKS = ("LATIN ", "GREEK ")
# combining classes: overlays, nukta, voicing, virama, Lao tones; from 200 on what stands above or below a letter
_DROPPED_PLACES, _ABOVE_OR_BELOW = (1, 7, 8, 9, 122), 200
_DROPPED = frozenset("\u0ecc\u17c9\u17ca\u17cb\u17cc\u17cd\u17ce\u17cf\u17d0\u17d1\u17d3\u17dd")
_JOINING = "_·・\u200c\u200d"
_START = re.compile(r"(?<![\w&/#＃])[#＃](?=\S)")
MAX_LENGTH = 100


def fold_hashtag(tag: str) -> str:
    """One spelling for all spellings of a hashtag: without ``#``, letter case, width, Latin or Greek accents.

    Vowel signs of other scripts stay; marks that servers drop (virama, nukta, joiners) go.
    """
    plain = tag.lstrip("#＃")
    if plain.isascii():
        return plain.casefold()
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", plain).casefold())
    kept, is_bare = [], False
    for character in composed:
        letter, is_mark = _letter(character), unicodedata.category(character)[0] == "M"
        if is_mark and (is_bare or _is_dropped(character)):
            continue
        is_bare = is_bare if is_mark else letter is not None
        kept.append(character if letter is None else letter)
    return unicodedata.normalize("NFC", "".join(kept))


def is_hashtag(text: str) -> bool:
    """Whether `text` (without ``#``) is what servers take for one hashtag: letters, marks, digits, no space."""
    plain = unicodedata.normalize("NFKC", text)
    return 0 < len(plain) <= MAX_LENGTH and all(map(_is_part, plain)) and any(map(str.isalnum, plain))


def hashtags_in(text: str) -> Iterator[str]:
    """The hashtags written in plain `text`, as they are written and without ``#``."""
    for start in _START.finditer(text):
        tag = "".join(takewhile(_is_part, text[start.end() :])).rstrip(_JOINING)
        if is_hashtag(tag):
            yield tag


@lru_cache(maxsize=10_000)
def _letter(character: str) -> str | None:
    """A Latin or Greek letter without its marks; None for any other character."""
    base, *marks = list(unicodedata.normalize("NFKD", character))
    if not unicodedata.name(base, "").startswith(_WITHOUT_MARKS) or unicodedata.category(base)[0] == "M":
        return "" if unicodedata.category(character) == "Cf" else None
    return "".join([base, *(c for c in marks if unicodedata.category(c)[0] != "M")]).translate(_ASCII)


@lru_cache(maxsize=10_000)
def _is_dropped(mark: str) -> bool:
    """Whether servers drop the mark, since it is not alphabetic: it alone makes no other hashtag."""
    place, name = unicodedata.combining(mark), unicodedata.name(mark, "")
    if place >= _ABOVE_OR_BELOW:
        return not name.startswith("ARABIC")
    return place in _DROPPED_PLACES or mark in _DROPPED or name.startswith(("VARIATION", "COMBINING"))


def _is_part(character: str) -> bool:
    return character.isalnum() or character in _JOINING or unicodedata.category(character)[0] == "M"
