"""When something was written, as blogs write it: ISO 8601, RFC 822, or in words, French ones too.

A time that names no zone is the campaign's wall clock, and said to be inferred.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from passerelle.values import UnkeptError, wrong_time

_LANGUAGES = ("fr", "en")
_HOUR = re.compile(r"(\d{1,2})\s*[hH]\s*(\d{2})?(?=\D|$)(?:\s*(?:min|mn))?")  # 9h00, 11 h 13, 9h
_NOISE = re.compile(r"[@|«»()]|\b(?:à|a|at|um|le|on|am|vers|uhr|publié|posté|:)(?=\s)", re.IGNORECASE)
_WORDS = (
    re.compile(r"\d{1,2}(?:er|\.)?\s+[^\W\d_]{3,10}\.?,?\s+\d{4}(?:\D{0,12}\d{1,2}\s*[:hH]\s*(?:\d{2})?)?"),
    re.compile(r"\b[^\W\d_]{3,10}\.?\s+\d{1,2},\s+\d{4}(?:\D{0,6}\d{1,2}:\d{2}(?:\s*[ap]m)?)?", re.IGNORECASE),
    re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?:\D{0,12}\d{1,2}\s*[:hH]\s*(?:\d{2})?)?"),
    re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?"),
)


def moment_in(text: str, zone: str, language: str = "") -> tuple[datetime, bool]:
    """The moment that `text` names, in UTC, and whether its zone is inferred. Raises UnkeptError for none."""
    found = as_written(text, language)
    if found is None:
        raise UnkeptError("post without time")
    is_inferred = found.tzinfo is None
    at = (found.replace(tzinfo=ZoneInfo(zone)) if is_inferred else found).astimezone(UTC)
    if wrong_time(at):
        raise UnkeptError("impossible time")
    return at, is_inferred


def as_written(text: str, language: str = "") -> datetime | None:
    """The moment that `text` names, with a zone where it says one; None where it names no day, month and year."""
    spoken = _spoken(language)
    return _iso(text) or _mail(text) or _worded(text, spoken) or _worded(date_within(text), spoken)


def date_within(text: str) -> str:
    """The first words of `text` that look like a date; empty where none do."""
    return next((found[0].strip() for pattern in _WORDS if (found := pattern.search(text))), "")


def _spoken(language: str) -> tuple[str, ...]:
    said = language.strip().lower()[:2]
    return tuple(dict.fromkeys([*([said] if said.isascii() and said.isalpha() else []), *_LANGUAGES]))


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if re.search(r"\d:\d", text) and _has_zone(text) else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _has_zone(text: str) -> bool:
    return re.search(r"(?:[+-]\d{4}|\b(?:GMT|UTC?|[ECMP][SD]T|Z))\s*(?:\(.*\))?\s*$", text) is not None


@lru_cache(maxsize=10_000)
def _worded(text: str, languages: Sequence[str]) -> datetime | None:
    """A date in words that names day, month and year; what is told from now on (two days ago) names none."""
    import dateparser  # not needed where dates are in digits

    if not text:
        return None
    plain = _NOISE.sub(" ", _HOUR.sub(lambda hour: f"{hour[1]}:{hour[2] or '00'}", text))
    settings = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    for language in languages:
        try:
            found: datetime | None = dateparser.parse(
                " ".join(plain.split())[:100], languages=[language], settings=settings
            )
        except (ValueError, OverflowError, TypeError, AttributeError):  # a language that it does not know
            continue
        if found is not None:
            return found
    return None
