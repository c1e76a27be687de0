"""The catalogue is the one list of indicators: what is not in it is neither computed, documented nor published."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.reference.busy import busy_world
from transforms.indicators import cut_study, weekly
from transforms.indicators.catalogue import CATALOGUE, INDICATORS, Fraction, checked
from transforms.indicators.measure import IndicatorRow
from transforms.report.chains import CHAINS
from transforms.report.language import language
from transforms.report.lines import LINES, TOLD, WITHHELD, WITHHELD_STRATA
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


def test_each_stratum_is_told_by_a_line_or_withheld_by_name() -> None:
    """Closed by default: an indicator of which nobody decided is an error here, and is told by nobody."""
    listed = {(one.name, stratum) for one in INDICATORS for stratum in one.strata}
    withheld = {(name, stratum) for name, stratum in listed if name in WITHHELD} | WITHHELD_STRATA
    assert TOLD | withheld == listed
    assert not TOLD & withheld


def test_no_number_is_told_by_two_lines() -> None:
    assert len({(line.indicator, line.stratum) for line in LINES}) == len(LINES)


def test_every_line_takes_cells_that_there_are() -> None:
    for line in LINES:
        for part in (*line.above, *line.below):
            assert set(part.cells) <= set(CHAINS[part.chain]), line


@pytest.mark.parametrize(("name", "stratum"), [("nobody_listed_it", None), ("tie_mix", "closest"), ("calls", "weak")])
def test_an_unknown_name_or_stratum_is_an_error(name: str, stratum: str | None) -> None:
    with pytest.raises(KeyError, match="catalogue"):
        checked(name, stratum)


def test_what_the_page_lists_of_revisions_is_in_the_catalogue() -> None:
    assert set(LISTED) <= CATALOGUE.keys()


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_cards_have_a_unit_each_and_their_names_from_the_catalogue(code: str) -> None:
    texts = language(code).texts["cards"]
    assert {name.removesuffix("_unit") for name in texts if name.endswith("_unit")} == {card.key for card in CARDS}
    assert not {card.name(language(code)) for card in CARDS} & set(texts.values())
