"""Results and thanks: told with the classifier's doubt, and never so few that a week's could be worked out."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.weeks import week_after
from tests.transforms.report.conftest import indicators, row, shown
from transforms.calls import held_out
from transforms.report import ReleaseData, public_indicators
from transforms.report.language import language
from transforms.report.outcomes import outcome_sentences
from transforms.report.series import Series
from transforms.report.so_far import SoFar, may_be_added, so_far

Build = Callable[..., ReleaseData]
WEEK = "2026-W46"
FIRST = "2026-W06"
"""First week of a block of eight."""


def week(result: int, thanks: int, either: int = 0) -> pa.Table:
    counts = {"all": result + thanks + either, "result": result, "thanks": thanks}
    return indicators([row(WEEK, "outcome_posts", number, stratum=name, n=number) for name, number in counts.items()])


def weeks(*counts: int) -> pa.Table:
    rows = [row(week_after(FIRST, place), "outcome_posts", number) for place, number in enumerate(counts)]
    return indicators(rows)


def said(table: pa.Table, code: str) -> str:
    return outcome_sentences(WEEK, Series(public_indicators(table)), None, language(code))[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("table", "french", "english"),
    [
        (
            week(11, 6),
            "merci : 11 avec un résultat (emploi, contrat, entretien obtenu…), 6 avec un merci seulement.",
            "thanks: 11 with a result (a job, a contract, an interview obtained…), 6 with thanks alone.",
        ),
        (week(8, 6), "En semaine 46, 14 publications disent", "In week 46, 14 posts tell a result or give thanks: 8"),
        (week(8, 0), "aucune avec un merci seulement.", "none with thanks alone."),
        (week(0, 8), "merci : aucune avec un résultat (", "thanks: none with a result ("),
        (week(8, 9, 7), ", 7 dont on ne sait lequel des deux.", ", 7 of which it is not known which of the two."),
        (week(18, 2), "merci : le partage entre les deux révélerait", "thanks: to tell the one from the other would"),
        (week(8, 9, 2), "merci : le partage entre les deux révélerait", "thanks: to tell the one from the other would"),
        (week(3, 1), "En semaine 46, moins de 5 publications", "In week 46, fewer than 5 posts tell a result"),
        (week(0, 0), "cela ne prouve pas que personne n’a trouvé.", "that does not prove that nobody found anything."),
        (weeks(9), "Aucune donnée pour la semaine 46.", "No data for week 46."),
    ],
)
def test_sentences(table: pa.Table, french: str, english: str) -> None:
    assert french in said(table, "fr")
    assert english in said(table, "en")


@given(*[st.integers(0, 12)] * 3)
def test_no_small_part_follows_from_what_is_told(result: int, thanks: int, either: int) -> None:
    rows = public_indicators(week(result, thanks, either)).to_pylist()
    told = {one["stratum"]: one["value"] for one in rows if one["value"] is not None}
    parts = {"result": result, "thanks": thanks, "either": either}
    assert not any(0 < number < 5 for number in told.values())
    assert ("all" in told) is not (0 < sum(parts.values()) < 5)
    if "all" in told:
        left = told.pop("all") - sum(told.values())
        assert not 0 < left < 5


def test_the_doubt_is_the_one_measured_on_posts_held_out(whole: ReleaseData) -> None:
    scores = held_out().by_label["thanks_outcome"]
    assert scores.precision is not None
    for code, text in (("fr", "Le classifieur se trompe"), ("en", "The classifier errs")):
        words = language(code)
        (sentence,) = [
            one for one in outcome_sentences(WEEK, Series(whole.indicators), None, words) if one.startswith(text)
        ]
        assert words.percent(scores.precision) in sentence
        assert sentence in shown(whole, code).html


def test_without_a_final_week_there_is_nothing_to_count() -> None:
    (sentence,) = outcome_sentences(None, Series(weeks()), None, language("en"))
    assert sentence == "Results and thanks are counted by final week: there is none yet."


def test_the_page_tells_the_sum_of_all_weeks(build: Build) -> None:
    page = shown(build(), "en").html.replace("\u00a0", " ")
    assert "posts have told a result or given thanks." in page
    assert str(20 * 17) in page


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((7,), None),
        ((7, 0, 9), SoFar(16, FIRST, True)),
        ((0, 7, 2, 9), SoFar(16, "2026-W07", False)),
        ((2, 3, 0, 0, 0, 0, 0), None),
        ((2, 3, 0, 0, 0, 0, 0, 0), SoFar(5, FIRST, True)),
        ((2, 3, 0, 0, 0, 6, 0, 0, 4), SoFar(11, FIRST, False)),
        ((4, 4, 0, 0, 0, 0, 0, 0), None),
        ((1, 1, 1, 1, 1, 0, 0, 0), None),
        ((4, 0, 0, 0, 0, 0, 0, 20), SoFar(20, FIRST, False)),
    ],
)
def test_small_weeks_enter_the_sum_by_blocks(counts: tuple[int, ...], expected: SoFar | None) -> None:
    assert so_far(weeks(*counts), week_after(FIRST, len(counts) - 1)) == expected


@given(st.lists(st.integers(0, 7), min_size=2, max_size=40))
def test_two_issues_never_differ_by_a_small_count(counts: list[int]) -> None:
    """What the sum holds beyond the weeks that are told themselves grows by nothing or by five at least."""
    hidden = 0
    for place in range(len(counts)):
        found = so_far(weeks(*counts), week_after(FIRST, place))
        before = hidden
        hidden = found.total - sum(one for one in counts[: place + 1] if one >= 5) if found else 0
        assert hidden == before or hidden >= before + 5


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_a_sum_of_small_weeks_leaves_each_of_them_open(few: list[int]) -> None:
    """Brute force: with that sum, no week is the same in all the ways to make it."""
    ways = _ways(len(few), sum(few))
    if may_be_added(few):
        assert sum(few) >= 5
        assert all(len({way[place] for way in ways}) > 1 for place in range(len(few)))


def _ways(number: int, total: int) -> list[tuple[int, ...]]:
    if number == 0:
        return [()] if total == 0 else []
    return [(one, *rest) for one in range(1, 5) if total >= one for rest in _ways(number - 1, total - one)]
