"""Mobilisers of each episode, and alters who could have become one, with their tie to the beneficiary at the call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from passerelle.allowed import TIE_CLASSES
from passerelle.tables import MOBILISATIONS
from transforms.columns import texts
from transforms.graphs.jit import Longs
from transforms.help.acts import excluded
from transforms.help.episodes import Call
from transforms.moments import clock, times
from transforms.ties.coverage import NEVER, Coverage
from transforms.ties.prior import PriorTies

ALTERS = pa.schema(
    [
        ("episode_id", pa.string()),
        ("account_id", pa.string()),
        ("tie_class", pa.string()),
        ("num_days", pa.int64()),
        ("num_mutual", pa.int64()),
        ("is_mobiliser", pa.bool_()),
    ]
)


def tabulate_mobilisations(
    acts: pd.DataFrame, episodes: pa.Table, ties: PriorTies, coverage: Coverage, roles: Mapping[str, str]
) -> pa.Table:
    """The table `mobilisations`: first act and frozen tie of every account and episode that `acts` names.

    Organisers and bots are in it with their role. Rows follow the episodes, then the first acts.
    """
    who = ["episode", "account_id"]
    grouped = acts.groupby(who, sort=False)
    first = acts.drop_duplicates(who).reset_index(drop=True)
    totals = grouped.agg(num_acts=("act", "size"), num_referrals=("num_referrals", "sum")).reset_index(drop=True)
    episode = first["episode"].to_numpy(np.int64)
    accounts = pa.array(first["account_id"], pa.string())
    theirs = episodes.take(pa.array(episode))
    tie = tie_columns(ties, coverage, accounts, theirs["beneficiary_id"], clock(theirs["t_call"]))
    return pa.table(
        {
            "account_id": accounts,
            "episode_id": theirs["episode_id"],
            "platform": theirs["platform"],
            "iso_week": theirs["iso_week"],
            "role": pa.array([roles.get(account, "person") for account in first["account_id"]], pa.string()),
            "act": pa.array(first["act"], pa.string()),
            "time": times(first["time"].to_numpy(np.int64)),
            "not_before": times(first["not_before"].to_numpy(np.int64)),
            "num_acts": pa.array(totals["num_acts"].to_numpy(np.int64)),
            "num_referrals": pa.array(totals["num_referrals"].to_numpy(np.int64)),
            **tie,
        },
        schema=MOBILISATIONS.schema,
    )


def covered_from(coverage: Coverage, one: pa.Array | pa.ChunkedArray, other: pa.ChunkedArray, at: Longs) -> Longs:
    """Since when the history of either account is known: the earlier of both (rule 20)."""
    starts = (coverage.starts(side.to_pylist(), at) for side in (one, other))
    return np.minimum(*starts)


def tie_columns(
    ties: PriorTies, coverage: Coverage, accounts: pa.Array, beneficiaries: pa.ChunkedArray, at: Longs
) -> dict[str, pa.Array]:
    """The columns `tie_class` to `range` of `mobilisations`, for pairs of accounts at the moments `at`."""
    pair = ties.numbers(accounts), ties.numbers(beneficiaries)
    strength = ties.strength(*pair, at, covered_from(coverage, accounts, beneficiaries, at))
    spans = ties.spans(*pair, at)
    return {
        "tie_class": pa.array(TIE_CLASSES).take(pa.array(strength.tie_class)),
        "num_days": pa.array(strength.num_days),
        "num_weeks": pa.array(strength.num_weeks),
        "is_reciprocal": pa.array(strength.is_reciprocal),
        "num_mutual": pa.array(spans.mutual),
        "overlap": pa.array(spans.overlap, from_pandas=True),
        "range": pa.array(spans.range),
    }


def tabulate_alters(episodes: pa.Table, calls: list[list[Call]], mobilisations: pa.Table, ties: PriorTies) -> pa.Table:
    """Who had a tie (D >= 1) to each beneficiary at the call and could have mobilised (rule 22), by episode."""
    t_call, ego = clock(episodes["t_call"]), ties.numbers(episodes["beneficiary_id"])
    known = [ties.alters(int(one)) if one >= 0 else np.zeros(0, np.int64) for one in ego]
    episode = np.repeat(np.arange(len(known)), [len(alters) for alters in known])
    alter = np.concatenate([np.zeros(0, np.int64), *known])
    could = _could_mobilise(episode, alter, calls, ties)
    episode, alter = episode[could], alter[could]
    at = t_call[episode]
    strength = ties.strength(alter, ego[episode], at, np.full(len(at), NEVER))
    tied = strength.num_days > 0
    episode, alter, at = episode[tied], alter[tied], at[tied]
    ids = ties.accounts.take(pa.array(alter))
    theirs = episodes["episode_id"].take(pa.array(episode))
    return pa.table(
        {
            "episode_id": theirs,
            "account_id": ids,
            "tie_class": pa.array(TIE_CLASSES).take(pa.array(strength.tie_class[tied])),
            "num_days": pa.array(strength.num_days[tied]),
            "num_mutual": pa.array(ties.spans(alter, ego[episode], at).mutual),
            "is_mobiliser": _mobilised(theirs, ids, mobilisations),
        },
        schema=ALTERS,
    )


def _could_mobilise(
    episode: Longs, alter: Longs, calls: list[list[Call]], ties: PriorTies
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    left_out = excluded(calls)
    number = ties.numbers(left_out["account_id"])
    barred = (number + left_out["episode"].to_numpy(np.int64) * len(ties.accounts))[number >= 0]
    return ties.is_person[alter] & ~np.isin(alter + episode * len(ties.accounts), barred)


def _mobilised(episodes: pa.ChunkedArray, accounts: pa.Array, mobilisations: pa.Table) -> pa.Array:
    asked = pd.MultiIndex.from_arrays([texts(episodes), texts(accounts)])
    did = pd.MultiIndex.from_arrays([texts(mobilisations[name]) for name in ("episode_id", "account_id")])
    return pa.array(asked.isin(did))
