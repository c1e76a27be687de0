"""Times of a mapped column: by its format, in its own zone, never in the machine's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from spiders.archives.fields import FieldError, iso_moment
from spiders.collecting.blogs.moments import as_written

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"unix": 1, "unix_ms": 1000}
_NUMBER = re.compile(r"\d+(?:\.\d+)?\Z")
_NAME = re.compile(r"(?<![A-Za-z])(?!(?:AM|PM|am|pm)\b)[A-Z][A-Za-z]{1,4}(?![A-Za-z])")
_HOURS = {
    "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "NDT": -2.5, "ADT": -3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "JST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
"""Names that mean one offset wherever they are used; CST, IST, BST and the like mean several and need a time zone."""
NO_SUCH_HOUR, HOUR_TWICE = (
    "is an hour that does not exist in its time zone",
    "is an hour that comes twice in its time zone",
)
UNKNOWN_ZONE = "has a zone whose name is not clear"
HOW_LONG_AGO = "says how long ago, not when"
_AGO = re.compile(
    r"(?:il y a|depuis)\b|.*\bago\b|hier\b|yesterday|à l.instant|just now|"
    r"\d{1,3}\s*(?:s|sec|min|mn|m|h|hr|j|d|sem|w|mo|mois|ans?|y|yr)s?\.?(?:\s*•.*)?$",
    re.IGNORECASE,
)


class Times:
    """Reads times as `form` says (``iso``, ``unix``, ``unix_ms``, ``words`` or a strptime pattern).

    A time without zone is of `zone`, else UTC, and counted in `naive`. `exchanged` and `settled` count those that can
    only be read with day and month exchanged, or only as stated; `columns` names what was read.
    """

    def __init__(self, form: str, zone: str | None) -> None:
        self._form, self._zone = form, ZoneInfo(zone) if zone else None
        self._named = "%Z" in form
        self._pattern = re.sub(r"\s*%Z\s*", " ", form).strip() if self._named else form
        self._other = _other_order(self._pattern)
        self.naive = self.exchanged = self.settled = self.dated = 0

    def read(self, value: Any, column: str) -> datetime:
        """`value` as a moment in UTC. Raises FieldError."""
        try:
            if self._form in _UNITS:
                return _of_epoch(value, _UNITS[self._form])
            text = value.strip()
            if self._form == "words":
                return self._worded(text, column)
            return self._iso(text, column) if self._form == "iso" else self._by_pattern(text, column)
        except (TypeError, ValueError, OverflowError, AttributeError) as error:
            if isinstance(error, FieldError):
                raise
            if self._form == "words" and isinstance(value, str) and _AGO.match(value.strip()):
                raise FieldError(column, HOW_LONG_AGO) from None
            raise FieldError(column) from None

    def _iso(self, text: str, column: str) -> datetime:
        offset = None
        if text[:4].isdigit() and text[-2:].isalpha():
            text, offset = self._without_name(text, column)
        return self._settle(iso_moment(text), offset, column)

    def _worded(self, text: str, column: str) -> datetime:
        """In digits or words, French first: 03/04/2026 is the third of April."""
        found = as_written(text)
        if found is None:
            raise ValueError
        return self._settle(found, None, column)

    def _by_pattern(self, text: str, column: str) -> datetime:
        offset = None
        if self._named:
            text, offset = self._without_name(text, column)
        try:
            moment = datetime.strptime(text, self._pattern)  # noqa: DTZ007 (the zone comes below)
        except ValueError:
            self.exchanged += bool(self._other) and _fits(text, self._other)
            raise
        self._note_order(moment)
        return self._settle(moment, offset, column)

    def _note_order(self, moment: datetime) -> None:
        if self._other:
            self.dated += 1
            self.settled += moment.day > 12

    def _without_name(self, text: str, column: str) -> tuple[str, timezone | ZoneInfo]:
        """`text` without the name of its zone, and what that name means."""
        names = [found for found in _NAME.finditer(text) if self._means(found[0]) is not None]
        if len(names) != 1:
            raise FieldError(column, UNKNOWN_ZONE)
        rest = f"{text[: names[0].start()].rstrip()} {text[names[0].end() :].lstrip()}".strip()
        return rest, self._means(names[0][0])  # type: ignore[return-value]

    def _means(self, name: str) -> timezone | ZoneInfo | None:
        if self._zone and any(name == at.tzname() for at in _both_halves(self._zone)):
            return next(
                timezone(at.utcoffset() or timedelta()) for at in _both_halves(self._zone) if at.tzname() == name
            )
        return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None

    def _settle(self, moment: datetime, offset: timezone | ZoneInfo | None, column: str) -> datetime:
        if offset is not None:
            return moment.replace(tzinfo=offset).astimezone(UTC)
        if moment.tzinfo:
            return moment.astimezone(UTC)
        self.naive += 1
        return _local(moment, self._zone, column) if self._zone else moment.replace(tzinfo=UTC)


def _of_epoch(value: Any, unit: int) -> datetime:
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.match(value.strip())):
        raise ValueError
    seconds = float(value) / unit
    if seconds < 0:
        raise ValueError
    return _EPOCH + timedelta(seconds=seconds)


def _local(moment: datetime, zone: ZoneInfo, column: str) -> datetime:
    """A wall clock's time as UTC. The hour that a change of clocks skips is none, the one that it repeats is two."""
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    is_real = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment
    raise FieldError(column, HOUR_TWICE if is_real else NO_SUCH_HOUR)


def _both_halves(zone: ZoneInfo) -> list[datetime]:
    return [datetime(2026, month, 1, tzinfo=zone) for month in (1, 7)]


def _other_order(pattern: str) -> str:
    """`pattern` with day and month exchanged; empty where it names the month or has no day."""
    if "%d" not in pattern or "%m" not in pattern:
        return ""
    return pattern.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def _fits(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007
        return True
    except ValueError:
        return False
