"""Which language to speak: ``--lang``, else PASSERELLE_LANG, else the system's."""

from __future__ import annotations

import gettext
import os
import sys
from functools import lru_cache
from pathlib import Path

from passerelle.wording import LANGUAGES, spoken, typeset

__all__ = ["LANGUAGES", "asked_language", "both", "speak", "typeset"]


@lru_cache(maxsize=1)
def asked_language() -> str:
    """``fr`` or ``en``, decided once: help texts are made when a command is imported."""
    asked = _flag()
    return spoken() if asked is None else "fr" if asked.lower().startswith("fr") else "en"


def both(en: str, fr: str) -> str:
    """The text in the language of this process."""
    return typeset(fr) if asked_language() == "fr" else en


def speak() -> None:
    """Let click's own words ("Usage", "Options", its errors) come in the same language."""
    os.environ["LANGUAGE"] = os.environ["PASSERELLE_LANG"] = asked_language()  # for the processes that we start, too
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
