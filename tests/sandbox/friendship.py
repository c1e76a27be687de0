"""Who knows whom: strong ties inside small circles, weaker ones across communities (the planted graph)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from tests.sandbox.parameters import Parameters
from tests.sandbox.people import TRADES
from tests.sandbox.world import Person

_CIRCLE = 7


@dataclass(frozen=True, slots=True)
class Friends:
    """An unordered pair and how often either turns to the other in a week."""

    one: int
    other: int
    tier: str
    rate: float


def friendships(rng: np.random.Generator, parameters: Parameters, crowd: list[Person]) -> list[Friends]:
    """Each tier's mean degree over the whole crowd; quiet people know no seeker, so none is an unseen alter."""
    taken: set[tuple[int, int]] = set()
    pairs: list[Friends] = []
    for tier, degree in parameters.friends.items():
        wanted = round(len(crowd) * degree / 2)
        base = parameters.contacts_a_week[tier]
        for one, other in _pairs(rng, crowd, parameters.own_community[tier], tier == "strong"):
            pair = (min(one, other), max(one, other))
            if pair in taken or not _may_know(crowd[one], crowd[other]):
                continue
            taken.add(pair)
            pairs.append(Friends(*pair, tier, base * float(rng.gamma(6.0, 1 / 6.0))))
            wanted -= 1
            if not wanted:
                break
    return pairs


def background(
    rng: np.random.Generator, parameters: Parameters, pairs: list[Friends]
) -> list[tuple[datetime, int, int]]:
    """Times at which one friend turns to the other, prior weeks included: (time, who, to whom), in order."""
    weeks = parameters.prior_weeks + parameters.num_weeks
    first = parameters.start - timedelta(weeks=parameters.prior_weeks)
    directed = [(who, whom, p.rate) for p in pairs for who, whom in ((p.one, p.other), (p.other, p.one))]
    return sorted(
        (by_day(rng, first, weeks * 7), who, whom)
        for who, whom, rate in directed
        for _ in range(int(rng.poisson(rate * weeks)))
    )


def by_day(rng: np.random.Generator, first: datetime, days: int) -> datetime:
    """A moment by day (about 7 to 23 h) of a uniformly drawn day."""
    hour = 7 + 16 * float(rng.beta(1.6, 1.4))
    return first + timedelta(days=int(rng.integers(days)), milliseconds=int(hour * 3_600_000))


def _pairs(rng: np.random.Generator, crowd: list[Person], own: float, circles: bool) -> Iterator[tuple[int, int]]:
    num_trades = len(TRADES)
    while True:
        one = int(rng.integers(len(crowd)))
        if rng.random() >= own:
            other = int(rng.integers(len(crowd)))
        elif circles or rng.random() < 0.4:
            rank = one // num_trades // _CIRCLE * _CIRCLE + int(rng.integers(_CIRCLE))
            other = rank * num_trades + one % num_trades
        else:
            other = int(rng.integers(len(crowd) // num_trades)) * num_trades + one % num_trades
        if other != one and other < len(crowd):
            yield one, other


def _may_know(one: Person, other: Person) -> bool:
    return (one.active or not other.seeker) and (other.active or not one.seeker)
