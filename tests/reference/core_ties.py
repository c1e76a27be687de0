"""The plain way to a tie: walk all interactions of the pair, and ask networkx about the prior graph."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import networkx as nx

from tests.reference.campaigns import World
from tests.reference.core import Reference


def prior_graph(reference: Reference, at: datetime) -> nx.Graph:
    """Persons who had contact in [at - window, at)."""
    world, graph = reference.world, nx.Graph()
    for row in reference.interactions.values():
        pair = {row["source_id"], row["target_id"]}
        if at - timedelta(days=world.analysis.window_days) <= row["time"] < at and not pair & set(world.roles):
            graph.add_edge(*pair)
    return graph


def covered_from(world: World, account: str, at: datetime) -> datetime | None:
    """Since when an account's history is known without a gap until `at`."""
    spans = [(begin, end) for who, begin, end in world.histories if who == account]
    start = at
    while begins := [begin for begin, end in spans if begin < start <= end]:
        start = min(begins)
    known = start < at or any(begin == at for begin, _ in spans)
    return earlier(start if known else None, everybody_from(world, account, at))


def everybody_from(world: World, account: str, at: datetime) -> datetime | None:
    begin = world.everybody_from
    return begin if begin is not None and account not in world.uncovered and begin <= at else None


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def tie(reference: Reference, one: str, other: str, at: datetime, graph: nx.Graph) -> dict[str, Any]:
    """Columns tie_class to range of the table `mobilisations`."""
    analysis = reference.world.analysis
    begin = at - timedelta(days=analysis.window_days)
    both = [r for r in reference.interactions.values() if {r["source_id"], r["target_id"]} == {one, other}]
    window = [row for row in both if begin <= row["time"] < at]
    days = {row["time"].astimezone(UTC).date() for row in window}
    weeks = {row["time"].astimezone(UTC).isocalendar()[:2] for row in window}
    reciprocal = len({row["source_id"] for row in window}) == 2
    start = earlier(covered_from(reference.world, one, at), covered_from(reference.world, other, at))
    if days:
        if len(days) >= analysis.strong_days and reciprocal and len(weeks) >= 2:
            name = "strong"
        else:
            name = "moderately_weak" if len(days) >= 2 or reciprocal else "weak"
    elif start is None or start > begin:
        name = "unknown"
    else:
        name = "dormant" if any(start <= row["time"] < begin for row in both) else "new"
    return {
        "tie_class": name,
        "num_days": len(days),
        "num_weeks": len(weeks),
        "is_reciprocal": reciprocal,
        **span(graph, one, other, bool(days)),
    }


def span(graph: nx.Graph, one: str, other: str, is_tied: bool) -> dict[str, Any]:
    """M, O and range (rule 21)."""
    if one == other or one not in graph or other not in graph:
        return {"num_mutual": 0, "overlap": None, "range": math.inf}
    mutual = len(set(graph[one]) & set(graph[other]))
    others = graph.degree(one) + graph.degree(other) - 2 - mutual
    without = nx.Graph(graph)
    if without.has_edge(one, other):
        without.remove_edge(one, other)
    far = nx.shortest_path_length(without, one, other) if nx.has_path(without, one, other) else math.inf
    return {"num_mutual": mutual, "overlap": mutual / others if is_tied and others else None, "range": float(far)}


def mobilisations(reference: Reference) -> list[dict[str, Any]]:
    """Rows of the table `mobilisations`, but for platform and week."""
    found = []
    for episode in reference.episodes:
        graph = prior_graph(reference, episode["t_call"])
        for account, acts in reference.acts(episode).items():
            first = acts[0]
            row = {"account_id": account, "episode_id": episode["episode_id"], "act": first.kind, "time": first.time}
            row |= {"not_before": first.not_before, "num_acts": len(acts)}
            row |= {"num_referrals": sum(act.num_referrals for act in acts)}
            row |= {"role": reference.world.roles.get(account, "person")}
            found.append(row | tie(reference, account, episode["beneficiary_id"], episode["t_call"], graph))
    return found


def alters(reference: Reference) -> list[dict[str, Any]]:
    """Rows of a study's table `alters` (rule 22)."""
    found = []
    people = {row[side] for row in reference.interactions.values() for side in ("source_id", "target_id")}
    for episode in reference.episodes:
        graph = prior_graph(reference, episode["t_call"])
        did = reference.acts(episode)
        barred = {episode["beneficiary_id"], *episode["author_ids"], *reference.world.roles}
        for account in people - barred:
            known = tie(reference, account, episode["beneficiary_id"], episode["t_call"], graph)
            if known["num_days"]:
                names = ("tie_class", "num_days", "num_mutual")
                row = {"episode_id": episode["episode_id"], "account_id": account, "is_mobiliser": account in did}
                found.append(row | {name: known[name] for name in names})
    return found
