"""Communities of the graph before the week, and whether help crosses from one to another."""

from __future__ import annotations

import random
from dataclasses import dataclass

import igraph
import numpy as np

from transforms.graphs.communities import SEEDS, find_communities
from transforms.graphs.csr import Graph
from transforms.graphs.jit import Longs
from transforms.indicators.contacts import Contacts


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Community of every person of the contacts' numbering, -1 for none: the best partition, and one a seed.

    `of`: shape (people + 1); `by_seed`: shape (seeds, people + 1). The last place, reached by number -1, is of
    somebody without contacts.
    """

    of: Longs
    by_seed: Longs


def groups_before(contacts: Contacts, begin: int, end: int) -> Groups:
    """Leiden communities of the prior graph of [begin, end): one graph a week, at its start."""
    graph, people = contacts.graph(begin, end)
    size = len(contacts.number) + 1
    best, alternatives = np.full(size, -1), np.full((SEEDS, size), -1)
    best[people] = find_communities(graph).member
    if graph.edges:
        alternatives[:, people] = _partitions(graph)
    return Groups(best, alternatives)


def _partitions(graph: Graph) -> Longs:
    """One partition a seed, isolates in communities of their own; the generator of igraph is given back."""
    network = igraph.Graph(n=graph.nodes, edges=np.column_stack((graph.low, graph.high)).tolist())
    found = []
    try:
        for seed in range(SEEDS):
            igraph.set_random_number_generator(random.Random(seed))
            found.append(network.community_leiden("modularity", n_iterations=2).membership)
    finally:
        igraph.set_random_number_generator(random)
    return np.array(found, dtype=np.int64)
