"""Numbers, weeks and spaces as readers of either language expect them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from passerelle.errors import UsageError
from transforms.report.language import language

FR, EN = language("fr"), language("en")


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (1234.5, 1, "1\u202f234,5", "1,234.5"),
        (-0.26, 2, "\u22120,26", "\u22120.26"),
        (-0.001, 1, "0,0", "0.0"),
        (7, 0, "7", "7"),
    ],
)
def test_numbers(value: float, digits: int, french: str, english: str) -> None:
    assert FR.number(value, digits) == french
    assert EN.number(value, digits) == english


def test_percentages_points_and_hours() -> None:
    assert FR.percent(0.434) == "43\u202f%"
    assert EN.percent(0.434) == "43%"
    assert (FR.points(0.2), EN.points(0.2)) == ("0 point", "0 points")
    assert FR.points(-6) == "\u22126 points"
    assert FR.hours(6.24) == "6,2\u202fh"
    assert EN.hours(31.6) == "32\u202fh"


def test_intervals_name_the_unit_once_where_the_language_does() -> None:
    assert FR.interval("41\u202f%", "58\u202f%") == "41\u00a0à\u00a058\u202f%"
    assert EN.interval("41%", "58%") == "41%\u00a0to\u00a058%"
    assert EN.interval("3.9\u202fh", "12\u202fh") == "3.9\u00a0to\u00a012\u202fh"
    assert FR.interval("3,9\u202fh", None) == "à partir de 3,9\u202fh"
    assert FR.interval("1\u202f234", "2\u202f345") == "1\u202f234\u00a0à\u00a02\u202f345"


@pytest.mark.parametrize(
    ("week", "french", "english"),
    [
        ("2026-W47", "semaine\u00a047 (16–22\u00a0novembre 2026)", "week\u00a047 (16–22\u00a0November 2026)"),
        ("2026-W44", "semaine\u00a044 (26 octobre – 1er\u00a0novembre 2026)",
         "week\u00a044 (26 October – 1\u00a0November 2026)"),
        ("2026-W53", "semaine\u00a053 (28\u00a0décembre 2026 – 3\u00a0janvier 2027)",
         "week\u00a053 (28\u00a0December 2026 – 3\u00a0January 2027)"),
    ],
)  # fmt: skip
def test_weeks(week: str, french: str, english: str) -> None:
    assert FR.week(week) == french
    assert EN.week(week) == english


def test_days_and_moments_are_of_the_campaigns_zone() -> None:
    assert FR.day(date(2026, 11, 1)) == "1er\u00a0novembre 2026"
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert FR.moment(late, "Europe/Paris") == "23\u00a0novembre 2026 à 0\u202fh\u202f30"
    assert EN.moment(late, "Europe/Paris") == "23\u00a0November 2026, 00:30"


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    french, english = FR.texts, EN.texts
    assert {s: set(v) for s, v in french.items()} == {s: set(v) for s, v in english.items()}
    for section, texts in french.items():
        for name, text in texts.items():
            if isinstance(text, str):
                places = [set(re.findall(r"{(\w+)}", one)) for one in (text, english[section][name])]
                assert places[0] == places[1], f"{section}.{name}"


def test_french_marks_have_their_no_break_spaces() -> None:
    for text in leaves(FR.texts):
        assert not re.search(r" [;:!?%»]|« |'", text), text
        assert not re.search(r"\w[;!?»]|«\w", text), text


def test_english_has_no_french_spaces() -> None:
    for text in leaves(EN.texts):
        assert not re.search(r"[\s][;:!?%]|'", text), text


def test_another_language_is_refused_in_both() -> None:
    with pytest.raises(UsageError) as caught:
        language("de")
    assert "fr or en" in caught.value.text("en")
    assert "fr ou en" in caught.value.text("fr")


@pytest.mark.parametrize(
    ("count", "en", "fr"),
    [(0, "0 calls", "0 appel"), (1, "1 call", "1 appel"), (1200, "1,200 calls", "1\u202f200 appels")],
)
def test_counts_agree_with_their_nouns(count: int, en: str, fr: str) -> None:
    assert (language("en").counted(count, "calls"), language("fr").counted(count, "calls")) == (en, fr)
