"""What a value from outside must be for a table to hold it. One bad value costs itself, never its record or run.

Every reason is of known words: it says what is wrong, never what was found.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

MAX_COUNT = 10**12
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MAX_IDENTITY = 2048

_IDENTITY = re.compile(r"[^\s\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufffd]+")
_UNSTORABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class UnkeptError(ValueError):
    """A record that no table can hold. `reason` says why in known words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def wrong_count(number: object) -> str | None:
    """What is wrong with a counter; None where nothing is."""
    if isinstance(number, bool) or not isinstance(number, int):
        return "no whole number"
    return "negative" if number < 0 else "too large" if number > MAX_COUNT else None


def wrong_time(moment: datetime) -> str | None:
    """What is wrong with a time; None where nothing is. Windows and weeks around it must be times too."""
    return None if EARLIEST <= moment < LATEST else "impossible time"


def is_identity(text: object) -> bool:
    """Whether `text` can name one thing: not empty, no blanks, no characters that are not seen."""
    return isinstance(text, str) and len(text) <= MAX_IDENTITY and _IDENTITY.fullmatch(text) is not None


def is_storable(text: str) -> bool:
    """Whether a table and a terminal can hold `text` as it is: no lone surrogates, no control characters."""
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """`text` with a sign in place of every character that no table or terminal should get."""
    return _UNSTORABLE.sub("\ufffd", text)
