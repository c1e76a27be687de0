"""Whether a post may be kept at all: by whose wish, since when, and what it has to do with the campaign."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.lake_rows import Row
from tests.life.shown import arrival
from tests.life.truth import Truth
from tests.sandbox.world import Boost, Post


def foreign(truth: Truth, item: Post | Boost, who: int, row: Row) -> Iterator[str]:
    """Why the row should not be there."""
    person = truth.world.people[who]
    if not truth.is_willing(person):
        yield f"posts {row['post_id']}: {person.user} asked to be left alone"
    if not truth.has_come(item, row["first_captured_at"]):
        yield f"posts {row['post_id']}: captured {row['first_captured_at']}, before it came at {arrival(item)}"
    if not person.indexable and not _is_in_threads(truth, item):
        yield f"posts {row['post_id']}: {person.user} is not indexable, and this stands in no thread of the campaign"
    if who not in truth.participants and not _is_beside(truth, item):
        yield f"posts {row['post_id']}: {person.user} has no part in the campaign"


def _is_in_threads(truth: Truth, item: Post | Boost) -> bool:
    """Whether it is a campaign post, or stands above one."""
    if isinstance(item, Boost):
        return False
    return item.number in truth.campaign or any(_is_in_threads(truth, reply) for reply in truth.replies(item))


def _is_beside(truth: Truth, item: Post | Boost) -> bool:
    """Whether a post stands above a campaign post, or is answered or quoted by somebody who takes part."""
    if isinstance(item, Boost):
        return False
    by_participants = any(echo.author in truth.participants for echo in truth.echoes(item))
    return by_participants or _is_in_threads(truth, item)
