"""How many posts nobody saw, from how often the same ones were seen: capture-recapture over lists of several servers.

Each list is what one server showed. The estimates hold where a post's being on one list says nothing of its being on
another, and where all are as likely to be on a list. Servers know rather the same, widely followed authors: then the
truth lies above the estimate, which is to be read as *at least*.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

from passerelle.allowed import Unknowable
from transforms.proportions import Z95

MIN_OVERLAP = 7
"""Posts on two lists, below which Chapman's estimate is biased (Robson & Regier 1964, for an error under 2 %)."""


@dataclass(frozen=True, slots=True)
class Recapture:
    """`seen` posts on `num_lists` lists, and how many there are, with its 95 % interval; or why that is not known."""

    num_lists: int
    seen: int
    total: float | None = None
    low: float | None = None
    high: float | None = None
    reason: Unknowable | None = None


def recapture(lists: Sequence[Collection[Hashable]], known: int = 0) -> Recapture:
    """How many there are of what `lists` hold, each a set of posts.

    `known` are posts beside them of which none can be missing. Two lists: :func:`chapman`; more: :func:`chao`.
    """
    times = Counter(post for posts in lists for post in set(posts))
    seen, overlap = len(times) + known, sum(count > 1 for count in times.values())
    if len(lists) < 2:
        return Recapture(len(lists), seen, reason="one_list")
    if overlap < MIN_OVERLAP:
        return Recapture(len(lists), seen, reason="little_overlap")
    if len(lists) == 2:
        missed, variance = chapman(len(set(lists[0])), len(set(lists[1])), overlap)
    else:
        alone = [sum(times[post] == 1 for post in set(posts)) for posts in lists]
        missed, variance = chao(alone, sum(count == 2 for count in times.values()))
    low, high = _interval(missed, variance)
    return Recapture(len(lists), seen, seen + missed, seen + low, seen + high)


def chapman(first: int, second: int, both: int) -> tuple[float, float]:
    """How many are on neither of two lists, and the variance of that (Chapman 1951; variance by Seber 1970).

    ``(first + 1) (second + 1) / (both + 1) - 1``, less those that were seen. `first` and `second` are the lengths of
    the lists, `both` is how many stand on both.
    """
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return max(0.0, total - (first + second - both)), variance


def chao(alone: Sequence[int], twice: int) -> tuple[float, float]:
    """How many are on none of several lists, and the variance of that (Chao 1989, for lists of unequal length).

    ``((sum alone)^2 - sum alone^2) / (2 (twice + 1))`` from `alone`, how many stand on each list and on no other, and
    `twice`, how many on exactly two. For two lists it is Chapman's. The variance is by the delta method, cells as
    Poisson; with posts that are more or less likely to be seen the estimate is a lower bound.
    """
    once = sum(alone)
    pairs = (once**2 - sum(only**2 for only in alone)) / 2
    missed = pairs / (twice + 1)
    by_list = sum(only * ((once - only) / (twice + 1)) ** 2 for only in alone)
    return missed, missed + by_list + twice * (missed / (twice + 1)) ** 2


def _interval(missed: float, variance: float) -> tuple[float, float]:
    """The ends of a 95 % interval that never falls below what was seen: the log-normal one of Chao (1987)."""
    if missed == 0:
        return 0.0, 0.0
    factor = math.exp(Z95 * math.sqrt(math.log1p(variance / missed**2)))
    return missed / factor, missed * factor
