"""Who carries calls to people whom the beneficiary had no tie with, and what is lost when they go quiet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from transforms.graphs.canonical import canonical_order
from transforms.graphs.jit import Floats, Longs
from transforms.indicators.cohort import ABSENT, Cohort
from transforms.indicators.measure import IndicatorRow, count
from transforms.indicators.resampling import expanded_interval, weight_blocks
from transforms.proportions import UNKNOWN

REMOVED = (1, 5)


def brokers(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Brokers of the week, and the share of acts lost when the first of them go quiet (fragility).

    u brokers (b, v) where v acted after u and had a tie with u, but none with the beneficiary b (rule 28).
    """
    found = brokered(cohort)
    pair, broker = found["pair"].to_numpy(np.int64), found["actor"].to_numpy(np.int64)
    pairs = int(pair.max(initial=-1)) + 1
    yield count("broker_pairs", len(found))
    yield count("brokered_pairs_distinct", pairs)
    yield count("brokers", len(np.unique(broker)))
    episode = found.drop_duplicates("pair").sort_values("pair")["episode"].to_numpy(np.int64)
    for top in REMOVED:
        yield _fragility(cohort, pair, broker, episode, top)


def brokered(cohort: Cohort) -> pd.DataFrame:
    """One row a broker and (b, v): `episode`, `actor` (the broker), `reached` (v), `pair`: number of (b, v)."""
    rows, contacts = cohort.mobilisers, cohort.frames.contacts
    person, time = contacts.numbers(rows["account_id"]), rows["time"].to_numpy(np.int64)
    episode, actor = (rows[name].to_numpy(np.int64) for name in ("episode", "actor"))
    absent = rows["tie_class"].isin(ABSENT).to_numpy(bool)
    limits, t_call = np.searchsorted(episode, np.arange(len(cohort.episodes) + 1)), cohort.episodes["t_call"]
    ends = []
    for number, (first, last) in enumerate(pairwise(limits)):
        called = int(t_call.iloc[number])
        left, right = contacts.tied_among(person[first:last], called - cohort.window, called)
        ends.append(np.column_stack((left, right)) + first)
    left, right = np.concatenate([np.zeros((0, 2), np.int64), *ends]).T
    carried = (time[left] < time[right]) & absent[right]
    left, right = left[carried], right[carried]
    helped = pd.factorize(cohort.episodes["beneficiary_id"])[0][episode[left]]
    _, pair = np.unique(np.column_stack((helped, actor[right])), axis=0, return_inverse=True)
    return pd.DataFrame({"episode": episode[left], "actor": actor[left], "reached": actor[right], "pair": pair})


def _fragility(cohort: Cohort, pair: Longs, broker: Longs, episode: Longs, top: int) -> IndicatorRow:
    """Share of the pairs left without broker when the `top` with most pairs, and all tied with the last, go."""
    pairs = len(episode)
    if not pairs:
        return IndicatorRow("fragility", None, 0, str(top))
    shape = (pairs, len(cohort.actors))
    incidence = csr_array((np.ones(len(pair)), (pair, broker)), shape)
    value = float(_lost(np.ones((1, pairs)), incidence, top)[0])
    episodes, place = np.unique(episode, return_inverse=True)
    if len(episodes) < 2:
        return IndicatorRow("fragility", value, pairs, str(top), UNKNOWN)
    place = _by_content(place, pair, broker)[place]
    seed, draws = cohort.seed(f"fragility {top}"), cohort.analysis.bootstrap_draws
    blocks = weight_blocks(len(episodes), draws, seed)
    sample = np.concatenate([_lost(weights[:, place], incidence, top) for weights in blocks])
    return IndicatorRow("fragility", value, pairs, str(top), expanded_interval(sample, len(episodes)))


def _by_content(episode: Longs, pair: Longs, broker: Longs) -> Longs:
    """New numbers of the episodes, by who could have carried what to whom in them; `episode`: one entry a pair."""
    episodes, pairs = int(episode.max()) + 1, len(episode)
    below = np.arange(pairs) + episodes
    ends = np.r_[below, below[pair]], np.r_[episode, episodes + pairs + broker]
    nodes = episodes + pairs + int(broker.max()) + 1
    kind = np.repeat([0, 1, 2], [episodes, pairs, nodes - episodes - pairs])
    order = canonical_order(nodes, np.r_[ends], np.r_[ends[::-1]], np.zeros(2 * len(ends[0]), np.int64), kind)
    return np.argsort(order[:episodes])


def _lost(weights: Floats, incidence: Any, top: int) -> Floats:
    """For rows of pairs' `weights`: weight of the pairs all of whose brokers are removed, over the weight of all.

    `incidence`: sparse array (pairs, brokers), 1 where a broker has the pair; scipy brings no types.
    """
    carried = weights @ incidence
    last = np.sort(carried, axis=1)[:, -min(top, carried.shape[1])]
    removed = (carried >= last[:, None]) & (carried > 0)
    gone = removed.astype(np.float64) @ incidence.T >= incidence.sum(axis=1)
    share: Floats = (weights * gone).sum(axis=1) / weights.sum(axis=1)
    return share
