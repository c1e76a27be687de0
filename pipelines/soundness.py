"""What a record holds that a table cannot: a bad value is left out and counted, a record without its essentials is set
aside. Whatever a source sends, neither its neighbours nor the run pay for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from passerelle.identity import fold_hashtag
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    PollRecord,
    PostRecord,
    Record,
)
from passerelle.values import UnkeptError, is_storable, storable, wrong_count, wrong_time

MAX_TEXT_CHARACTERS = 200_000
MAX_HASHTAG_CHARACTERS = 300

_COUNTS: dict[type, tuple[str, ...]] = {
    PostRecord: ("replies", "reposts", "quotes", "favourites"),
    AccountRecord: ("followers",),
    PollRecord: ("expected",),
    CoverageRecord: ("expected",),
}
_OPTIONAL_TIMES: dict[type, tuple[str, ...]] = {
    PostRecord: ("edited_at",),
    AccountRecord: ("created_at",),
    EngagementRecord: ("at",),
    CoverageRecord: ("covered_from", "covered_until"),
}
_ESSENTIALS: dict[type, tuple[str, ...]] = {
    PostRecord: ("post", "author"),
    AccountRecord: ("account",),
    EngagementRecord: ("post", "account"),
    PollRecord: ("post",),
    DeletionRecord: ("post",),
    CoverageRecord: ("subject",),
}


def sound(record: Record) -> tuple[Record, tuple[str, ...]]:
    """`record` with nulls for what cannot be kept of it, and ``field: reason`` for each value that was left out.

    Raises UnkeptError where a value is wrong without which the record means nothing.
    """
    _refuse_without_essentials(record)
    changes, left_out = dict[str, Any](), list[str](getattr(record, "left_out", ()))
    if not is_storable(record.source):
        changes["source"] = storable(record.source)
    for name, value, reason in _wrong_values(record):
        changes[name] = value
        left_out.append(f"{name}: {reason}")
    return (replace(record, **changes) if changes else record), tuple(left_out)


def _refuse_without_essentials(record: Record) -> None:
    for name in _ESSENTIALS.get(type(record), ()):
        if not str(getattr(record, name)).strip():
            raise UnkeptError(f"no {name}")
    if isinstance(record, PostRecord):
        if wrong := wrong_time(record.created_at):
            raise UnkeptError(f"created_at: {wrong}")
        if len(record.text) > MAX_TEXT_CHARACTERS:
            raise UnkeptError("text too long")


def _wrong_values(record: Record) -> Iterator[tuple[str, Any, str]]:
    kind = type(record)
    for name in _COUNTS.get(kind, ()):
        number = getattr(record, name)
        if number is not None and (wrong := wrong_count(number)):
            yield name, None, wrong
    for name in _OPTIONAL_TIMES.get(kind, ()):
        moment = getattr(record, name)
        if moment is not None and (wrong := wrong_time(moment)):
            yield name, None, wrong
    if isinstance(record, AccountRecord) and record.instance is not None and not is_storable(record.instance):
        yield "instance", None, "no text"
    if isinstance(record, PostRecord):
        kept = tuple(tag for tag in record.hashtags if _is_hashtag(tag))
        if len(kept) != len(record.hashtags):
            yield "hashtags", kept, "no name"


def _is_hashtag(tag: str) -> bool:
    return len(tag) <= MAX_HASHTAG_CHARACTERS and is_storable(tag) and bool(fold_hashtag(tag))
