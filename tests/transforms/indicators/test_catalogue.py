"""The catalogue is the one list of indicators: what is not in it is neither computed, documented nor published."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from passerelle.tables import WEEKLY_INDICATORS
from transforms.indicators.catalogue import CATALOGUE, INDICATORS, checked
from transforms.report import public_indicators
from transforms.report.revised import LISTED

METHODS = (Path(__file__).resolve().parents[3] / "docs" / "methods.md").read_text("utf-8")


def test_no_name_stands_twice() -> None:
    assert len(CATALOGUE) == len(INDICATORS)
    for language in ("en", "fr"):
        assert len({one.label(language) for one in INDICATORS}) == len(INDICATORS)


def test_methods_define_what_is_listed_and_nothing_else() -> None:
    table = METHODS.partition("## Weekly indicators")[2].partition("### Choices")[0]
    heads = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for head in heads for name in re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", head))}
    states = {"undefined", "suppressed", "provisional", "final"}
    assert named - states == CATALOGUE.keys()


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
