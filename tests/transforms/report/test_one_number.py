"""One number for one thing: page, tables beside it and queries under the figures say what the told cells give."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.transforms.report.conftest import Build, final_weeks, shown, told_data, truth_of, week_counts
from transforms.report import (
    EXACT,
    ReleaseData,
    Told,
    circumstances_of,
    edition_of,
    issue_of,
    public_indicators,
    tell,
)
from transforms.report.chains import ANSWERED, CHAINS, FIRST, SILENT, Chain, back
from transforms.report.measures import SHARE
from transforms.report.series import Series

Row = dict[str, Any]


def asked(sql: str, tables: Mapping[str, pa.Table]) -> list[Row]:
    base = duckdb.connect(config={"enable_external_access": "false"})
    for name, table in tables.items():
        base.register(name, table)
    rows: list[Row] = base.sql(sql).to_arrow_table().to_pylist()
    return rows


@pytest.fixture(scope="module", params=[140, 26])
def data(request: pytest.FixtureRequest, build: Build) -> ReleaseData:
    """A campaign whose weeks tell enough, and one that is told over eight."""
    weeks = {week: week_counts(seed, size=request.param, calls=12) for seed, week in enumerate(final_weeks())}
    return build(**told_data(tell(truth_of(weeks))))


def tables(data: ReleaseData) -> dict[str, pa.Table]:
    return {**shown(data, "en").tables, "weekly_indicators": data.indicators, "cells": data.told.table()}


@pytest.mark.parametrize("name", ["tie_mix", "yield"])
def test_the_query_under_a_figure_makes_the_figure(data: ReleaseData, name: str) -> None:
    (figure,) = [one for one in shown(data, "fr").figures if one.name == name]
    found = asked(figure.sql, tables(data))
    value = "share" if name == "tie_mix" else "value"
    drawn = [(row[value], row["low"], row["high"], row["status"]) for row in figure.data.to_pylist()]
    assert sorted(map(str, drawn)) == sorted(
        str((row["value"], row["low"], row["high"], row["status"])) for row in found
    )
    assert len(drawn) > 10


def test_the_query_under_the_curve_gives_its_steps(data: ReleaseData) -> None:
    (figure,) = [one for one in shown(data, "en").figures if one.name == "first_response"]
    found = {(row["chain"], row["cell"]): row["people"] for row in asked(figure.sql, tables(data))}
    below = sum(n for (chain, cell), n in found.items() if chain == "first" and cell != "repeats")
    steps = [level / below for level in accumulate(found["first", cell] for cell in ANSWERED)]
    drawn = [row["share"] for row in figure.data.to_pylist() if row["who"] == "anyone"][1:]
    assert drawn == pytest.approx([float(step) for step in steps])


def test_every_public_number_follows_from_the_published_cells(data: ReleaseData) -> None:
    """Read back from its tables, what was told gives every row again, interval and all."""
    cells = issue_of(data.told.table())
    told = Told(data.told.campaign, data.told.final, data.told.provisional, cells)
    assert public_indicators(told, circumstances_of(data.indicators)).equals(data.indicators)


def test_nothing_is_told_beside_a_figure_that_is_not(data: ReleaseData) -> None:
    """A design effect or a word on chance of three people would be about them."""
    for row in data.indicators.to_pylist():
        if row["value"] is None:
            assert [row[name] for name in ("low", "high", "design_effect", "chance")] == [None] * 4, row


def test_counts_and_numerators_are_multiples_of_five(data: ReleaseData) -> None:
    for row in data.indicators.to_pylist():
        name = row["indicator"].removesuffix("_8w")
        assert row["n"] % 5 == 0, row
        is_share = name in ("tie_mix", "yield", "weak_tie_share_of_classified", "response_rate", "new_dyad_share")
        if is_share and row["value"] is not None:
            assert row["n"] >= 20
            assert math.isclose(row["value"] * row["n"] % 5, 0, abs_tol=1e-6) or math.isclose(
                row["value"] * row["n"] % 5, 5, abs_tol=1e-6
            ), row


def test_what_becomes_final_later_is_told_over_eight_weeks_once_all_of_them_are(build: Build) -> None:
    """Who came back after two weeks, told of a week when that is over, never before."""
    weeks = {week: dict(week_counts(seed)) for seed, week in enumerate(final_weeks())}
    del weeks["2026-W46"][back(2)], weeks["2026-W45"][back(2)]
    data = build(**told_data(tell(truth_of(weeks))))
    rows = {
        row["iso_week"]: row
        for row in data.indicators.to_pylist()
        if (row["indicator"], row["stratum"]) == ("retention_8w", "2")
    }
    assert max(rows) == "2026-W44"


def test_the_page_says_no_count_that_is_not_told(data: ReleaseData) -> None:
    """Whatever whole number stands in a table of the page stands among the told cells' sums: all end on 0 or 5."""
    page = shown(data, "en").html
    (box,) = re.findall(r'id="no-answer".*?</section>', page, re.DOTALL)
    numbers = [int(n.replace(",", "")) for n in re.findall(r"<td>([\d,]+)</td>", box)]
    assert numbers
    assert not [number for number in numbers if number % 5]


def test_the_exact_edition_says_the_direction_word_of_the_public_one(build: Build) -> None:
    """A jump that exact counts show and rounded ones, with their wider intervals, do not."""
    weeks = dict(final_weeks())
    low, high = week_counts(1, size=60), week_counts(1, size=60)
    ties = Chain("mobilisers", "ties")
    low[ties] = {"unknown": 0, "dormant": 0, "new": 36, "weak": 12, "moderately_weak": 6, "strong": 6}
    high[ties] = {"unknown": 0, "dormant": 0, "new": 23, "weak": 20, "moderately_weak": 11, "strong": 6}
    truth = truth_of(weeks | {"2026-W45": low, "2026-W46": high})
    public = edition_of(build(**told_data(tell(truth))))
    data = build(**told_data(tell(truth, grain=EXACT)), is_public=False)
    alone, spoken = (
        SHARE.moved("2026-W46", Series(data.indicators)),
        SHARE.moved("2026-W46", edition_of(data, public).series),
    )
    assert alone is not None
    assert spoken is not None
    assert (alone.direction, spoken.direction) == ("up", "inconclusive")
    assert alone.value == spoken.value


def test_both_editions_have_the_same_figures_and_queries(data: ReleaseData, build: Build) -> None:
    weeks = {week: week_counts(seed) for seed, week in enumerate(final_weeks())}
    exact = build(**told_data(tell(truth_of(weeks), grain=EXACT)), is_public=False)
    one, other = shown(data, "en"), shown(exact, "en")
    assert [figure.name for figure in one.figures] == [figure.name for figure in other.figures]
    assert one.tables.keys() == other.tables.keys()
    ties = exact.told.cells["2026-W46"][Chain("mobilisers", "ties")]
    assert sum(ties.values()) == 140
    assert {cell for chain in (FIRST,) for cell in exact.told.cells["2026-W46"][chain]} == set(CHAINS[FIRST])
    assert set(SILENT) <= set(ties)
