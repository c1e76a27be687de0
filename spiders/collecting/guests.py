"""Guests of a blog: who signs a comment without an account."""

from __future__ import annotations

import unicodedata

_NOBODY = frozenset(("", "anonyme", "anonymous", "unknown", "anónimo", "anonym", "anonimo", "anoniem"))
"""What blogs write where nobody signed."""


def guest(name: str, comment: str) -> str:
    """What names a guest on one blog: the name, letter case ignored; without one, the comment's own id.

    Whoever does not sign is somebody else in each comment. Blanks, which no identity holds, are written ``%20``.
    """
    return comment if is_nobody(name) else "%20".join(_plain(name).split())


def is_nobody(name: str) -> bool:
    """Whether the name is that of no one."""
    return _plain(name) in _NOBODY


def _plain(name: str) -> str:
    seen = "".join(letter for letter in name if letter.isspace() or unicodedata.category(letter) not in ("Cf", "Cc"))
    return unicodedata.normalize("NFC", seen).strip().casefold()
