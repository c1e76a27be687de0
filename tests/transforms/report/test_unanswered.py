"""Calls without any answer: told by whole weeks of calls, from told cells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from passerelle.weeks import week_after
from tests.transforms.report.conftest import WEEK, truth_of, week_counts
from transforms.report import Told, tell, unanswered_episodes
from transforms.report.chains import ANSWERED, FIRST, STRANGER
from transforms.report.language import language
from transforms.report.unanswered import by_age, unanswered


def told(*open_: int, answered: int = 20) -> Told:
    """Weeks up to `WEEK`, the newest first: so many calls without answer, and as many answered within an hour."""
    weeks = {}
    for back, number in reversed(list(enumerate(open_))):
        cells = dict.fromkeys(ANSWERED, 0) | {"1h": answered, "none": number, "immature": 0, "repeats": 0}
        weeks[week_after(WEEK, -back)] = {**week_counts(back), FIRST: cells, STRANGER: cells}
    return tell(truth_of(weeks))


@pytest.mark.parametrize(
    ("cells", "french", "english"),
    [
        (told(0, answered=0), "Aucun appel n’a encore achevé son suivi.", "No call has been fully followed yet."),
        (told(1), "Le nombre arrondi des appels", "The rounded number of fully followed calls without answer is 0."),
        (told(7), "Environ 5 appels au suivi achevé", "About 5 fully followed calls had no answer, out of 25."),
    ],
)
def test_sentences(cells: Told, french: str, english: str) -> None:
    assert unanswered(cells, language("fr")).text.startswith(french)
    assert unanswered(cells, language("en")).text.startswith(english)


def test_ages_are_whole_weeks_of_calls_and_add_up() -> None:
    cells = told(*[8] * 15)
    assert list(by_age(cells)) == [(1, 2, 20), (3, 4, 20), (5, 12, 80), (13, None, 30)]
    sheet = unanswered(cells, language("en")).sheet
    assert sheet is not None
    assert [row[0] for row in sheet.rows] == [
        "the last 2 weeks",
        "weeks 3 to 4 back",
        "weeks 5 to 12 back",
        "13 weeks and more",
    ]


def test_the_list_counts_a_person_as_answer_but_no_organiser() -> None:
    as_of = datetime(2026, 11, 23, tzinfo=UTC)
    called = [as_of - timedelta(days=days) for days in (10, 20, 30, 2)]
    episodes = pa.table(
        {"episode_id": ["a", "b", "c", "young"], "t_call": called, "is_mature": [True, True, True, False]}
    )
    mobilisations = pa.table({"episode_id": ["a", "b", "young"], "role": ["person", "organiser", "person"]})
    assert unanswered_episodes(episodes, mobilisations)["episode_id"].to_pylist() == ["c", "b"]
