"""A busy small campaign by seed: many relays of few calls after a long history, so that every indicator is defined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from passerelle.campaign import Analysis
from tests.reference.campaigns import World, call, days, engagement, outcome, post, quote, reply, repost

PEOPLE = [f"u{number:02d}" for number in range(24)]
ORGANISER, BOT = PEOPLE[0], PEOPLE[1]
LANGUAGES = ("fr", "fr", "en", None)
FEW_DRAWS = Analysis(bootstrap_draws=100, null_draws=99)
CALLS = 8


def busy_world(seed: int, platforms: int = 1, as_of_days: float = 250) -> World:
    """About 250 posts: 130 days of talk, calls in two weeks after day 100, and who acted upon them."""
    generator = np.random.default_rng(seed)
    posts = _talk(generator)
    calls, labels = _calls(generator)
    labels += _outcomes(posts)
    posts += calls
    polled: list[dict[str, Any]] = []
    for number, one in enumerate(calls):
        _answers(generator, f"{number}", one, posts, polled)
    for place, row in enumerate(posts):
        row["language"] = LANGUAGES[int(generator.integers(4))]
        row["platform"] = f"p{place % platforms}" if platforms > 1 else "import"
    return World(
        posts=posts,
        engagements=polled,
        labels=labels,
        roles={ORGANISER: "organiser", BOT: "bot"},
        everybody_from=days(-30),
        uncovered=frozenset(PEOPLE[2:7]),
        as_of=days(as_of_days),
        analysis=FEW_DRAWS,
    )


def _talk(generator: np.random.Generator) -> list[dict[str, Any]]:
    """People who mostly talk to the few after them in the list, so that ties of all strengths come up."""
    found = []
    for number in range(150):
        who = int(generator.integers(len(PEOPLE)))
        to = PEOPLE[(who + int(generator.geometric(0.45))) % len(PEOPLE)]
        at = days(float(generator.uniform(0, 130)))
        tag = bool(generator.integers(6) == 0)
        found.append(post(f"t{number}", PEOPLE[who], at, mentions=[to], tag=tag))
    return found


def _outcomes(talk: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every other post of the talk tells a result, gives thanks, or nobody knows which of the two."""
    return [outcome(row, ("result", "thanks", None)[place % 3]) for place, row in enumerate(talk[::2])]


def _calls(generator: np.random.Generator) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    helped = generator.choice(np.arange(2, 12), CALLS, replace=False)
    rows = [
        post(f"c{number}", PEOPLE[who], days(105 + float(generator.uniform(0, 12))), tag=True)
        for number, who in enumerate(helped)
    ]
    again = post("c_again", PEOPLE[helped[0]], rows[0]["created_at"] + timedelta(days=3), tag=True)
    friend = call(rows[1], "other", PEOPLE[20])
    return [*rows, again], [call(rows[0]), friend, *(call(row) for row in rows[2:]), call(again)]


def _answers(
    generator: np.random.Generator,
    name: str,
    to: dict[str, Any],
    posts: list[dict[str, Any]],
    polled: list[dict[str, Any]],
) -> None:
    """Reposts (timed or polled), replies, quotes, replies to those, referrals and repeats, up to nine days later."""
    thread = [to]
    for number in range(int(generator.integers(4, 12))):
        who = PEOPLE[int(generator.integers(len(PEOPLE)))]
        above = thread[int(generator.integers(len(thread)))]
        after = timedelta(hours=float(generator.exponential(30)))
        at, key = above["created_at"] + after, f"a{name}_{number}"
        kind = int(generator.integers(5))
        if kind == 0:
            polled.append(engagement(above, who, at, not_before=above["created_at"]))
        elif kind == 1:
            posts.append(repost(key, who, at, above))
            posts.append(repost(f"{key}x", who, at + timedelta(hours=5), above))
        else:
            third = [PEOPLE[int(generator.integers(len(PEOPLE)))]] if kind == 4 else []
            made = (quote if kind == 2 else reply)(key, who, at, above, mentions=third)
            posts.append(made)
            thread.append(made)
