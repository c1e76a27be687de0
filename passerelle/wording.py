"""How people are spoken to, in French and in English: which language, numbers, plurals, French spaces."""

from __future__ import annotations

import os
import re

LANGUAGES = ("fr", "en")


def spoken() -> str:
    """``fr`` or ``en``: what PASSERELLE_LANG says, else the system's language."""
    names = ("PASSERELLE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    told = next((value for name in names if (value := os.environ.get(name))), "en")
    return "fr" if told.lower().startswith("fr") else "en"


def number(count: int, language: str) -> str:
    """A whole number with its thousands apart: 1,200 in English, 1 200 (narrow no-break space) in French."""
    return decimal(count, 0, language)


def decimal(value: float, digits: int, language: str) -> str:
    """A number with so many `digits` after its point, which in French is a comma."""
    plain = f"{value:,.{digits}f}"
    return plain.replace(",", NARROW).replace(".", ",") if language == "fr" else plain


def english(count: int, noun: str, plural: str = "") -> str:
    """The number and its noun: 0 rows, 1 row, 1,200 rows; an s at the end unless `plural` is given."""
    return f"{number(count, 'en')} {noun if count == 1 else plural or noun + 's'}"


def french(count: int, noun: str, plural: str = "") -> str:
    """The number and its noun, singular from zero on: 0 ligne, 1 ligne, 1 200 lignes; an s a word unless `plural`."""
    return f"{number(count, 'fr')} {noun if count < 2 else plural or ' '.join(f'{word}s' for word in noun.split(' '))}"


NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
_HIGH, _COLON, _GUILLEMETS = (
    re.compile(r" (?=[;!?%](?:\W|$))"),
    re.compile(r" (?=:(?:\s|$))"),
    re.compile(r"(?<=«) | (?=»)"),
)


def typeset(text: str, inside: str = WIDE) -> str:
    """French with spaces that no line breaks at: narrow before ; ! ? %, wide before a colon, `inside` guillemets."""
    return _GUILLEMETS.sub(inside, _COLON.sub(WIDE, _HIGH.sub(NARROW, text)))


_UNITS = re.compile(r"(?<=\d) (?=[hj]\b)")


def printed(text: str, language: str) -> str:
    """A text as it is printed: typographic apostrophes, and the spaces of French, narrow inside guillemets too."""
    text = text.replace("'", "’")
    return _UNITS.sub(NARROW, typeset(text, NARROW)) if language == "fr" else text
