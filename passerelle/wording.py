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
    return plain.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",") if language == "fr" else plain


def english(count: int, noun: str, plural: str = "") -> str:
    """The number and its noun: 0 rows, 1 row, 1,200 rows; an s at the end unless `plural` is given."""
    return f"{number(count, 'en')} {noun if count == 1 else plural or noun + 's'}"


def french(count: int, noun: str, plural: str = "") -> str:
    """The number and its noun, singular from zero on: 0 ligne, 1 ligne, 1 200 lignes; an s a word unless `plural`."""
    return f"{number(count, 'fr')} {noun if count < 2 else plural or ' '.join(f'{word}s' for word in noun.split(' '))}"


_BEFORE = (
    (re.compile(r" (?=[;!?%»](?:\W|$))|(?<=«) "), "\N{NARROW NO-BREAK SPACE}"),
    (re.compile(r" (?=:(?:\s|$))"), "\N{NO-BREAK SPACE}"),
)


def typeset(text: str) -> str:
    """French with no-break spaces inside guillemets and before double punctuation, narrow ones but for the colon."""
    for pattern, space in _BEFORE:
        text = pattern.sub(space, text)
    return text
