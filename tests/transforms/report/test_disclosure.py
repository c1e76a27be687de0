"""Nobody can be certain that a group has 1 to 4 people: not from one issue, not from several."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.transforms.report.conftest import WEEK, Week, more_counts, truth_of, week_counts
from transforms.report import EXACT, Truth, issue_of, tell
from transforms.report.chains import CHAINS, FIRST, NEWCOMERS, SO_FAR, Chain, back
from transforms.report.disclosure import BASE, rounded
from transforms.report.retelling import has_one_sign, held_to

NEXT = "2026-W47"
Levels = tuple[int, ...]
ACTORS = Chain("actors", "novelty")


def told_cells(truth: Truth, before: pa.Table | None = None) -> dict[str, Week]:
    return dict(tell(truth, None if before is None else issue_of(before)).cells)


@given(st.integers(0, 10**6))
def test_a_count_goes_to_the_nearest_five(number: int) -> None:
    assert rounded(number) % BASE == 0
    assert abs(rounded(number) - number) <= 2
    assert rounded(number, 1) == number


@given(st.integers(0, 10**6))
def test_cells_are_multiples_of_five_and_add_up(seed: int) -> None:
    week = week_counts(seed, size=30 + seed % 90, calls=12 + seed % 40)
    told, exact = tell(truth_of({WEEK: week})).cells[WEEK], {**week, **more_counts(week)}
    assert told.keys() == exact.keys()
    for chain, cells in told.items():
        assert list(cells) == list(exact[chain])
        assert not [number for number in cells.values() if number % BASE or number < 0]
        levels = zip(itertools.accumulate(cells.values()), itertools.accumulate(exact[chain].values()), strict=True)
        assert all(abs(one - other) <= 2 for one, other in levels)
    for population in {chain.population for chain in told}:
        totals = {sum(cells.values()) for chain, cells in told.items() if chain.population == population}
        assert len(totals) == 1, population


def test_chains_of_one_population_agree_where_they_begin_alike() -> None:
    told = tell(truth_of({WEEK: week_counts(3, 77)})).cells[WEEK]
    ties, mutual, days = (told[Chain("mobilisers", name)] for name in ("ties", "mutual", "days"))
    assert ties["unknown"] == mutual["unknown"] == days["unknown"]
    assert ties["dormant"] + ties["new"] == days["untied"]
    assert days["untied"] == sum(mutual[f"untied {name}"] for name in ("3+", "1-2", "0"))


def test_the_restricted_edition_is_exact() -> None:
    week = week_counts(5)
    assert tell(truth_of({WEEK: week}), grain=EXACT).cells[WEEK] == {**week, **more_counts(week)}


def certain(tables: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]) -> list[tuple[tuple[int, ...], int]]:
    """Of all tables (cells, what is told): told tables, and groups of neighbouring cells, of 1 to 4 for certain."""
    seen: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for cells, told in tables:
        groups = [sum(cells[i:j]) for i, j in itertools.combinations(range(len(cells) + 1), 2)]
        ends = seen.setdefault(told, [(n, n) for n in groups])
        seen[told] = [(min(low, n), max(high, n)) for (low, high), n in zip(ends, groups, strict=True)]
    found = ((told, place, *end) for told, ends in seen.items() for place, end in enumerate(ends))
    return [(told, place) for told, place, low, high in found if low >= 1 and high < 5]


def chained(cells: Sequence[int]) -> tuple[int, ...]:
    return tuple(rounded(level) for level in itertools.accumulate(cells))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_by_enumeration_no_group_of_a_chain_is_certain(size: int) -> None:
    """All tables of up to 12 in all: one of more is told as more."""
    tables = (cells for cells in itertools.product(range(13), repeat=size) if sum(cells) <= 12)
    assert not certain((cells, chained(cells)) for cells in tables)


def test_by_enumeration_each_cell_and_total_rounded_alone_would_be_certain() -> None:
    """The control: the attack finds what is not safe."""
    tables = list(itertools.product(range(10), repeat=3))
    assert certain((cells, (*map(rounded, cells), rounded(sum(cells)))) for cells in tables)


def test_by_enumeration_two_chains_of_one_total_leave_each_other_open() -> None:
    rows = [
        ((*one, *other), (*chained(one), *chained(other)))
        for total in range(13)
        for one in _shared(total)
        for other in _shared(total)
    ]
    found = certain(((cells[:3], told) for cells, told in rows))
    assert not [one for one in found if max(one[0]) <= 10]


def _shared(total: int) -> list[tuple[int, int, int]]:
    return [(a, b, total - a - b) for a in range(total + 1) for b in range(total - a + 1)]


def test_what_was_told_is_told_again_after_a_small_correction() -> None:
    week = week_counts(8)
    before = tell(truth_of({WEEK: week})).table()
    # two of the first cell and none of the others: told afresh, it could be told from the totals
    moved = {**week, ACTORS: {**week[ACTORS], "first": week[ACTORS]["first"] + 3, "back": week[ACTORS]["back"] - 3}}
    again = tell(truth_of({WEEK: moved}), issue_of(before))
    assert again.table().equals(before)
    assert not again.anew


def test_what_only_grows_is_told_anew_and_listed() -> None:
    week = week_counts(8)
    before = tell(truth_of({WEEK: week})).table()
    grown = {**week, ACTORS: {"first": week[ACTORS]["first"] + 20, "back": week[ACTORS]["back"]}}
    again = tell(truth_of({WEEK: grown}), issue_of(before))
    assert again.anew == {(WEEK, "actors")}
    assert again.cells[WEEK][ACTORS] == tell(truth_of({WEEK: grown})).cells[WEEK][ACTORS]


def test_a_total_far_off_is_held_and_says_so() -> None:
    week = week_counts(8)
    before = tell(truth_of({WEEK: week})).table()
    far = {**week, ACTORS: {"first": week[ACTORS]["first"] + 40, "back": max(0, week[ACTORS]["back"] - 10)}}
    again = tell(truth_of({WEEK: far}), issue_of(before))
    assert again.held == {(WEEK, "actors")}
    assert again.table().equals(before)


def test_a_later_week_is_told_beside_the_copied_ones() -> None:
    one, other = week_counts(8), week_counts(9)
    before = tell(truth_of({WEEK: one})).table()
    both = tell(truth_of({WEEK: {**one, **{k: week_counts(10)[k] for k in one}}, NEXT: other}), issue_of(before))
    assert both.cells[NEXT] == tell(truth_of({NEXT: other})).cells[NEXT]


def test_retention_that_becomes_final_later_ends_on_the_total_that_was_told() -> None:
    week = {chain: cells for chain, cells in week_counts(8).items() if chain != back(3)}
    before = tell(truth_of({WEEK: {**week, NEWCOMERS: {"newcomers": 12}, back(1): {"back": 3, "gone": 9}}})).table()
    now = {**week, NEWCOMERS: {"newcomers": 14}, back(1): {"back": 2, "gone": 12}, back(3): {"back": 13, "gone": 1}}
    told = tell(truth_of({WEEK: now}), issue_of(before)).cells[WEEK]
    assert sum(told[NEWCOMERS].values()) == sum(told[back(3)].values()) == 10
    assert told[back(3)] == {"back": 10, "gone": 0}


def test_a_final_week_is_held_to_what_was_told_while_it_was_open() -> None:
    week = dict(week_counts(8, calls=16))
    episodes = sum(week[FIRST].values()) - week[FIRST]["repeats"]
    assert (episodes, sum(week[FIRST].values())) == (12, 16)
    open_ = Truth("invented", (), (WEEK,), {WEEK: {SO_FAR: {"episodes": 13, "repeats": 4}}})
    before = tell(open_).table()
    told = tell(truth_of({WEEK: week}), issue_of(before)).cells[WEEK][FIRST]
    assert sum(told.values()) - told["repeats"] == 15, "10 would show one or two that were taken away"
    assert sum(told.values()) == 15


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6), st.integers(0, 12), st.integers(0, 12))
def test_a_chain_that_is_held_keeps_its_anchors(cells: list[int], one: int, other: int) -> None:
    named = dict(zip("abcdef", cells, strict=False))
    inner, *_, last = named
    anchors = {inner: 5 * min(one, other), last: 5 * max(one, other)}
    levels = dict(zip(named, itertools.accumulate(held_to(named, anchors).values()), strict=True))
    assert (levels[inner], levels[last]) == (anchors[inner], anchors[last])
    assert min(held_to(named, anchors).values()) >= 0


def leaks(before: Levels, now: Levels) -> bool:
    """Whether somebody who knows that people were only added is certain of 1 to 4: in either issue, or of the added."""
    size = len(before)
    rows, ends = [], []
    for levels, first in ((before, 0), (now, size)):
        for place, level in enumerate(levels):
            row = np.zeros(2 * size)
            row[first : first + place + 1] = 1
            rows += [row, -row]
            ends += [level + 2, 2 - level]
    for place in range(size):
        row = np.zeros(2 * size)
        row[place], row[size + place] = 1, -1
        rows.append(row)
        ends.append(0)
    return any(_is_certain(goal, np.array(rows), np.array(ends)) for goal in _goals(size))


def _goals(size: int) -> Iterable[np.ndarray]:
    for first, last in itertools.combinations(range(size + 1), 2):
        for signs in ((1, 0), (0, 1), (-1, 1)):
            goal = np.zeros(2 * size)
            goal[first:last], goal[size + first : size + last] = signs
            yield goal


def _is_certain(goal: np.ndarray, rows: np.ndarray, ends: np.ndarray) -> bool:
    least = linprog(goal, rows, ends, bounds=(0, None), method="highs")
    if least.status != 0 or math.ceil(least.fun - 1e-6) < 1:
        return False
    most = linprog(-goal, rows, ends, bounds=(0, None), method="highs")
    return most.status == 0 and math.floor(-most.fun + 1e-6) < 5


def _changes(before: Levels, now: Levels) -> list[int]:
    cells = [[after - level for level, after in itertools.pairwise((0, *levels))] for levels in (before, now)]
    return [other - one for one, other in zip(*cells, strict=True)]


def test_by_linear_programs_what_is_told_anew_shows_nobody_who_was_added() -> None:
    """Every two tellings of two cells up to 20: the rule of one sign lets none through that leaks, and some would."""
    tellings = list(itertools.combinations_with_replacement(range(0, 21, 5), 2))
    found = {True: 0, False: 0}
    for before, now in itertools.product(tellings, repeat=2):
        if before != now:
            found[has_one_sign(_changes(before, now))] += leaks(before, now)
    assert found[True] == 0
    assert found[False] > 0, "the control: told afresh, some leak"


@pytest.mark.parametrize("seed", range(3))
def test_three_issues_in_a_row_of_a_week_that_late_posts_change(seed: int) -> None:
    """Whatever comes, a telling either stays or moves all one way."""
    draw, week = np.random.default_rng(seed), week_counts(seed)
    table = tell(truth_of({WEEK: week})).table()
    for _ in range(8):
        chain = list(week)[int(draw.integers(len(week)))]
        cells = {cell: max(0, n + int(draw.integers(-3, 6))) for cell, n in week[chain].items()}
        week = {**week, chain: cells}
        now = tell(truth_of({WEEK: week}), issue_of(table))
        for one, cells in now.cells[WEEK].items():
            before = issue_of(table)[WEEK][one]
            assert has_one_sign(cells[cell] - before[cell] for cell in cells)
        table = now.table()


def test_the_order_of_cells_is_the_catalogues() -> None:
    told = tell(truth_of({WEEK: week_counts(1)})).cells[WEEK]
    assert all(tuple(told[chain]) == cells for chain, cells in CHAINS.items() if chain in told)
