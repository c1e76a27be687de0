"""Rows next to each other that are one post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from passerelle.records import PostRecord, Record


def joined(records: Iterator[Record]) -> Iterator[Record]:
    """The same; rows next to each other that repeat one post, each with another mention or hashtag, are one post."""
    held: PostRecord | None = None
    for record in records:
        if not isinstance(record, PostRecord):
            yield record
            continue
        if held is not None and held.post == record.post and (both := _both(held, record)):
            held = both
            continue
        if held is not None:
            yield held
        held = record
    if held is not None:
        yield held


def _both(one: PostRecord, other: PostRecord) -> PostRecord | None:
    if (one.mentions, one.hashtags) == (other.mentions, other.hashtags):
        return None
    alike = replace(other, mentions=one.mentions, hashtags=one.hashtags, captured_at=one.captured_at, where=one.where)
    if alike != one:
        return None
    mentions = tuple(dict.fromkeys(one.mentions + other.mentions))
    return replace(one, mentions=mentions, hashtags=tuple(dict.fromkeys(one.hashtags + other.hashtags)))
