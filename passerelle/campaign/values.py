"""Values that a campaign file may hold, and what is wrong with others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AwareDatetime, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from passerelle.hashtags import is_hashtag

Names = Annotated[
    tuple[str, ...],
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}),
]


def _with_zone(value: object) -> object:
    """A date or a time without zone in the file is UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Moment = Annotated[AwareDatetime, BeforeValidator(_with_zone)]


def known_zone(name: str) -> str:
    """The name of an IANA time zone. Raises PydanticCustomError for another."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("time_zone", "'{name}' is no time zone", {"name": name}) from None
    return name


def hashtag(tag: str) -> str:
    """A hashtag without its sign. Raises PydanticCustomError for what is none."""
    plain = tag.lstrip("#＃")
    if not is_hashtag(plain):
        raise PydanticCustomError("hashtag", "'{tag}' is no hashtag", {"tag": plain[:40]})
    return plain
