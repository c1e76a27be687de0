"""Calls without any answer: by age, and never so few that they could be told apart."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.report import CALLS, mature_calls
from transforms.report.language import language
from transforms.report.unanswered import merged_ages, unanswered


@given(st.lists(st.floats(7, 400), min_size=5, max_size=60))
def test_classes_of_age_hold_everybody_and_never_a_few(ages: list[float]) -> None:
    bins = merged_ages(ages)
    assert sum(count for _, _, count in bins) == len(ages)
    assert all(count == 0 or count >= 5 for _, _, count in bins)
    ends = [(first, after) for first, after, _ in bins]
    assert ends[0][0] == 0
    assert ends[-1][1] is None
    assert all(one[1] == other[0] for one, other in itertools.pairwise(ends))


def calls(*open_ages: float, answered: int = 20) -> pa.Table:
    is_answered = [False] * len(open_ages) + [True] * answered
    return pa.table({"age_days": [*open_ages, *[30.0] * answered], "is_answered": is_answered}, schema=CALLS)


@pytest.mark.parametrize(
    ("table", "french", "english"),
    [
        (calls(answered=0), "Aucun appel n’a encore achevé son suivi.", "No call has been fully followed yet."),
        (calls(), "Tous les appels au suivi achevé ont reçu", "Every fully followed call had"),
        (calls(8.0, 9.0), "Moins de 5 appels", "Fewer than 5"),
        (calls(*[8.0] * 7), "7 appels au suivi achevé", "7 fully followed calls had no answer, out of 27."),
    ],
)
def test_sentences(table: pa.Table, french: str, english: str) -> None:
    assert unanswered(table, language("fr")).text.startswith(french)
    assert unanswered(table, language("en")).text.startswith(english)


def test_mature_calls_count_a_person_as_answer_but_no_organiser() -> None:
    as_of = datetime(2026, 11, 23, tzinfo=UTC)
    called = [as_of - timedelta(days=days) for days in (10, 20, 30, 2)]
    episodes = pa.table(
        {"episode_id": ["a", "b", "c", "young"], "t_call": called, "is_mature": [True, True, True, False]}
    )
    mobilisations = pa.table({"episode_id": ["a", "b", "young"], "role": ["person", "organiser", "person"]})
    rows = mature_calls(episodes, mobilisations, as_of).to_pylist()
    assert rows == [
        {"age_days": 30.0, "is_answered": False},
        {"age_days": 20.0, "is_answered": False},
        {"age_days": 10.0, "is_answered": True},
    ]
