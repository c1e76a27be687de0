"""Scores of labels against published values and by hand, and draws that carry errors on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transforms.calls import LABELS, confusion_resample, evaluate, held_out


def test_scores_by_hand() -> None:
    truth = ["call", "call", "call", "offer", "offer", "other"]
    guess = ["call", "call", "offer", "offer", "call", "other"]
    result = evaluate(truth, guess)
    call = result.by_label["call"]
    assert (call.precision, call.recall, call.support) == (2 / 3, 2 / 3, 3)
    assert call.f1 == pytest.approx(2 / 3)
    assert result.macro_f1 == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert result.accuracy == pytest.approx(4 / 6)
    assert result.confusion[LABELS.index("call"), LABELS.index("offer")] == 1


def test_a_label_never_guessed_has_no_precision() -> None:
    scores = evaluate(["call", "other"], ["other", "other"]).by_label["call"]
    assert scores.precision is None
    assert scores.recall == 0


def test_intervals_hold_the_estimate_and_narrow_with_posts() -> None:
    few = evaluate(["call", "offer"] * 10, ["call", "offer"] * 9 + ["offer", "offer"])
    many = evaluate(["call", "offer"] * 100, (["call", "offer"] * 9 + ["offer", "offer"]) * 10)
    assert few.macro_f1_interval[0] <= few.macro_f1 <= few.macro_f1_interval[1]
    widths = [high - low for low, high in (few.macro_f1_interval, many.macro_f1_interval)]
    assert widths[1] < widths[0]


def test_labels_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 true labels against 1"):
        evaluate(["call", "call"], ["call"])


def test_resampled_labels_follow_the_confusion() -> None:
    confusion = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
    np.fill_diagonal(confusion, 1000)
    confusion[LABELS.index("offer"), LABELS.index("call")] = 250  # of posts labelled call, one in five is an offer
    drawn = confusion_resample(["call"] * 20_000, confusion, np.random.default_rng(1))
    assert set(drawn) == {"call", "offer"}
    assert drawn.count("offer") / len(drawn) == pytest.approx(0.2, abs=0.04)


def test_resampling_is_repeatable_by_its_seed() -> None:
    confusion = held_out().confusion
    draws = [confusion_resample(["call", "relay"] * 50, confusion, np.random.default_rng(7)) for _ in range(2)]
    assert draws[0] == draws[1]


def test_scores_that_ship_are_of_the_posts_held_out() -> None:
    assert int(held_out().confusion.sum()) >= 300
    assert set(held_out().by_label) == set(LABELS)


def test_the_documentation_shows_the_scores_that_ship() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "classifier.md").read_text("utf-8")
    assert str(held_out()) in page
