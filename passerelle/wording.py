"""How people are spoken to, in French and in English: which language, numbers, plurals, French spaces."""

from __future__ import annotations

import os
import re

LANGUAGES = ("fr", "en")
_THOUSANDS = {"fr": "\N{NARROW NO-BREAK SPACE}", "en": ","}


def spoken() -> str:
    """``fr`` or ``en``: what PASSERELLE_LANG says, else the system's language."""
    names = ("PASSERELLE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    told = next((value for name in names if (value := os.environ.get(name))), "en")
    return "fr" if told.lower().startswith("fr") else "en"


def number(count: int, language: str) -> str:
    """A whole number with its thousands apart: 1,200 in English, 1 200 (narrow no-break space) in French."""
    return f"{count:,}".replace(",", _THOUSANDS[language])


def counted(count: int, singular: str, plural: str, language: str) -> str:
    """The number and its noun; in French zero is singular, as one is."""
    is_one = count < 2 if language == "fr" else count == 1
    return f"{number(count, language)} {singular if is_one else plural}"


def typeset(french: str) -> str:
    """`french` with no-break spaces inside guillemets and before double punctuation, where no line may break."""
    return re.sub(r" (?=[:;!?»](?:\s|$))|(?<=«) ", "\N{NO-BREAK SPACE}", french)
