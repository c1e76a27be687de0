"""Values of a server's JSON, read one by one: what cannot be kept is null and noted, and costs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from passerelle.values import is_identity, wrong_count, wrong_time

Json = Mapping[str, Any]
MAX_NATIVE_ID = 200
_DIGITS = 15


class Values:
    """One JSON object. `left_out` collects ``field: reason`` for every value of it that could not be kept."""

    def __init__(self, value: Json, left_out: list[str]) -> None:
        self._value = value
        self._left_out = left_out

    def leave_out(self, field: str, reason: str) -> None:
        """Note that a value of `field` is not kept."""
        self._left_out.append(f"{field}: {reason}")

    def inside(self, value: Json) -> Values:
        """The values of an object inside this one."""
        return Values(value, self._left_out)

    def text(self, name: str, field: str) -> str:
        """A text, empty where there is none."""
        value = self._value.get(name)
        if value is not None and not isinstance(value, str):
            self.leave_out(field, "no text")
        return value if isinstance(value, str) else ""

    def count(self, name: str, field: str) -> int | None:
        """A number of something."""
        value = self._value.get(name)
        wrong = None if value is None else wrong_count(value)
        if wrong:
            self.leave_out(field, wrong)
        return None if wrong else value

    def digits(self, name: str, field: str) -> int | None:
        """A number of something, written as a text of digits or as a number."""
        value = self._value.get(name)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _DIGITS:
            return Values({name: int(value)}, self._left_out).count(name, field)
        return self.count(name, field)

    def time(self, name: str, field: str) -> datetime | None:
        """A moment, in UTC."""
        value = self._value.get(name)
        if value in (None, ""):
            return None
        try:
            return moment(value)
        except (ValueError, TypeError, OverflowError, AttributeError):
            self.leave_out(field, "impossible time")
            return None

    def flag(self, name: str, field: str, *, unreadable: bool | None = None) -> bool | None:
        """True, false or not said; `unreadable` where what is said is neither."""
        value = self._value.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.leave_out(field, "neither true nor false")
        return unreadable

    def items(self, name: str, field: str) -> list[Any]:
        """What a list holds."""
        value = self._value.get(name)
        if value is not None and not isinstance(value, list):
            self.leave_out(field, "no list")
        return value if isinstance(value, list) else []

    def object(self, name: str, field: str) -> Values:
        """The values of an object in this one, empty where there is none."""
        value = self._value.get(name)
        if value is not None and not isinstance(value, Mapping):
            self.leave_out(field, "no object")
        return self.inside(value if isinstance(value, Mapping) else {})

    def objects(self, name: str, field: str) -> Iterator[Json]:
        """The objects of a list."""
        for item in self.items(name, field):
            if isinstance(item, Mapping):
                yield item
            else:
                self.leave_out(field, "no object")


def native_id(value: Json) -> str | None:
    """The server's own id of a post or an account; None where it has none that can be asked for."""
    return id_text(value.get("id"))


def id_text(found: object) -> str | None:
    """`found` as an id: digits or a word; None for anything else."""
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found) if abs(found) < 10**MAX_NATIVE_ID else None
    if not isinstance(found, str) or len(found) > MAX_NATIVE_ID or found in (".", ".."):
        return None
    return found if is_identity(found) else None


def moment(text: str) -> datetime:
    """An ISO 8601 time as UTC; without a zone it is taken as UTC. Raises ValueError, TypeError or OverflowError."""
    parsed = datetime.fromisoformat(text)
    found = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    if wrong := wrong_time(found):
        raise ValueError(wrong)
    return found
