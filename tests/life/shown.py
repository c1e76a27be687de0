"""When a server shows what, by the world's events."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests.sandbox.world import Boost, Post

_TAG = re.compile(r"#(\w+)")
HASHTAG = "emploidesvallons"


def is_tagged(post: Post) -> bool:
    """Whether the post carries the campaign's hashtag, in any letter case."""
    return HASHTAG in (tag.lower() for tag in _TAG.findall(post.text))


def arrival(item: Post | Boost) -> datetime:
    """When the server got to know it."""
    return item.arrived or datetime.fromtimestamp((item.local_id >> 16) / 1000, UTC)


def is_shown(item: Post | Boost, now: datetime) -> bool:
    """Whether it has arrived and was neither deleted nor taken back."""
    gone = item.undone if isinstance(item, Boost) else item.deleted
    return arrival(item) <= now and (gone is None or gone > now)
