"""Which language to speak: ``--lang``, else PASSERELLE_LANG, else the system's."""

from __future__ import annotations

import gettext
import os
import re
import sys
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("fr", "en")


@lru_cache(maxsize=1)
def language() -> str:
    """``fr`` or ``en``, decided once: help texts are made when a command is imported."""
    asked = _flag() or os.environ.get("PASSERELLE_LANG") or _system()
    return "fr" if asked.lower().startswith("fr") else "en"


def both(en: str, fr: str) -> str:
    """The text in the language of this process."""
    return typeset(fr) if language() == "fr" else en


def typeset(french: str) -> str:
    """`french` with no-break spaces inside guillemets and before double punctuation, where no line may break."""
    return re.sub(r" (?=[:;!?»](?:\s|$))|(?<=«) ", "\N{NO-BREAK SPACE}", french)


def speak() -> None:
    """Let click's own words ("Usage", "Options", its errors) come in the same language."""
    os.environ["LANGUAGE"] = os.environ["PASSERELLE_LANG"] = language()  # for the processes that we start, too
    gettext.bindtextdomain("passerelle", str(Path(__file__).parent / "locale"))
    gettext.textdomain("passerelle")


def _flag() -> str | None:
    for place, word in enumerate(sys.argv[1:], 1):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and place + 1 < len(sys.argv):
            return sys.argv[place + 1]
        if word == "--":
            return None
    return None


def _system() -> str:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((value for name in names if (value := os.environ.get(name))), "en")
