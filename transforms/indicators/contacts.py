"""Who had been in contact with whom: all interactions among persons, by time and by person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.graphs.canonical import canonical_order
from transforms.graphs.csr import Graph, build_graph
from transforms.graphs.jit import Longs, compiled
from transforms.ties.prior import PriorTies


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Persons are numbered as they come; `number` gives the number of an account. Nothing may depend on the numbers.

    `source`, `target`, `time` (microseconds): one entry an interaction, by time. `start`, `other`, `at`: the same
    from both sides: contacts of person i are ``start[i]:start[i + 1]``, by time.
    """

    number: pd.Series[int]
    source: Longs
    target: Longs
    time: Longs
    start: Longs
    other: Longs
    at: Longs

    def numbers(self, accounts: Iterable[str]) -> Longs:
        """Number of each account; -1 for those that never had a contact with a person."""
        return np.asarray(self.number.reindex(list(accounts), fill_value=-1), dtype=np.int64)

    def graph(self, begin: int, end: int) -> tuple[Graph, Longs]:
        """Undirected graph of the contacts in [begin, end), and the persons that are its nodes.

        Nodes come in an order that these contacts alone decide (who acted towards whom, when): neither later contacts
        nor pseudonyms change it.
        """
        span = slice(*np.searchsorted(self.time, [begin, end]))
        people, ends = np.unique(np.concatenate((self.source[span], self.target[span])), return_inverse=True)
        one, other = np.split(ends.astype(np.int64), 2)
        when = 2 * self.time[span]
        order = canonical_order(len(people), np.r_[one, other], np.r_[other, one], np.r_[when, when + 1])
        place = np.empty(len(people), np.int64)
        place[order] = np.arange(len(people))
        return build_graph(place[one], place[other], len(people)), people[order]

    def sent(self, begin: int, end: int) -> Longs:
        """Interactions that each person began in [begin, end)."""
        span = slice(*np.searchsorted(self.time, [begin, end]))
        return np.bincount(self.source[span], minlength=len(self.number))

    def tied_among(self, people: Longs, begin: int, end: int) -> tuple[Longs, Longs]:
        """Positions in `people` (numbers, -1 for nobody) of every ordered pair with a contact in [begin, end)."""
        return _tied_among(people, self.start, self.other, self.at, begin, end)


def index_contacts(ties: PriorTies) -> Contacts:
    """The contacts among persons (no organisers, no bots) of `ties`."""
    one, other = ties.source.astype(np.int64), ties.target.astype(np.int64)
    order = np.unique(np.r_[one, other])
    number = np.full(len(ties.accounts), -1, np.int64)
    number[order] = np.arange(len(order))
    rows = np.lexsort((number[other], number[one], ties.time))
    source, target, time = number[one][rows], number[other][rows], ties.time[rows]
    person, met, at = np.r_[source, target], np.r_[target, source], np.r_[time, time]
    sides = np.lexsort((met, at, person))
    start = np.searchsorted(person[sides], np.arange(len(order) + 1))
    names = ties.accounts.take(pa.array(order)).to_pylist()
    people = pd.Series(np.arange(len(order)), index=pd.Index(names, dtype=object))
    return Contacts(people, source, target, time, start, met[sides], at[sides])


@compiled
def _tied_among(people: Longs, start: Longs, other: Longs, at: Longs, begin: int, end: int) -> tuple[Longs, Longs]:
    place = np.full(len(start), -1, np.int64)
    for i in range(len(people)):
        if people[i] >= 0:
            place[people[i]] = i
    left, right = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    met = np.full(len(people), -1, np.int64)
    for i in range(len(people)):
        if people[i] < 0:
            continue
        times = at[start[people[i]] : start[people[i] + 1]]
        for row in range(np.searchsorted(times, begin), np.searchsorted(times, end)):
            j = place[other[start[people[i]] + row]]
            if j >= 0 and met[j] != i:
                met[j] = i
                left.append(np.int64(i))
                right.append(np.int64(j))
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)
