"""The one module that sees unrounded numbers and tells rounded ones: nobody can be certain that a group has 1 to 4.

Running totals of each chain are rounded to the nearest `BASE`; what is told of a cell is the difference of two. What an
earlier issue told as final is told again as it was, unless all changes of that population and week have one sign:
told afresh, an addition of a few would show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import pyarrow as pa

from transforms.report.chains import BACK, NEWCOMERS, SO_FAR, Chain
from transforms.report.margins import slack
from transforms.report.retelling import anchors_of_calls, changes, has_one_sign, held_to, of_population, open_week
from transforms.report.truth import Counts, Truth, Week

RULE, BASE = "nested-5/1", 5
CELLS = pa.schema(
    [(name, pa.string()) for name in ("campaign", "iso_week", "population", "chain", "cell")] + [("people", pa.int64())]
)

Issue = Mapping[str, Week]
"""Told cells by week."""


class Grain(NamedTuple):
    """How fine an edition tells: rounding `base`; `fewest`, smallest told denominator of a share; `fewest_above`,
    smallest told numerator of a log ratio, and true count of a group or link that is drawn; `held`, by how much a told
    total is off that is told as held; `digits` of means.
    """

    base: int
    fewest: int
    fewest_above: int
    held: int
    digits: int

    def slack(self, num_weeks: int) -> int:
        """How far a sum of cells over so many weeks is typically off."""
        return slack(num_weeks) if self.base > 1 else 0


PUBLIC = Grain(base=BASE, fewest=20, fewest_above=5, held=2 * BASE, digits=1)
EXACT = Grain(base=1, fewest=1, fewest_above=1, held=1, digits=12)
"""Of the restricted edition."""


class Sum(NamedTuple):
    """Some cells of a chain, taken together."""

    chain: Chain
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What may be told, by week and chain; `held`: populations of a week whose told total is far off by now.

    `final` and `provisional` weeks as in :class:`~transforms.report.truth.Truth`; `anew`: populations of a week that
    are told otherwise than before; `follow_up`: hours.
    """

    campaign: str
    final: tuple[str, ...]
    provisional: tuple[str, ...]
    cells: Issue
    held: frozenset[tuple[str, str]] = frozenset()
    anew: frozenset[tuple[str, str]] = frozenset()
    follow_up: int = 168
    grain: Grain = PUBLIC

    def people(self, weeks: Iterable[str], *sums: Sum) -> int | None:
        """The told cells of `sums` over those of the `weeks` that tell them all; None where none does."""
        found = [self._of_week(week, sums) for week in weeks]
        known = [number for number in found if number is not None]
        return sum(known) if known else None

    def weeks_told(self, weeks: Iterable[str], *sums: Sum) -> list[str]:
        """Those of the `weeks` that tell all of `sums`."""
        return [week for week in weeks if self._of_week(week, sums) is not None]

    def is_held(self, week: str, *sums: Sum) -> bool:
        """Whether a population of `sums` is told as it was, though it is far off by now."""
        return any((week, one.chain.population) in self.held for one in sums)

    def table(self) -> pa.Table:
        """All told cells: what every public number is made of (schema `CELLS`)."""
        rows = [
            {
                "campaign": self.campaign,
                "iso_week": week,
                "population": chain.population,
                "chain": chain.name,
                "cell": cell,
                "people": people,
            }
            for week, told in sorted(self.cells.items())
            for chain, cells in sorted(told.items())
            for cell, people in cells.items()
        ]
        return pa.Table.from_pylist(rows, schema=CELLS)

    def _of_week(self, week: str, sums: tuple[Sum, ...]) -> int | None:
        told = self.cells.get(week, {})
        if any(one.chain not in told for one in sums):
            return None
        return sum(told[one.chain][cell] for one in sums for cell in one.cells)


