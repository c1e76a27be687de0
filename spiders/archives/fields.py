"""Values of an archive: one that a record cannot be without is read strictly, any other costs itself and is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from passerelle.records import MalformedRecord, Record

Json = Mapping[str, Any]
T = TypeVar("T")

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
        self.field = field
        self.why = why


class Spare:
    """Reads what a record can do without: null where it cannot be read, and named in `left_out` (``field: reason``)."""

    def __init__(self) -> None:
        self._left_out: list[str] = []

    def read(self, field: str, make: Callable[[], T]) -> T | None:
        """What `make` gives; None where it raises what reading values raises."""
        try:
            return make()
        except _NOT_AS_EXPECTED as error:
            self._left_out.append(f"{field}: {error.why if isinstance(error, FieldError) else 'cannot be read'}")
            return None

    def all(self, field: str, things: Any, make: Callable[[Any], T]) -> tuple[T, ...]:
        """What `make` gives for each of `things` that can be read."""
        if not isinstance(things, list):
            things = [] if things is None else [things]
        found = [self.read(field, partial(make, thing)) for thing in things]
        return tuple(one for one in found if one is not None)

    @property
    def left_out(self) -> tuple[str, ...]:
        """What could not be read so far."""
        return tuple(self._left_out)


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


def count_of_field(row: Json, field: str) -> int | None:
    """A number of something as it stands there: whether it can be one is seen where records land."""
    return row.get(field)


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
def iso_language(code: str | None) -> str | None:
    """Twitter's language code in today's ISO 639-1 spelling. Raises FieldError for what is no text."""
    if code is not None and not isinstance(code, str):
        raise FieldError("lang")
    return _OLD_LANGUAGES.get(code, code) if code else None
