"""Guests of a blog: who signs a comment without an account."""

from __future__ import annotations

import unicodedata

_NOBODY = frozenset(("", "anonyme", "anonymous", "unknown", "anónimo", "anonym", "anonimo", "anoniem"))
"""What blogs write where nobody signed."""


def guest(name: str, comment: str) -> str:
    """What names a guest on one blog: the name, letter case ignored; without one, the comment's own id.

    Whoever does not sign is somebody else in each comment.
    """
    return comment if is_nobody(name) else _plain(name)


def is_nobody(name: str) -> bool:
    """Whether the name is that of no one."""
    return _plain(name) in _NOBODY


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()