def rounded(number: int, base: int = BASE) -> int:
    """The multiple of `base` nearest to a count."""
    return base * ((number + base // 2) // base)


def tell(truth: Truth, before: Issue | None = None, grain: Grain = PUBLIC) -> Told:
    """What may be told of `truth`, given all cells that were told `before` (:func:`issue_of`).

    With the grain `EXACT` every cell is exact: the restricted edition.
    """
    found = [
        (week, population, _tell(truth, week, population, (before or {}).get(week, {}), grain))
        for week in (*truth.final, *truth.provisional)
        for population in _populations(truth.counts[week])
    ]
    cells: dict[str, dict[Chain, Counts]] = {week: {} for week in (*truth.final, *truth.provisional)}
    for week, _, telling in found:
        cells[week].update(telling.cells)
    return Told(
        truth.campaign,
        tuple(truth.final),
        tuple(truth.provisional),
        cells,
        frozenset((week, population) for week, population, one in found if one.is_far_off),
        frozenset((week, population) for week, population, one in found if one.is_anew),
        truth.follow_up,
        grain,
    )


def issue_of(cells: pa.Table) -> Issue:
    """Told cells by week and chain, from the public table of an earlier issue."""
    found: dict[str, dict[Chain, dict[str, int]]] = {}
    for row in cells.to_pylist():
        chain = Chain(row["population"], row["chain"])
        found.setdefault(row["iso_week"], {}).setdefault(chain, {})[row["cell"]] = row["people"]
    return dict(found)


class _Telling(NamedTuple):
    """Told cells of one population and week; far off by now, or otherwise than before."""

    cells: Week
    is_far_off: bool = False
    is_anew: bool = False


def _populations(week: Week) -> list[str]:
    return sorted({chain.population for chain in week})


def _tell(truth: Truth, week: str, population: str, before: Week, grain: Grain) -> _Telling:
    if week in truth.provisional:
        return _Telling({SO_FAR: _open(_rounded(truth.counts[week], population, grain.base)[SO_FAR], before)})
    fresh = _rounded(truth.counts[week], population, grain.base)
    told = of_population(before, population)
    if not told:
        anchors = anchors_of_calls(before, fresh)
        fresh |= _rounded(truth.more(week), population, grain.base)
        return _Telling({chain: held_to(cells, anchors) for chain, cells in fresh.items()})
    if any(changes(told, fresh)) and has_one_sign(changes(told, fresh)):
        more = fresh | _rounded(truth.more(week), population, grain.base)
        if has_one_sign(changes(told, more)):
            return _Telling(more, is_anew=True)
    late = {chain: _within(fresh[chain], told) for chain in fresh if chain in BACK and chain not in told}
    return _Telling(told | late, is_far_off=_is_far_off(told, fresh, grain.held))


def _rounded(week: Week, population: str, base: int) -> dict[Chain, Counts]:
    """The chains of a population, each cell a difference of two rounded running totals."""
    return {chain: _steps(cells, base) for chain, cells in week.items() if chain.population == population}


def _steps(cells: Counts, base: int) -> Counts:
    levels = [0, *(rounded(level, base) for level in accumulate(cells.values()))]
    return dict(zip(cells, (after - level for level, after in pairwise(levels)), strict=True))


def _open(fresh: Counts, before: Week) -> Counts:
    """Calls so far, as told before where only one of the two numbers moved against the other."""
    told = open_week(before)
    return fresh if told is None or has_one_sign(fresh[cell] - told[cell] for cell in told) else told


def _within(cells: Counts, told: Week) -> Counts:
    """A chain that becomes final later than its population: it ends on the total that was told."""
    return held_to(cells, {"gone": sum(told[NEWCOMERS].values())}) if NEWCOMERS in told else cells


def _is_far_off(told: Week, fresh: Week, held: int) -> bool:
    both = [chain for chain in told if chain in fresh]
    return any(abs(sum(fresh[chain].values()) - sum(told[chain].values())) >= held for chain in both)
