"""When the items of a page were written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from spiders.collecting.shape import MALFORMED, Item, Platform

# posts of other servers arrive late and are sorted in by their own time
OVERLAP = timedelta(hours=24)


def times_of(platform: Platform, items: Iterable[Item]) -> list[datetime]:
    """When the items were written, of those that say so."""
    times = []
    for item in items:
        try:
            times.append(platform.created_at(item))
        except MALFORMED:
            continue
    return times


def all_before(platform: Platform, items: Sequence[Item], down_to: datetime) -> bool:
    """Whether every item says that it was written before `down_to`."""
    times = times_of(platform, items)
    return len(times) == len(items) and all(at < down_to for at in times)


def moment_of(text: str) -> datetime:
    """A time of the crawl state."""
    return datetime.fromisoformat(text)
