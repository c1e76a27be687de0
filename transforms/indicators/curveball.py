"""The null model: the same people with the same activity, the same calls with the same number of mobilisers.

Only who answered whom is left to chance, so what differs from the draws is due to ties and not to busy people or
popular calls.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.graphs.jit import Ints, Longs, compiled

BURN_IN = 20
"""Trades before the first draw, in multiples of the number of episodes."""
TRADES = 5
"""Trades from one draw to the next, in multiples of the number of episodes."""

Codes = NDArray[np.uint8]


def null_histograms(
    actor: Longs, episode: Longs, allowed: NDArray[np.bool_], code: Codes, draws: int, seed: int
) -> Longs:
    """How many mobilisations of each code the null model makes: shape (draws, 256).

    `actor[i]`, `episode[i]`: the observed mobilisations. `allowed`, `code`, shape (actors, episodes): whether the actor
    may mobilise there (not for oneself), and what kind of mobilisation that would be.

    Curveball trades (Strona et al., Nature Communications 2014) are between two episodes. Each keeps the actors that
    both have and those that the other may not take; the rest is shuffled and dealt out again in the same numbers.
    Trades are symmetric, so the chain is uniform over the matrices it reaches. The draws are successive states of one
    chain.
    """
    order = np.lexsort((actor, episode))
    start = np.searchsorted(episode[order], np.arange(allowed.shape[1] + 1))
    members = actor[order].astype(np.int32)
    return _histograms(members, start, allowed, code, draws, seed % 4294967296)


@compiled
def _histograms(members: Ints, start: Longs, allowed: NDArray[np.bool_], code: Codes, draws: int, seed: int) -> Longs:
    np.random.seed(seed)
    actors, episodes = allowed.shape
    counts = np.zeros((draws, 256), np.int64)
    place = np.full(actors, -1, np.int64)
    pool, seat = np.empty(2 * actors, np.int32), np.empty(2 * actors, np.int64)
    for draw in range(draws):
        trades = TRADES * episodes + (BURN_IN * episodes if draw == 0 else 0)
        for _ in range(trades if episodes > 1 else 0):
            one = np.random.randint(0, episodes)
            other = np.random.randint(0, episodes - 1)
            other += other >= one
            _trade(members, start, allowed, one, other, place, pool, seat)
        for column in range(episodes):
            for at in range(start[column], start[column + 1]):
                counts[draw, code[members[at], column]] += 1
    return counts


@compiled
def _trade(
    members: Ints,
    start: Longs,
    allowed: NDArray[np.bool_],
    one: int,
    other: int,
    place: Longs,
    pool: Ints,
    seat: Longs,
) -> None:
    """Shuffle, over their seats, the actors that two episodes can exchange. `place` is all -1 before and after."""
    for at in range(start[one], start[one + 1]):
        place[members[at]] = at
    size = 0
    for at in range(start[other], start[other + 1]):
        actor = members[at]
        if place[actor] >= 0:
            place[actor] = -1
        elif allowed[actor, one]:
            pool[size], seat[size] = actor, at
            size += 1
    for at in range(start[one], start[one + 1]):
        actor = members[at]
        if place[actor] >= 0:
            place[actor] = -1
            if allowed[actor, other]:
                pool[size], seat[size] = actor, at
                size += 1
    for i in range(size - 1, 0, -1):
        j = np.random.randint(0, i + 1)
        pool[i], pool[j] = pool[j], pool[i]
    for i in range(size):
        members[seat[i]] = pool[i]
