"""Interactions by the million: a window of history and one week of episodes, made on arrays, for benchmarks of speed.

Activity is heavy-tailed, dyads repeat and half of them answer, as in real talk; nothing is planted here (for truth,
see benchmarks/planted.py and tests/sandbox/simulate.py). The same size and seed give the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from passerelle.tables import EPISODES, INTERACTIONS, TIME
from passerelle.weeks import iso_weeks

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
WINDOW = timedelta(days=84)
_KINDS = pa.array(["reply", "quote", "repost", "mention"])
_SHARES = (0.2, 0.02, 0.6, 0.18)
Longs = NDArray[np.int64]


@dataclass(frozen=True)
class Synthetic:
    """`interactions` over [MONDAY - 84 d, MONDAY + 7 d) and `episodes` of that week (schemas of passerelle/tables/).

    `actors` (account pseudonyms) and `episode_ids` are aligned: the pairs whose ties are asked for.
    """

    interactions: pa.Table
    episodes: pa.Table
    actors: pa.Array
    episode_ids: pa.Array


def synthetic(
    num_interactions: int, *, num_episodes: int = 200, actors_an_episode: int = 10, seed: int = 20150926
) -> Synthetic:
    """Make it; 10^7 interactions take half a minute and less than 3 GB. One account for every 20 interactions."""
    rng = np.random.default_rng(seed)
    num_people = max(num_episodes * 2, num_interactions // 20)
    people = _names("a", np.arange(num_people))
    source, target = _dyads(rng, num_interactions, num_people)
    times = _times(rng, num_interactions)
    callers = rng.choice(num_people, num_episodes, replace=False)
    who = rng.integers(num_people, size=(num_episodes, actors_an_episode))
    near = rng.random(who.shape) < 0.5
    who = np.where(near, _contacts(rng, callers, source, target, who), who)
    episodes = _episodes(rng, people.take(pa.array(callers)))
    order = pa.array(np.repeat(np.arange(num_episodes), actors_an_episode))
    return Synthetic(
        interactions=_interactions(rng, people, source, target, times),
        episodes=episodes,
        actors=people.take(pa.array(who.ravel())),
        episode_ids=pc.take(episodes["episode_id"].combine_chunks(), order),
    )


def _dyads(rng: np.random.Generator, num: int, num_people: int) -> tuple[Longs, Longs]:
    """Five interactions a dyad on average; half of a dyad's are turned round in half of the dyads."""
    num_pairs = max(1, num // 5)
    one = (num_people * rng.random(num_pairs) ** 2).astype(np.int64)
    other = (one + 1 + rng.integers(num_people - 1, size=num_pairs)) % num_people
    pair = (num_pairs * rng.random(num) ** 1.5).astype(np.int64)
    turned = (pair % 2 == 0) & (rng.random(num) < 0.5)
    return np.where(turned, other[pair], one[pair]), np.where(turned, one[pair], other[pair])


def _times(rng: np.random.Generator, num: int) -> Longs:
    """Microseconds since the epoch, in order."""
    begin = int((MONDAY - WINDOW).timestamp() * 1e6)
    end = int((MONDAY + timedelta(days=7)).timestamp() * 1e6)
    return np.sort(rng.integers(begin, end, size=num))


def _contacts(rng: np.random.Generator, callers: Longs, source: Longs, target: Longs, who: Longs) -> Longs:
    """For every caller some of those who talked to them, so that half of the pairs asked for have a tie."""
    order = np.argsort(target, kind="stable")
    first, last = (np.searchsorted(target[order], callers, side) for side in ("left", "right"))
    known = last > first
    place = first[:, None] + (rng.random(who.shape) * (last - first)[:, None]).astype(np.int64)
    return np.where(known[:, None], source[order[np.minimum(place, len(order) - 1)]], who)


def _interactions(rng: np.random.Generator, people: pa.Array, source: Longs, target: Longs, times: Longs) -> pa.Table:
    time = pa.array(times).cast(TIME)
    posts = _names("p", np.arange(len(times)))
    kinds = pa.array(rng.choice(len(_KINDS), len(times), p=_SHARES).astype(np.int32))
    return pa.table(
        {
            "platform": pa.repeat("synthetic", len(times)),
            "post_id": posts,
            "source_id": people.take(pa.array(source)),
            "target_id": people.take(pa.array(target)),
            "kind": _KINDS.take(kinds),
            "time": time,
            "not_before": time,
            "acted_on_id": pa.nulls(len(times), pa.string()),
            "root_id": pa.nulls(len(times), pa.string()),
            "is_campaign": pa.repeat(False, len(times)),
            "num_repeats": pa.repeat(pa.scalar(0, pa.int64()), len(times)),
            "iso_week": _weeks(times),
        },
        schema=INTERACTIONS.schema,
    )


def _weeks(times: Longs) -> pa.Array:
    """ISO weeks, looked up by day: 91 days, however many rows."""
    days, place = np.unique(times // 86_400_000_000, return_inverse=True)
    return iso_weeks(pa.array(days * 86_400_000_000).cast(TIME)).take(pa.array(place))


def _episodes(rng: np.random.Generator, callers: pa.Array) -> pa.Table:
    calls = _names("p", np.arange(len(callers)) + (1 << 60))
    week = int(timedelta(days=7).total_seconds() * 1e6)
    times = int(MONDAY.timestamp() * 1e6) + np.sort(rng.integers(week, size=len(callers)))
    alone = [[one] for one in callers.to_pylist()]
    return pa.table(
        {
            "episode_id": calls,
            "platform": pa.repeat("synthetic", len(callers)),
            "iso_week": iso_weeks(pa.array(times).cast(TIME)),
            "beneficiary_id": callers,
            "beneficiary_is_author": pa.repeat(True, len(callers)),
            "t_call": pa.array(times).cast(TIME),
            "call_ids": pa.array([[call] for call in calls.to_pylist()]),
            "author_ids": pa.array(alone),
            "is_mature": pa.repeat(True, len(callers)),
            "is_covered": pa.repeat(True, len(callers)),
        },
        schema=EPISODES.schema,
    )


def _names(letter: str, numbers: Longs) -> pa.Array:
    """Pseudonyms by number: a letter and 24 digits, as in the lake."""
    return pc.binary_join_element_wise(letter, pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 24, "0"), "")
