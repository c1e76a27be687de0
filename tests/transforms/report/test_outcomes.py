"""Results and thanks: told with the classifier's doubt, and never so few that they could be found."""

from __future__ import annotations

import pytest

from passerelle.weeks import week_after
from tests.transforms.report.conftest import WEEK, Build, shown, told_data, truth_of, week_counts
from transforms.calls import held_out
from transforms.report import EXACT, PUBLIC, ReleaseData, tell
from transforms.report.chains import OUTCOMES
from transforms.report.disclosure import Grain
from transforms.report.language import language
from transforms.report.outcomes import outcome_sentences
from transforms.report.series import Series


def said(result: int, thanks: int, either: int, code: str, grain: Grain = PUBLIC) -> str:
    cells = {"result": result, "thanks": thanks, "either": either}
    data = told_data(tell(truth_of({WEEK: {**week_counts(1), OUTCOMES: cells}}), grain=grain))
    series = Series(data["indicators"])
    return outcome_sentences(WEEK, series, data["told"], language(code))[0].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("counts", "french", "english"),
    [
        (
            (11, 6, 0),
            "environ 15 publications disent un résultat ou un merci : 10 avec un résultat (emploi, contrat,",
            "about 15 posts tell a result or give thanks: 10 with a result (a job, a contract, an interview",
        ),
        ((8, 0, 0), "aucune avec un merci seulement.", "none with thanks alone."),
        ((0, 8, 0), "merci : aucune avec un résultat (", "thanks: none with a result ("),
        ((8, 9, 7), ", 10 dont on ne sait lequel des deux.", ", 10 of which it is not known which of the two."),
        ((1, 1, 0), "un merci est 0 : cela ne prouve pas", "give thanks is 0: that does not prove"),
    ],
)
def test_sentences(counts: tuple[int, int, int], french: str, english: str) -> None:
    assert french in said(*counts, "fr")
    assert english in said(*counts, "en")


def test_the_restricted_edition_says_the_exact_number() -> None:
    assert "17 posts tell a result or give thanks: 11 with a result" in said(11, 6, 0, "en", EXACT)
    assert "that does not prove that nobody found anything" in said(0, 0, 0, "en", EXACT)


def test_the_doubt_is_the_one_measured_on_posts_held_out(whole: ReleaseData) -> None:
    scores = held_out().by_label["thanks_outcome"]
    assert scores.precision is not None
    for code, text in (("fr", "Le classifieur se trompe"), ("en", "The classifier errs")):
        words = language(code)
        told = outcome_sentences(WEEK, Series(whole.indicators), whole.told, words)
        (sentence,) = [one for one in told if one.startswith(text)]
        assert words.percent(scores.precision) in sentence
        assert sentence in shown(whole, code).html


def test_without_a_final_week_there_is_nothing_to_count() -> None:
    none = told_data(tell(truth_of({})))
    (sentence,) = outcome_sentences(None, Series(none["indicators"]), none["told"], language("en"))
    assert sentence == "Results and thanks are counted by final week: there is none yet."


def test_the_page_tells_the_sum_of_what_was_told(build: Build) -> None:
    page = shown(build(), "en").html.replace("\u00a0", " ")
    assert "about 300 posts have told a result or given thanks." in page, "20 weeks of 17, each told as 15"
    assert week_after(WEEK, -19)[-2:] in page
