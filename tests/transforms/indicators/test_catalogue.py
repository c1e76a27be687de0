"""The catalogue is the one list of indicators: what is not in it is neither computed, documented nor published."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
import pytest

from passerelle.tables import WEEKLY_INDICATORS
from tests.reference.busy import busy_world
from transforms.indicators import cut_study, weekly
from transforms.indicators.catalogue import CATALOGUE, INDICATORS, Fraction, checked
from transforms.indicators.measure import IndicatorRow
from transforms.report import public_indicators
from transforms.report.language import language
from transforms.report.measures import CARDS
from transforms.report.revised import LISTED


def test_no_name_stands_twice() -> None:
    assert len(CATALOGUE) == len(INDICATORS)
    for code in ("en", "fr"):
        assert len({one.label(code) for one in INDICATORS}) == len(INDICATORS)


def test_each_says_what_it_tells_in_both_languages() -> None:
    for code in ("en", "fr"):
        sentences = [one.sentence(code) for one in INDICATORS]
        assert len(set(sentences)) == len(INDICATORS)
        assert not [text for text in sentences if not re.fullmatch(r"[A-ZÀÉ].*[^.]\.", text)]
    assert not {one.en.sentence for one in INDICATORS} & {one.fr.sentence for one in INDICATORS}
    for one in INDICATORS:
        assert not re.search(r"\w [;:!?%»]|« |'", one.label("fr") + one.sentence("fr")), one.name


def test_a_share_is_of_something_and_nothing_else_is() -> None:
    assert {one.name for one in INDICATORS if isinstance(one.value, Fraction)} == {
        one.name for one in INDICATORS if one.kind == "share"
    }


def test_each_is_computed_where_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, set[str]] = {}

    def recorded(formula: Callable[..., Any], rows: Any) -> Any:
        found = [rows] if isinstance(rows, IndicatorRow) else list(rows)
        made.setdefault(formula.__qualname__, set()).update(row.indicator for row in found)
        return rows if isinstance(rows, IndicatorRow) else found

    for formula in {one.formula for one in INDICATORS}:
        assert getattr(weekly, formula.__qualname__) is formula
        wrapped = partial(lambda f, *arguments: recorded(f, f(*arguments)), formula)
        monkeypatch.setattr(weekly, formula.__qualname__, wrapped)
    weekly.weekly_indicators(cut_study(busy_world(1).study()), "test", ["2026-W25"])
    listed: dict[str, set[str]] = {}
    for one in INDICATORS:
        listed.setdefault(one.formula.__qualname__, set()).add(one.name)
    assert made == listed


def test_what_is_told_by_its_sums_has_some() -> None:
    """Closed by default: a row under that rule for which no sum is written is told by nobody."""
    rows = [
        {"campaign": "c", "iso_week": "2026-W10", "indicator": one.name, "stratum": stratum, "value": 0.5, "n": 900}
        for one in INDICATORS
        for stratum in one.strata
        if one.disclosure == "sums"
    ]
    table = pa.Table.from_pylist([row | {"status": "final"} for row in rows], schema=WEEKLY_INDICATORS.schema)
    assert {row["status"] for row in public_indicators(table).to_pylist()} == {"final"}
    shut = public_indicators(table.set_column(3, "stratum", pa.array(["nobody's"] * len(rows))))
    # a bin is a head count of its own, whatever it is called
    told = {row["indicator"] for row in shut.to_pylist() if row["status"] != "suppressed"}
    assert told == {"mutual", "range"}


@pytest.mark.parametrize(("name", "stratum"), [("nobody_listed_it", None), ("tie_mix", "closest"), ("calls", "weak")])
def test_an_unknown_name_or_stratum_is_an_error(name: str, stratum: str | None) -> None:
    with pytest.raises(KeyError, match="catalogue"):
        checked(name, stratum)


def test_the_public_edition_takes_nothing_that_is_not_listed() -> None:
    row = {"campaign": "c", "iso_week": "2026-W10", "indicator": "secret_count", "stratum": "all", "value": 900.0}
    table = pa.Table.from_pylist([row | {"n": 900, "status": "final"}], schema=WEEKLY_INDICATORS.schema)
    with pytest.raises(KeyError, match="secret_count"):
        public_indicators(table)


def test_a_count_of_few_is_masked_whatever_is_counted() -> None:
    rows = [
        {"campaign": "c", "iso_week": "2026-W10", "indicator": one.name, "stratum": one.strata[0], "value": 3.0, "n": 3}
        for one in INDICATORS
        if one.kind == "count"
    ]
    table = pa.Table.from_pylist([row | {"status": "final"} for row in rows], schema=WEEKLY_INDICATORS.schema)
    assert set(public_indicators(table)["status"].to_pylist()) == {"suppressed"}


def test_what_the_page_lists_of_revisions_is_in_the_catalogue() -> None:
    assert set(LISTED) <= CATALOGUE.keys()


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_cards_have_a_unit_each_and_their_names_from_the_catalogue(code: str) -> None:
    texts = language(code).texts["cards"]
    assert {name.removesuffix("_unit") for name in texts if name.endswith("_unit")} == {card.key for card in CARDS}
    assert not {card.name(language(code)) for card in CARDS} & set(texts.values())
