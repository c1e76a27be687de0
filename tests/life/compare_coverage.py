"""What the lake says it has, against what was there to be had: a claim of completeness must be true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from tests.life.lake_rows import Row
from tests.life.looks import Look
from tests.life.shown import is_shown, is_tagged
from tests.life.truth import Truth
from tests.sandbox.world import Post


def compare_coverage(
    views: Mapping[str, Truth], coverage: Sequence[Row], polls: Sequence[Row], kept: set[str]
) -> Iterator[str]:
    """`views` are what each server shows; `kept` are the ids of the posts in the lake."""
    truth = next(iter(views.values()))
    for row in coverage:
        if row["is_complete"]:
            yield from _missing(views[row["source"]], row, kept)
    for row in polls:
        post = truth.posts[row["post_id"]]
        there = _standing(views[row["source"]], post.number, row["polled_at"])
        if row["complete"] and row["got"] != there:
            yield f"polls {row['post_id']} {row['polled_at']}: complete with {row['got']}, true is {there}"


def compare_losses(looks: Sequence[Look], coverage: Sequence[Row], runs: Sequence[Row]) -> Iterator[str]:
    """A collection in which something was lost has left a row that says so, or no run at all."""
    said: dict[str, set[str]] = defaultdict(set)
    for row in coverage:
        if not row["is_complete"]:
            said[row["run_id"]].add(row["reason"])
    for look in looks:
        mine = [run for run in runs if look.start <= run["started_at"] <= look.end]
        if look.is_whole and not mine:
            yield f"runs: none for the collection of {look.start}"
        for run in mine:
            if not look.is_whole and (run["status"] == "complete" or not said[run["run_id"]]):
                yield f"runs {run['run_id']}: {run['status']}, and coverage says nothing of what was lost"
            if look.is_whole and run["status"] != "complete":
                yield f"runs {run['run_id']}: {run['status']}, nothing was lost; coverage says {said[run['run_id']]}"


def _standing(view: Truth, number: int, now: datetime) -> int:
    """How many boosts of a post stood, as a server saw it."""
    return sum(is_shown(boost, now) for boost in view.boosts_of[number])


def _missing(truth: Truth, row: Row, kept: set[str]) -> Iterator[str]:
    asked = row["asked_at"]
    for post in _subject(truth, row):
        if is_shown(post, asked) and truth.is_willing(truth.author(post)) and truth.post_id(post) not in kept:
            name = f"coverage {row['run_id']} {row['scope']} {row['subject_id']}"
            yield f"{name}: complete without {post.time} {post.text[:50]}"


def _subject(truth: Truth, row: Row) -> list[Post]:
    """The posts that such a row says it has: between its two moments, or in the whole thread."""
    if row["scope"] == "timeline":
        return [post for post in truth.world.posts if is_tagged(post) and _is_between(row, post.time)]
    if row["scope"] == "history":
        person = truth.people[row["subject_id"]]
        return [post for post in truth.world.posts if post.author == person.number and _is_between(row, post.time)]
    if row["scope"] == "thread":
        return _below(truth, truth.posts[row["subject_id"]], row["asked_at"])
    return []


def _is_between(row: Row, moment: datetime) -> bool:
    return row["covered_from"] is not None and row["covered_from"] <= moment <= row["covered_until"]


def _below(truth: Truth, post: Post, now: datetime) -> list[Post]:
    found: list[Post] = []
    for reply in truth.replies(post):
        if is_shown(reply, now):
            found += [reply, *_below(truth, reply, now)]
    return found
