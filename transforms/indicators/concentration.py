"""Who carries the campaign: a few, or many; the core, or the periphery."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from transforms.graphs.canonical import matrix_order
from transforms.graphs.cores import periphery
from transforms.graphs.jit import Floats, compiled
from transforms.indicators.cohort import Cohort
from transforms.indicators.contacts import Contacts
from transforms.indicators.measure import IndicatorRow
from transforms.indicators.resampling import expanded_interval, weight_blocks, wider
from transforms.indicators.sampled import Sample, Share, measured
from transforms.indicators.significance import against_draws
from transforms.indicators.spread import gini, top_share
from transforms.proportions import UNKNOWN, Interval

PERMUTATIONS = 10_000


def concentration(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Gini and top-five share of mobilisations over accounts with at least one (rule 27)."""
    for name, statistic in (("gini", gini), ("top5_share", top_share)):
        accounts = len(cohort.actors)
        value = float(statistic(_matrix(cohort).sum(axis=0)))
        if np.isfinite(value):
            yield IndicatorRow(name, value, accounts, interval=_interval(cohort, name, statistic, value))
        else:
            yield IndicatorRow(name, None, accounts)


def _matrix(cohort: Cohort) -> Floats:
    """Episodes x persons: 1 where somebody mobilised."""
    matrix = np.zeros((len(cohort.episodes), len(cohort.actors)))
    matrix[cohort.mobilisers["episode"], cohort.mobilisers["actor"]] = 1
    return matrix


def _interval(cohort: Cohort, name: str, statistic: Callable[[Floats], Floats], value: float) -> Interval:
    """Episodes drawn again, and persons drawn again; the wider. Reversed, since drawing again concentrates."""
    matrix, draws = _matrix(cohort), cohort.analysis.bootstrap_draws
    matrix = matrix[matrix_order(matrix.astype(np.int64))[0]]
    seed, per_person = cohort.seed(name), np.sort(matrix.sum(axis=0))
    by_episode = [statistic(weights @ matrix) for weights in weight_blocks(len(matrix), draws, seed)]
    by_person = [
        statistic(np.array([np.repeat(per_person, row.astype(int)) for row in weights]))
        for weights in weight_blocks(len(per_person), draws, seed + 7919)
    ]
    counts = (len(matrix), by_episode), (len(per_person), by_person)
    return wider(*(reversed_interval(value, np.concatenate(found), size) for size, found in counts))


def reversed_interval(value: float, draws: Floats, clusters: int, most: float = 1.0) -> Interval:
    """Basic bootstrap interval (Davison & Hinkley 1997): 2 value - quantiles, which undoes the draws' bias."""
    low, high = expanded_interval(draws, clusters)
    if low is None or high is None:
        return UNKNOWN
    return Interval(max(0.0, min(value, 2 * value - high)), min(most, max(value, 2 * value - low)))


def in_periphery(contacts: Contacts, begin: int, end: int) -> Floats:
    """1.0 for persons who are not in the prior graph of [begin, end) or whose core number in it is 0 or 1, else 0.0.

    The last place, which the number -1 reaches, stands for somebody without contacts.
    """
    graph, people = contacts.graph(begin, end)
    outside = np.ones(len(contacts.number) + 1)
    outside[people] = periphery(graph)
    return outside


def from_periphery(cohort: Cohort, outside: Floats) -> IndicatorRow:
    """Share of mobilisers from the periphery (rule 30), against 10,000 permutations of who did how much."""
    rows, number = cohort.mobilisers, cohort.frames.contacts.numbers(cohort.actors)
    far = outside[number]
    share = Share("periphery_share", "all", far[rows["actor"].to_numpy(np.int64)], np.ones(len(rows)))
    found = measured(Sample([share], cohort.sides(rows)))[0]
    if not len(rows):
        return found
    done = np.bincount(rows["actor"], minlength=len(cohort.actors)).astype(np.float64)
    order = np.lexsort((far, done))
    draws = _permuted(done[order], far[order], PERMUTATIONS, cohort.seed("periphery")) / len(rows)
    return found._replace(test=against_draws(found.value, draws))


@compiled
def _permuted(done: Floats, far: Floats, draws: int, seed: int) -> Floats:
    """Sum of `done` over those who are `far`, `done` being dealt out anew each time."""
    np.random.seed(seed)
    shuffled, sums = done.copy(), np.zeros(draws)
    for draw in range(draws):
        for i in range(len(shuffled) - 1, 0, -1):
            j = np.random.randint(0, i + 1)
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        for i in range(len(shuffled)):
            sums[draw] += shuffled[i] * far[i]
    return sums
