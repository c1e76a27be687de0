"""Who boosted what, and when at the earliest and latest, against the true times."""

from __future__ import annotations

from collections.abc import Iterator

from tests.life.lake_rows import Row
from tests.life.looks import Looks
from tests.life.shown import is_shown
from tests.life.truth import Truth
from tests.sandbox.world import Boost, Post


def compare_engagements(truth: Truth, looks: Looks, engagements: list[Row], posts: list[Row]) -> Iterator[str]:
    """Every interval holds a true time; every boost that stood at a look that was due is known."""
    known = {(row["post_id"], row["account_id"]) for row in engagements}
    known |= {(row["repost_of_id"], row["author_id"]) for row in posts if row["repost_of_id"]}
    for row in engagements:
        yield from _of(truth, row)
    for number in sorted(truth.campaign):
        post = truth.world.posts[number]
        if not truth.is_willing(truth.author(post)):
            continue
        for boost in truth.boosts_of[number]:
            key = (truth.post_id(post), truth.account_id(boost.actor))
            if (
                key not in known
                and truth.is_willing(truth.world.people[boost.actor])
                and _must_know(truth, looks, post, boost)
            ):
                yield f"engagements {key}: boosted {boost.time}, post of {post.time}, not known"


def _of(truth: Truth, row: Row) -> Iterator[str]:
    name = f"engagements {row['post_id']} {row['account_id']}"
    post, person = truth.posts.get(row["post_id"]), truth.people.get(row["account_id"])
    if post is None or person is None:
        yield f"{name}: no such post or person"
        return
    if not truth.is_willing(person):
        yield f"{name}: {person.user} asked to be left alone"
    acts = [boost for boost in truth.boosts_of[post.number] if boost.actor == person.number]
    seen = [boost for boost in acts if row["not_before"] <= boost.time <= row["first_seen"]]
    if not any(is_shown(same, row["first_seen"]) for b in seen for view in truth.views for same in view.same(b)):
        true = [(boost.time, boost.undone) for boost in acts]
        yield f"{name}: between {row['not_before']} and {row['first_seen']}, true are {true}"
    if row["at"] is not None and not any(abs((b.time - row["at"]).total_seconds()) < 0.001 for b in acts):
        yield f"{name}: at {row['at']}, true are {[b.time for b in acts]}"


def _must_know(truth: Truth, looks: Looks, post: Post, boost: Boost) -> bool:
    """Whether a due look saw it; where one was taken back meanwhile the counter may not tell: the last look does."""
    due = looks.due(post)
    if any(other.undone for other in truth.boosts_of[post.number]):
        due = [look for look in due if look is looks.closing(post)]
    return any(is_shown(boost, look.start) for look in due)
