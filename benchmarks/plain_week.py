"""One week's ties as anybody would write them with pandas and networkx: the program that bench_week races against.

For every episode it filters the window, makes the graph of it, and walks from the beneficiary. Nothing is done twice
that a careful author would do once: days and weeks are numbered beforehand, edges are distinct, one search an episode
gives the distance of everybody.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import networkx as nx
import pandas as pd

WINDOW, DAY = pd.Timedelta(days=84), pd.Timedelta(days=1)
STRONG_DAYS = 4
Row = dict[str, Any]


def analyse(
    interactions: pd.DataFrame, episodes: pd.DataFrame, actors: Collection[str], outside: frozenset[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ties of all `actors` with the beneficiary of each episode at its call; and everybody tied to each of them.

    Both by (episode_id, account_id). `outside`: organisers, who are in no graph.
    """
    rows = interactions.assign(day=interactions["time"].dt.floor("D"))
    rows["week"] = rows["day"] - rows["day"].dt.day_of_week * DAY
    is_person = ~rows["source_id"].isin(outside) & ~rows["target_id"].isin(outside)
    pairs, alters = [], []
    for episode in episodes.itertuples():
        begin, at, ego = episode.t_call - WINDOW, episode.t_call, episode.beneficiary_id
        ties = contacts_of(ego, rows, begin, at)
        inside = rows[is_person & (rows["time"] >= begin) & (rows["time"] < at)]
        edges = inside[["source_id", "target_id"]].drop_duplicates()
        graph = nx.from_pandas_edgelist(edges, "source_id", "target_id")
        far = nx.single_source_shortest_path_length(graph, ego) if ego in graph else {}
        pairs += [{"episode_id": episode.episode_id} | tie(graph, far, ego, one, ties) for one in actors]
        alters += [
            {"episode_id": episode.episode_id, "account_id": one, "tie_class": row["tie_class"]}
            for one, row in ties.items()
            if row["num_days"] and one not in outside
        ]
    return pd.DataFrame(pairs), pd.DataFrame(alters)


def contacts_of(ego: str, rows: pd.DataFrame, begin: pd.Timestamp, at: pd.Timestamp) -> dict[str, Row]:
    """D, NW, R and class of everybody whom `ego` ever had contact with before the call."""
    mine = rows[((rows["source_id"] == ego) | (rows["target_id"] == ego)) & (rows["time"] < at)]
    mine = mine.assign(other=mine["target_id"].where(mine["source_id"] == ego, mine["source_id"]))
    inside = mine[mine["time"] >= begin]
    found = {one: strength(0, 0, False) | {"tie_class": "dormant"} for one in mine["other"].unique()}
    for one, theirs in inside.groupby("other"):
        found[one] = strength(theirs["day"].nunique(), theirs["week"].nunique(), theirs["source_id"].nunique() == 2)
    return found


def strength(num_days: int, num_weeks: int, is_reciprocal: bool) -> Row:
    """The class of a tie with contact in the window, and what it was told from."""
    if num_days >= STRONG_DAYS and num_weeks >= 2 and is_reciprocal:
        name = "strong"
    else:
        name = "moderately_weak" if num_days >= 2 or is_reciprocal else "weak"
    return {"tie_class": name, "num_days": num_days, "num_weeks": num_weeks, "is_reciprocal": is_reciprocal}


def tie(graph: nx.Graph, far: dict[str, int], ego: str, one: str, ties: dict[str, Row]) -> Row:
    """Both axes of one pair."""
    nothing = {"tie_class": "new", "num_days": 0, "num_weeks": 0, "is_reciprocal": False}
    row = {"account_id": one} | ties.get(one, nothing) | {"num_mutual": 0, "overlap": math.nan, "range": math.inf}
    if one == ego or one not in graph or ego not in graph:
        return row
    mutual = len(graph[one].keys() & graph[ego].keys())
    others = graph.degree(one) + graph.degree(ego) - 2 - mutual
    is_tied = graph.has_edge(one, ego)
    overlap = mutual / others if is_tied and others else math.nan
    distance = detour(graph, one, ego) if is_tied and not mutual else float(far.get(one, math.inf))
    return row | {"num_mutual": mutual, "overlap": overlap, "range": 2.0 if mutual else distance}


def detour(graph: nx.Graph, one: str, other: str) -> float:
    """Distance of two tied people without their tie."""
    graph.remove_edge(one, other)
    try:
        return float(nx.shortest_path_length(graph, one, other))
    except nx.NetworkXNoPath:
        return math.inf
    finally:
        graph.add_edge(one, other)


def mix_and_yields(pairs: pd.DataFrame, alters: pd.DataFrame, did: pd.DataFrame) -> pd.DataFrame:
    """By class: share of the mobilisations, and share of those with such a tie who mobilised."""
    keys = ["episode_id", "account_id"]
    mobilised = did.merge(pairs, on=keys)["tie_class"].value_counts(normalize=True)
    answered = alters.merge(did.assign(answered=1.0), on=keys, how="left").fillna({"answered": 0.0})
    return pd.DataFrame({"share": mobilised, "tie_yield": answered.groupby("tie_class")["answered"].mean()})
