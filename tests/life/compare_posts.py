"""Posts against the truth: which there are, whose, what they say, what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.life.belonging import foreign
from tests.life.lake_rows import Row
from tests.life.looks import Looks
from tests.life.shown import is_shown
from tests.life.truth import Said, Truth
from tests.sandbox.world import Boost, Post

_WORDS, _COUNTERS = ("text", "language", "edited_at"), ("replies", "reposts", "favourites")
Shown = dict[str, list[tuple[str, datetime]]]
"""By post, on which server it was shown, and when."""


def compare_posts(truth: Truth, looks: Looks, posts: list[Row], versions: list[Row]) -> Iterator[str]:
    """Every row is a post of the world as it was when captured; every post that must have been met is there."""
    known = {row["post_id"]: row for row in posts}
    seen: Shown = {}
    for row in versions:
        seen.setdefault(row["post_id"], []).append((row["source"], row["captured_at"]))
    counted = _counted(versions)
    for post_id, row in known.items():
        if post_id in truth.boosts:
            yield from _of_boost(truth, truth.boosts[post_id], row)
        elif post_id in truth.posts:
            yield from _of_post(truth, looks, truth.posts[post_id], row, counted.get(post_id))
            yield from _referred(truth, looks, truth.posts[post_id], row, seen)
        else:
            yield f"posts {post_id}: nobody wrote it"
    for number in sorted(truth.campaign):
        post = truth.world.posts[number]
        author = truth.author(post)
        if truth.post_id(post) not in known and truth.is_willing(author) and looks.met(post):
            yield f"posts: {post.time} by {author.user} is missing, due at {looks.met(post)}: {post.text[:60]}"


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
    yield from foreign(truth, boost, boost.actor, row)


def _of_post(truth: Truth, looks: Looks, post: Post, row: Row, counted: datetime | None) -> Iterator[str]:
    expected = {
        "author_id": truth.account_id(post.author),
        "created_at": _stated(post.time),
        "mentions": [truth.account_id(number) for number in post.mentions],
        "has_media": post.media,
    }
    yield from _unlike(row, expected)
    yield from foreign(truth, post, post.author, row)
    yield from _said(truth, looks, post, row, counted)


def _referred(truth: Truth, looks: Looks, post: Post, row: Row, seen: Shown) -> Iterator[str]:
    """The true parent and the true quote; of everyday talk perhaps a server's own id, while that had not shown it."""
    quoted = None if post.quote_of is None else truth.world.posts[post.quote_of]
    for column, other in (("reply_to", truth.parent(post)), ("quote_of", quoted)):
        if other is not None and not is_shown(other, row["first_captured_at"]):
            continue
        if other is None or post.number in truth.campaign or _were_together(truth, looks, post, other, seen):
            expected = {f"{column}_id": other and truth.post_id(other)}
            yield from _unlike(row, expected | {f"{column}_author_id": other and truth.account_id(other.author)})


def _were_together(truth: Truth, looks: Looks, post: Post, other: Post, seen: Shown) -> bool:
    """Whether some server had shown the other post by the end of the collection in which it first showed the post."""
    firsts: dict[str, datetime] = {}
    for source, at in seen[truth.post_id(post)]:
        firsts[source] = min(at, firsts.get(source, at))
    shown = seen.get(truth.post_id(other), [])
    return any(source in firsts and at <= looks.after(firsts[source]) for source, at in shown)


def _said(truth: Truth, looks: Looks, post: Post, row: Row, counted: datetime | None) -> Iterator[str]:
    """Words are those of the moment of capture, counters of when they were last told; both of the last look due."""
    yield from _as_of(truth, looks, post, row, row["captured_at"], _WORDS)
    if counted is not None and not row["embedded"]:
        yield from _as_of(truth, looks, post, row, counted, _COUNTERS)
    elif counted is None and any(row[name] is not None for name in _COUNTERS):
        yield f"posts {row['post_id']}: counters that nobody told"


def _as_of(
    truth: Truth, looks: Looks, post: Post, row: Row, captured: datetime, columns: tuple[str, ...]
) -> Iterator[str]:
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


def _counted(versions: list[Row]) -> dict[str, datetime]:
    """When the counters of each post were last told: a post shown inside another may come without."""
    found: dict[str, datetime] = {}
    for row in versions:
        if any(row[name] is not None for name in _COUNTERS):
            found[row["post_id"]] = max(row["captured_at"], found.get(row["post_id"], row["captured_at"]))
    return found


def _about(captured: datetime) -> list[datetime]:
    """The capture and the second before it: an answer is made, then read."""
    return [captured, captured - timedelta(seconds=1)]


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
