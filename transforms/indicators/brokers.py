"""Who carries calls to people whom the beneficiary had no tie with, and what is lost when they go quiet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from transforms.graphs.jit import Floats, Longs
from transforms.indicators.cohort import ABSENT, Cohort
from transforms.indicators.intervals import UNKNOWN
from transforms.indicators.measure import Measure, count
from transforms.indicators.resampling import expanded_interval, weight_blocks

REMOVED = (1, 5)


def brokers(cohort: Cohort) -> Iterator[Measure]:
    """Broker u of (b, v): v acted after u, had a tie with u and none with b (rule 28); fragility by removal."""
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
    rows = cohort.mobilisers
    parts = [_of_episode(cohort, number, rows[rows["episode"] == number]) for number in range(len(cohort.episodes))]
    found = pd.concat(parts) if parts else pd.DataFrame({"episode": [], "actor": [], "reached": []}, dtype=np.int64)
    helped = cohort.episodes["beneficiary_id"].to_numpy()[found["episode"].to_numpy(np.int64)]
    pair = pd.DataFrame({"b": helped, "v": found["reached"].to_numpy()}).groupby(["b", "v"], sort=False).ngroup()
    return found.assign(pair=pair.to_numpy(np.int64)).reset_index(drop=True)


def _of_episode(cohort: Cohort, number: int, rows: pd.DataFrame) -> pd.DataFrame:
    contacts, t_call = cohort.frames.contacts, int(cohort.episodes["t_call"].iloc[number])
    left, right = contacts.tied_among(contacts.numbers(rows["account_id"]), t_call - cohort.window, t_call)
    time, absent = rows["time"].to_numpy(np.int64), rows["tie_class"].isin(ABSENT).to_numpy(bool)
    carried = (time[left] < time[right]) & absent[right]
    actor = rows["actor"].to_numpy(np.int64)
    ends = {"actor": actor[left[carried]], "reached": actor[right[carried]]}
    return pd.DataFrame({"episode": np.full(int(carried.sum()), number), **ends})


def _fragility(cohort: Cohort, pair: Longs, broker: Longs, episode: Longs, top: int) -> Measure:
    """Share of the pairs left without broker when the `top` with most pairs, and all tied with the last, go."""
    pairs = len(episode)
    if not pairs:
        return Measure("fragility", None, 0, str(top))
    shape = (pairs, len(cohort.actors))
    incidence = csr_array((np.ones(len(pair)), (pair, broker)), shape)
    value = float(_lost(np.ones((1, pairs)), incidence, top)[0])
    episodes, place = np.unique(episode, return_inverse=True)
    if len(episodes) < 2:
        return Measure("fragility", value, pairs, str(top), UNKNOWN)
    seed, draws = cohort.seed(f"fragility {top}"), cohort.analysis.bootstrap_draws
    blocks = weight_blocks(len(episodes), draws, seed)
    sample = np.concatenate([_lost(weights[:, place], incidence, top) for weights in blocks])
    return Measure("fragility", value, pairs, str(top), expanded_interval(sample, len(episodes)))


def _lost(weights: Floats, incidence: csr_array, top: int) -> Floats:
    """For rows of pairs' `weights`: weight of the pairs all of whose brokers are removed, over the weight of all."""
    carried = weights @ incidence
    last = np.sort(carried, axis=1)[:, -min(top, carried.shape[1])]
    removed = (carried >= last[:, None]) & (carried > 0)
    gone = removed.astype(np.float64) @ incidence.T >= incidence.sum(axis=1)
    share: Floats = (weights * gone).sum(axis=1) / weights.sum(axis=1)
    return share
