"""Posts against the truth: which there are, whose, what they say, what they answer, and that they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.life.lake_rows import Row
from tests.life.looks import Look, Looks
from tests.life.truth import Said, Truth, arrival, is_shown
from tests.sandbox.world import Boost, Post


def compare_posts(truth: Truth, looks: Looks, posts: list[Row]) -> Iterator[str]:
    """Every row is a post of the world as it was when captured; every post that must have been met is there."""
    known = {row["post_id"]: row for row in posts}
    for post_id, row in known.items():
        if post_id in truth.boosts:
            yield from _of_boost(truth, truth.boosts[post_id], row)
        elif post_id in truth.posts:
            yield from _of_post(truth, looks, truth.posts[post_id], row)
            yield from _parent(truth, looks, truth.posts[post_id], row, known)
        else:
            yield f"posts {post_id}: nobody wrote it"
    for number in sorted(truth.campaign):
        post = truth.world.posts[number]
        author = truth.author(post)
        if truth.post_id(post) not in known and truth.is_willing(author) and looks.met(post):
            yield f"posts: {post.time} by {author.user} is missing, due at {looks.met(post)}: {post.text[:60]}"


def compare_deletions(truth: Truth, looks: Looks, deletions: list[Row], posts: list[Row]) -> Iterator[str]:
    """A post is told deleted if and only if it was deleted, by the first look that was due after that."""
    told = {row["post_id"]: row["deleted_at"] for row in deletions}
    known = {row["post_id"]: row for row in posts}
    for post_id, moment in told.items():
        post = truth.posts.get(post_id)
        if post is None or post.deleted is None or moment < post.deleted:
            yield f"deletions {post_id}: told at {moment}, true at {post and post.deleted}"
    for post_id, row in known.items():
        post = truth.posts.get(post_id)
        if row["deleted_at"] != told.get(post_id):
            yield f"posts {post_id}: deleted_at {row['deleted_at']}, deletions say {told.get(post_id)}"
        if post is not None and post_id not in told and (look := _must_miss(truth, looks, post)):
            yield f"deletions {post_id}: deleted {post.deleted}, written {post.time}, not noticed at {look}"


def _must_miss(truth: Truth, looks: Looks, post: Post) -> Look | None:
    if post.deleted is None or post.number not in truth.campaign or looks.met(post) is None:
        return None
    return next((look for look in looks.checks(post) if look.start >= post.deleted), None)


def _of_boost(truth: Truth, boost: Boost, row: Row) -> Iterator[str]:
    original = truth.world.posts[boost.post]
    expected = {
        "author_id": truth.account_id(boost.actor),
        "repost_of_id": truth.post_id(original),
        "repost_of_author_id": truth.account_id(original.author),
        "created_at": _stated(boost.time),
        "text": "",
    }
    yield from _unlike(row, expected)
    yield from _ought(truth, boost, boost.actor, row)


def _of_post(truth: Truth, looks: Looks, post: Post, row: Row) -> Iterator[str]:
    quoted = None if post.quote_of is None else truth.world.posts[post.quote_of]
    expected = {
        "author_id": truth.account_id(post.author),
        "created_at": _stated(post.time),
        "mentions": [truth.account_id(number) for number in post.mentions],
        "quote_of_id": quoted and truth.post_id(quoted),
        "has_media": post.media,
    }
    yield from _unlike(row, expected)
    yield from _ought(truth, post, post.author, row)
    yield from _said(truth, looks, post, row)


def _parent(truth: Truth, looks: Looks, post: Post, row: Row, known: dict[str, Row]) -> Iterator[str]:
    """The true parent; of everyday talk perhaps a stand-in, where no collection so far had shown that parent."""
    parent = truth.parent(post)
    if parent is not None and not is_shown(parent, row["first_captured_at"]):
        return
    expected: dict[str, object] = {}
    shown = known.get(truth.post_id(parent)) if parent else None
    end = looks.after(row["first_captured_at"])
    if parent is None or post.number in truth.campaign or (shown and shown["first_captured_at"] <= end):
        expected["reply_to_id"] = parent and truth.post_id(parent)
        expected["reply_to_author_id"] = parent and truth.account_id(parent.author)
    yield from _unlike(row, expected)


def _said(truth: Truth, looks: Looks, post: Post, row: Row) -> Iterator[str]:
    """Words, language and counters are those of the moment of capture, and still those of the last look due."""
    columns = ("text", "language", "edited_at") + (() if row["embedded"] else ("replies", "reposts", "favourites"))
    captured = row["captured_at"]
    held = {name: row[name] for name in columns}
    if held not in [_only(said, columns) for t in _about(captured) for said in truth.all_said(post, t)]:
        yield f"posts {row['post_id']} captured {captured}: {_gap(held, _only(truth.said(post, captured), columns))}"
    due = [look for look in looks.due(post) if look.start > captured] if post.number in truth.campaign else []
    if due and not row["embedded"]:
        last = due[-1]
        moments = [last.start, *(t for t in truth.turns(post) if last.start <= t), looks.all[-1].end]
        if held not in [_only(said, columns) for t in moments for said in truth.all_said(post, t)]:
            told = _only(truth.said(post, last.start), columns)
            yield f"posts {row['post_id']} captured {captured}, due {last}: {_gap(held, told)}"


def _about(captured: datetime) -> list[datetime]:
    """The capture and the second before it: an answer is made, then read."""
    return [captured, captured - timedelta(seconds=1)]


def _ought(truth: Truth, item: Post | Boost, who: int, row: Row) -> Iterator[str]:
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


def _unlike(row: Row, expected: dict[str, object]) -> Iterator[str]:
    for column, value in expected.items():
        if row[column] != value:
            yield f"posts {row['post_id']} {column}: {row[column]!r}, true is {value!r}"


def _only(said: Said, columns: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(said, name) for name in columns}


def _gap(held: dict[str, object], told: dict[str, object]) -> str:
    return "; ".join(f"{name} {held[name]!r}, true is {told[name]!r}" for name in held if held[name] != told[name])


def _stated(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
