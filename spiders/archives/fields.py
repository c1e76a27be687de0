"""Values of an archive, read strictly: what has another type than it should is named, never turned into null."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from passerelle.records import MalformedRecord, Record

Json = Mapping[str, Any]

_MONTHS = {
    name: month
    for month, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)  # noqa: SIM905
}
_OLD_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}
NOT_JSON, NOT_OBJECT = "not valid JSON", "no JSON object"
_ISO = re.compile(r"\d{4}-\d\d-\d\d|\d{8}T\d{4}")
_ZONE_APART = re.compile(r"(?<=\d)\s+(?=[+-]\d\d:?\d\d$|Z$)")
_NOT_AS_EXPECTED = (KeyError, TypeError, ValueError, OverflowError, AttributeError, IndexError)


class FieldError(ValueError):
    """A field whose value cannot be read. Says which one and `why`, never what it holds."""

    def __init__(self, field: str, why: str = "cannot be read") -> None:
        super().__init__(f"'{field}' {why}")


def reading(make: Callable[[], Iterable[Record]], source: str, where: str, captured_at: datetime) -> list[Record]:
    """The records that `make` gives: all of them, or one MalformedRecord that says why it could not."""
    try:
        return list(make())
    except _NOT_AS_EXPECTED as error:
        return [MalformedRecord(source=source, where=where, reason=_reason(error), captured_at=captured_at)]


def _reason(error: Exception) -> str:
    if isinstance(error, FieldError):
        return str(error)
    if isinstance(error, KeyError):
        return f"field {error} is missing"
    return "a field is not of the expected kind"


def text(row: Json, field: str) -> str:
    """A mandatory text, possibly empty."""
    value = row[field]
    if not isinstance(value, str):
        raise FieldError(field)
    return value


def count(row: Json, field: str) -> int | None:
    """A number of something; null where it is not given."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise FieldError(field)
    return value


def tweet_id(value: object, field: str) -> str:
    """Canonical identity of a Twitter id. Ids exceed 2^53: digits, never a float."""
    digits = str(value)
    if isinstance(value, (bool, float)) or not digits.isascii() or not digits.isdigit():
        raise FieldError(field)
    return f"twitter:{digits}"


def optional_id(value: object, field: str) -> str | None:
    """The same for an id that may be absent."""
    return tweet_id(value, field) if value not in (None, "") else None


def twitter_time(value: str, field: str) -> datetime:
    """API v1.1's ``Mon Dec 02 14:16:05 +0000 2019``, always UTC; not left to the machine's locale."""
    try:
        day, hour, minute, second = int(value[8:10]), int(value[11:13]), int(value[14:16]), int(value[17:19])
        if value[20:25] != "+0000":
            raise FieldError(field)
        return datetime(int(value[26:]), _MONTHS[value[4:7]], day, hour, minute, second, tzinfo=UTC)
    except (KeyError, ValueError, TypeError):
        raise FieldError(field) from None


def iso_time(value: str, field: str) -> datetime:
    """ISO 8601, with a blank for the T or without a zone too (then UTC)."""
    try:
        moment = iso_moment(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        raise FieldError(field) from None


def iso_moment(value: str) -> datetime:
    """ISO 8601 with or without a zone. Raises ValueError or TypeError for anything else, digits alone included."""
    if not _ISO.match(value):
        raise ValueError
    return datetime.fromisoformat(_ZONE_APART.sub("", value) if " " in value else value)


@lru_cache(maxsize=1000)
def language(code: str | None) -> str | None:
    """Twitter's language code in today's ISO 639-1 spelling."""
    return _OLD_LANGUAGES.get(code, code) if code else None
