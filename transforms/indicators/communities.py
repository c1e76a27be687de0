"""Communities of the graph before the week: one graph a week, at its start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.graphs.communities import find_communities
from transforms.graphs.jit import Longs
from transforms.indicators.contacts import Contacts


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Community of every person of the contacts' numbering, -1 for none: the best partition, and one a seed.

    `of`: shape (people + 1); `by_seed`: shape (seeds, people + 1). The last place, which the number -1 reaches, stands
    for somebody without contacts.
    """

    of: Longs
    by_seed: Longs


def groups_before(contacts: Contacts, begin: int, end: int) -> Groups:
    """Leiden communities of the prior graph of [begin, end)."""
    graph, people = contacts.graph(begin, end)
    found = find_communities(graph)
    size = len(contacts.number) + 1
    best, by_seed = np.full(size, -1), np.full((len(found.by_seed), size), -1)
    best[people], by_seed[:, people] = found.member, found.by_seed
    return Groups(best, by_seed)
