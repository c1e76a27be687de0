"""Ties frozen at a moment: strength (D, NW, R and class) and span (M, overlap, range) of any pair of accounts.

Strength and span are two axes and never merged. Granovetter 1973 (strength; local bridges); Onnela et al. 2007
(overlap); Gilbert & Karahalios 2009 (predicting strength from contact); rules 20 and 21 of the methods.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from passerelle.allowed import TIE_CLASSES
from passerelle.campaign import Analysis
from transforms.graphs.asof import Questions, Spans, TimedEdges, spans_as_of
from transforms.graphs.jit import Longs
from transforms.moments import DAY, clock
from transforms.ties.strength import count_contacts

_STRONG, _MODERATELY_WEAK, _WEAK, _DORMANT, _NEW, _UNKNOWN = range(len(TIE_CLASSES))
_WEEKS_OF_STRONG = 2
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Strength:
    """One entry a pair. `tie_class`: position in `TIE_CLASSES`; D, NW (ISO weeks in UTC), R."""

    tie_class: NDArray[np.int8]
    num_days: Longs
    num_weeks: Longs
    is_reciprocal: Flags


@dataclass(frozen=True, slots=True, eq=False)
class PriorTies:
    """All contacts, indexed by pair and by time, so that any pair can be asked about at any moment.

    `accounts[i]`: pseudonym of account number i, ascending. `pair`: distinct ``low * len(accounts) + high``;
    contacts of pair p are ``when[first[p]:first[p + 1]]`` by time, `upward` where the lower number acts.
    `by_upper`: pairs by their higher number, which `upper` gives. `source`, `target`, `time`: contacts among
    persons only, by time: the prior graph has no organisers and no bots.
    """

    accounts: pa.Array
    pair: Longs
    first: Longs
    when: Longs
    upward: Flags
    upper: Longs
    by_upper: Longs
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    time: Longs
    is_person: Flags
    window: int
    strong_days: int

    def numbers(self, ids: pa.Array | pa.ChunkedArray | Iterable[str]) -> Longs:
        """Account numbers; -1 for somebody without any contact."""
        column = ids if isinstance(ids, pa.Array | pa.ChunkedArray) else pa.array(list(ids), pa.string())
        found = pc.fill_null(pc.index_in(column, value_set=self.accounts, skip_nulls=True), -1)
        return np.asarray(found.to_numpy(), dtype=np.int64)

    def strength(self, left: Longs, right: Longs, at: Longs, covered_from: Longs) -> Strength:
        """Strength of pairs of account numbers at moments (microseconds), history [at - window, at).

        `covered_from`: since when the history of either is known without a gap until `at` (the earlier of both;
        `transforms.ties.coverage.NEVER` if unknown). Direction does not matter: (a, b) has the strength of (b, a).
        """
        place = self.places(left, right)
        begin = at - self.window
        days, weeks, upward, downward, seen = count_contacts(
            self.first, self.when, self.upward, place, begin, at, covered_from
        )
        reciprocal = upward & downward
        absent = np.where(covered_from > begin, _UNKNOWN, np.where(seen, _DORMANT, _NEW))
        strong = (days >= self.strong_days) & reciprocal & (weeks >= _WEEKS_OF_STRONG)
        tied = np.where(strong, _STRONG, np.where((days >= 2) | reciprocal, _MODERATELY_WEAK, _WEAK))
        return Strength(np.where(days > 0, tied, absent).astype(np.int8), days, weeks, reciprocal)

    def spans(self, left: Longs, right: Longs, at: Longs) -> Spans:
        """M, overlap and range of pairs on the prior graph of persons in [at - window, at) (rule 21).

        Who is no person, or has no contact in the window, is not in that graph. Questions are taken in batches by time,
        so that the graph of a batch holds little more than one window.
        """
        left, right = (np.where(self.is_person[side] & (side >= 0), side, -1) for side in (left, right))
        order = np.argsort(at, kind="stable")
        batches = _batches(at[order], max(self.window // 2, 7 * DAY))
        answers = [self._spans_of(left[part], right[part], at[part]) for part in np.split(order, batches)]
        back = np.argsort(order, kind="stable")
        return Spans(*(np.concatenate(column)[back] for column in zip(*answers, strict=True)))

    def _spans_of(self, left: Longs, right: Longs, at: Longs) -> Spans:
        if len(at) == 0:
            return spans_as_of(TimedEdges([], [], []), 1, Questions(left, right, at), self.window)
        source, target, time = self.contacts(int(at.min()) - self.window, int(at.max()))
        is_here = np.zeros(len(self.accounts) + 1, np.bool_)  # the last one stands for -1: nobody
        is_here[source] = is_here[target] = True
        number = np.where(is_here, np.cumsum(is_here) - 1, -1)
        contacts = TimedEdges(number[source], number[target], time)
        asked = Questions(number[left], number[right], at)
        return spans_as_of(contacts, max(int(is_here.sum()), 1), asked, self.window)

    def contacts(self, begin: int, end: int) -> tuple[NDArray[np.int32], NDArray[np.int32], Longs]:
        """Contacts among persons in [begin, end): acting account, account acted towards, time."""
        part = slice(*np.searchsorted(self.time, [begin, end]))
        return self.source[part], self.target[part], self.time[part]

    def alters(self, ego: int) -> Longs:
        """Everybody who ever had a contact with account number `ego`."""
        width = max(len(self.accounts), 1)
        upper = slice(*np.searchsorted(self.pair, [ego * width, (ego + 1) * width]))
        lower = self.by_upper[slice(*np.searchsorted(self.upper, [ego, ego + 1]))]
        return np.concatenate([self.pair[lower] // width, self.pair[upper] % width])

    def only(self, left: Longs, right: Longs) -> PriorTies:
        """An index of the contacts of these pairs alone, for asking for their strength many times."""
        places = np.unique(self.places(left, right))
        places = places[places >= 0]
        sizes = np.diff(self.first)[places]
        first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        rows = np.arange(first[-1]) + np.repeat(self.first[places] - first[:-1], sizes)
        return replace(self, pair=self.pair[places], first=first, when=self.when[rows], upward=self.upward[rows])

    def places(self, left: Longs, right: Longs) -> Longs:
        """Positions in `pair` of pairs of account numbers; -1 for those without any contact."""
        pair = np.minimum(left, right) * max(len(self.accounts), 1) + np.maximum(left, right)
        place = _find(self.pair, pair)
        return np.where((left < 0) | (right < 0) | (left == right), -1, place)


def index_ties(interactions: pa.Table, not_persons: Collection[str], analysis: Analysis) -> PriorTies:
    """Index the contacts of `interactions` (needs source_id, target_id, time). The order of rows does not matter."""
    accounts, source, target = _number(interactions["source_id"], interactions["target_id"])
    time = clock(interactions["time"])
    order = np.argsort(time, kind="stable")
    source, target = source[order], target[order]
    time = time[order]
    width = max(len(accounts), 1)
    pair, first, by_pair = _group(source, target, width)
    by_upper = np.argsort(pair % width, kind="stable")
    outside = pa.array(sorted(not_persons), pa.string())
    is_person = ~pc.is_in(accounts, value_set=outside).to_numpy(zero_copy_only=False).astype(bool)
    among = is_person[source] & is_person[target] if len(source) else np.zeros(0, bool)
    return PriorTies(
        accounts=accounts,
        pair=pair,
        first=first,
        when=time[by_pair],
        upward=(source < target)[by_pair],
        upper=(pair % width)[by_upper],
        by_upper=by_upper,
        source=source[among],
        target=target[among],
        time=time[among],
        is_person=np.r_[is_person, False],
        window=analysis.window_days * DAY,
        strong_days=analysis.strong_days,
    )


def _number(source: pa.ChunkedArray, target: pa.ChunkedArray) -> tuple[pa.Array, NDArray[np.int32], NDArray[np.int32]]:
    """All accounts, ascending, and both columns as positions among them: every text is hashed once."""
    accounts = pa.chunked_array([*source.chunks, *target.chunks], pa.string())
    both = cast(pa.DictionaryArray, accounts.dictionary_encode().combine_chunks())
    order = pc.sort_indices(both.dictionary).to_numpy()
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    numbers = rank[both.indices.to_numpy()]
    return both.dictionary.take(pa.array(order)), numbers[: len(source)], numbers[len(source) :]


def _group(source: NDArray[np.int32], target: NDArray[np.int32], width: int) -> tuple[Longs, Longs, Longs]:
    """Distinct pairs, where each begins, and the order of contacts by pair, which keeps time within a pair."""
    key = np.minimum(source, target).astype(np.int64) * width + np.maximum(source, target)
    order = np.argsort(key, kind="stable")
    ascending = key[order]
    first = np.flatnonzero(np.diff(ascending, prepend=-1))
    return ascending[first], np.append(first, len(key)).astype(np.int64), order


def _find(sorted_values: NDArray[np.int64], wanted: Longs) -> Longs:
    """Positions of `wanted` in ascending distinct values; -1 where absent."""
    if len(sorted_values) == 0:
        return np.full(len(wanted), -1, np.int64)
    place = np.minimum(np.searchsorted(sorted_values, wanted), len(sorted_values) - 1)
    return np.where(sorted_values[place] == wanted, place, -1)


def _batches(at: Longs, width: int) -> Longs:
    """Where to cut ascending moments so that those of a batch are less than `width` apart."""
    if len(at) == 0:
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.diff((at - at[0]) // width)) + 1
