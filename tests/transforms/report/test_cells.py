"""Nobody in a group of fewer than five can be found in the public tables, nor computed from them."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.allowed import TIE_CLASSES
from passerelle.tables import WEEKLY_INDICATORS
from tests.exploring import examples
from transforms.report import public_indicators
from transforms.report.disclosure import PublishableRow, withheld

Row = dict[str, Any]


def row(indicator: str, value: float | None, stratum: str = "all", **more: Any) -> Row:
    fixed = {"campaign": "c", "iso_week": "2026-W47", "low": None, "high": None, "z": None, "p": None, "n": None}
    return {**fixed, "indicator": indicator, "stratum": stratum, "value": value, "status": "final", **more}


def week(heads: dict[str, int]) -> list[Row]:
    """Rows of one week made of mobilisers by class."""
    everybody = sum(heads.values())
    classified = everybody - heads["unknown"]
    weak = heads["weak"] + heads["moderately_weak"]
    tied = weak + heads["strong"]
    rows = [row("mobilisers", everybody, n=everybody), row("classified", classified, n=classified)]
    for name, count in heads.items():
        of = everybody if name == "unknown" else classified
        rows += [row("ties", count, name), row("tie_mix", count / of if of else None, name, n=of)]
    absent = heads["dormant"] + heads["new"]
    rows.append(row("tie_mix", absent / classified if classified else None, "absent", n=classified))
    rows.append(row("weak_tie_share_of_classified", weak / classified if classified else None, n=classified))
    rows.append(row("weak_tie_share_of_observed", weak / tied if tied else None, n=tied))
    return rows


def shown(rows: list[Row]) -> dict[tuple[str, str], Row]:
    public = public_indicators(pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema))
    return {(one["indicator"], one["stratum"]): one for one in public.to_pylist() if one["status"] != "suppressed"}


HEADS = {"strong": 20, "moderately_weak": 25, "weak": 30, "dormant": 12, "new": 40, "unknown": 9}


def test_nothing_is_hidden_where_every_cell_is_large() -> None:
    rows = week(HEADS)
    assert len(shown(rows)) == len(rows)


def test_a_small_cell_takes_a_second_one_with_it() -> None:
    told = shown(week(HEADS | {"dormant": 3}))
    assert ("tie_mix", "dormant") not in told
    assert ("tie_mix", "new") not in told
    assert told["tie_mix", "absent"]["value"] == pytest.approx(43 / 118)
    assert ("weak_tie_share_of_classified", "all") in told


def test_a_total_goes_where_it_would_give_the_last_cell_away() -> None:
    told = shown(week(HEADS | {"strong": 2}))
    assert ("weak_tie_share_of_classified", "all") in told
    assert ("weak_tie_share_of_observed", "all") not in told
    assert ("ties", "strong") not in told


def test_few_unknown_hide_the_number_of_all() -> None:
    told = shown(week(HEADS | {"unknown": 1}))
    assert ("classified", "all") in told
    assert ("mobilisers", "all") not in told
    assert ("tie_mix", "unknown") not in told


def test_nobody_is_no_secret() -> None:
    assert shown(week(HEADS | {"dormant": 0}))["ties", "dormant"]["value"] == 0


def test_a_suppressed_row_has_no_number_left() -> None:
    rows = [row("response_rate", 0.5, low=0.3, high=0.7, z=1.0, p=0.2, n=8, status="suppressed")]
    public = public_indicators(pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema)).to_pylist()[0]
    assert [public[name] for name in ("value", "low", "high", "z", "p", "n")] == [None] * 6
    assert public["status"] == "suppressed"


def test_counts_and_yields_of_few_people_are_hidden() -> None:
    rows = [row("newcomers", 4), row("relays", 5), row("first_time_share", 0.3, n=10), row("yield", 0.5, "strong", n=4)]
    assert set(shown(rows)) == {("relays", "all")}


def test_platforms_stay_in_the_restricted_edition() -> None:
    pooled = [
        row("calls", 50),
        row("ties", 30, "weak"),
        row("reach_communities", 9),
        row("reach_communities", 7, "exp"),
    ]
    single = [row("calls", 45, "mastodon"), row("ties", 28, "mastodon:weak"), row("gini", 0.3, "mastodon")]
    assert set(shown(pooled + single)) == {(one["indicator"], one["stratum"]) for one in pooled}


def test_those_without_community_cannot_be_found_by_subtraction() -> None:
    """Of 127 classified, 3 have none: their share, and how many both sides have, tell as much."""
    classified = sum(HEADS.values()) - HEADS["unknown"]

    def sides(apart: int) -> set[tuple[str, str]]:
        known = classified - apart
        rows = [row("cross_community_share", 40 / known, n=known), row("e_i_index", 80 / known - 1, n=known)]
        rows.append(row("e_i_index", apart / classified, "without_community", n=classified))
        return set(shown(week(HEADS) + rows)) - set(shown(week(HEADS)))

    assert sides(3) == set()
    assert len(sides(0)) == len(sides(20)) == 3


def test_another_campaign_or_week_is_another_matter() -> None:
    rows = week(HEADS) + [one | {"iso_week": "2026-W46"} for one in week(HEADS | {"dormant": 3})]
    public = public_indicators(pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema)).to_pylist()
    assert {one["iso_week"] for one in public if one["status"] == "suppressed"} == {"2026-W46"}


def solvable(told: list[tuple[frozenset[str], int]], names: list[str]) -> dict[str, Fraction]:
    """Head counts that follow from what is told, by Gauss-Jordan on fractions: another way than the code's."""
    matrix = [[Fraction(name in one) for name in names] + [Fraction(total)] for one, total in told]
    lead = 0
    for column in range(len(names)):
        pivot = next((i for i in range(lead, len(matrix)) if matrix[i][column]), None)
        if pivot is None:
            continue
        matrix[lead], matrix[pivot] = matrix[pivot], matrix[lead]
        matrix[lead] = [value / matrix[lead][column] for value in matrix[lead]]
        for i in range(len(matrix)):
            if i != lead:
                matrix[i] = [a - matrix[i][column] * b for a, b in zip(matrix[i], matrix[lead], strict=True)]
        lead += 1
    known = {}
    for line in matrix[:lead]:
        where = [name for name, value in zip(names, line, strict=False) if value]
        if len(where) == 1:
            known[where[0]] = line[-1]
    return known


@examples(150)
@given(st.lists(st.integers(0, 12), min_size=6, max_size=6))
def test_no_small_class_can_be_computed_from_what_is_published(counts: list[int]) -> None:
    heads = dict(zip(TIE_CLASSES, counts, strict=True))
    told = shown(week(heads))
    sums = {
        "mobilisers": TIE_CLASSES, "classified": TIE_CLASSES[:-1], "absent": ("dormant", "new"),
        "both weak": ("weak", "moderately_weak"), "tied": ("strong", "weak", "moderately_weak"),
    }  # fmt: skip
    facts: list[frozenset[str]] = []
    for indicator, stratum in told:
        if told[indicator, stratum]["value"] is None:
            continue
        if indicator in ("mobilisers", "classified"):
            facts.append(frozenset(sums[indicator]))
        elif indicator == "weak_tie_share_of_classified":
            facts += [frozenset(sums["both weak"]), frozenset(sums["classified"])]
        elif indicator == "weak_tie_share_of_observed":
            facts += [frozenset(sums["both weak"]), frozenset(sums["tied"])]
        else:
            facts.append(frozenset(sums.get(stratum, (stratum,))))
            if indicator == "tie_mix":
                facts.append(frozenset(sums["mobilisers" if stratum == "unknown" else "classified"]))
    found = solvable([(one, sum(heads[name] for name in one)) for one in facts], list(TIE_CLASSES))
    assert not {name: count for name, count in found.items() if 0 < count < 5}


@given(st.lists(st.integers(1, 9), min_size=3, max_size=5), st.integers(0, 30))
def test_what_is_told_does_not_hang_on_the_names_of_the_cells(counts: list[int], seed: int) -> None:
    names = [f"cell {number}" for number in range(len(counts))]
    turned = names[seed % len(names) :] + names[: seed % len(names)]

    def hidden(order: list[str]) -> list[int]:
        heads = dict(zip(order, counts, strict=True))
        figures = [PublishableRow(("all", "all"), (frozenset(order),))]
        figures += [PublishableRow((name, "all"), (frozenset([name]),)) for name in order]
        gone = {key[0] for key in withheld(figures, heads, [])}
        return [counts[order.index(name)] for name in order if name in gone]

    assert hidden(names) == hidden(turned)


def test_bins_that_are_known_to_add_up_to_classes_do_not_give_one_away() -> None:
    heads = {"a": 3, "b": 20, "bin 1": 9, "bin 2": 14}
    singles = [PublishableRow((name, "all"), (frozenset([name]),)) for name in ("b", "bin 2", "bin 1", "a")]
    same = [(frozenset({"bin 1", "bin 2"}), frozenset({"a", "b"}))]
    assert [key[0] for key in withheld(singles, heads, same)] == ["bin 1", "a"]
    assert [key[0] for key in withheld(singles, heads, [])] == ["a"]
    assert list(itertools.chain(withheld(singles[:2], {"b": 20, "bin 2": 14}, []))) == []
