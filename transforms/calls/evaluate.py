"""How good the labels are: scores by class with 95 % intervals, and draws that carry the errors into an analysis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.calls.posts import LABELS, LabelName
from transforms.proportions import Interval, wilson


@dataclass(frozen=True, slots=True)
class ClassScores:
    """Scores of one label with 95 % intervals; None where a denominator is 0. `support`: posts that truly have it."""

    precision: float | None
    precision_interval: Interval
    recall: float | None
    recall_interval: Interval
    f1: float
    f1_interval: Interval
    support: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores by label, macro-F1 over the labels that occur, and the confusion counts (true, predicted) as LABELS."""

    by_label: dict[LabelName, ClassScores]
    macro_f1: float
    macro_f1_interval: Interval
    accuracy: float
    confusion: NDArray[np.int64]

    def __str__(self) -> str:
        lines = [f"{'label':16}{'precision':>22}{'recall':>22}{'F1':>22}{'n':>6}"]
        for name, scores in self.by_label.items():
            cells = (
                _cell(scores.precision, scores.precision_interval),
                _cell(scores.recall, scores.recall_interval),
                _cell(scores.f1, scores.f1_interval),
            )
            lines.append(f"{name:16}" + "".join(f"{cell:>22}" for cell in cells) + f"{scores.support:6}")
        macro = _cell(self.macro_f1, self.macro_f1_interval)
        return "\n".join([*lines, f"macro-F1 {macro}, accuracy {self.accuracy:.3f}"])


def evaluate(
    truth: Sequence[LabelName], predicted: Sequence[LabelName], draws: int = 2000, seed: int = 20150926
) -> Evaluation:
    """Compare `predicted` with `truth`, post by post.

    Precision and recall with Wilson's interval, F1 and macro-F1 with the percentile bootstrap over posts
    (`draws`, `seed`). Macro-F1 is the mean over the labels that occur in `truth` or `predicted`.
    Raises ValueError if the two differ in length or are empty.
    """
    if len(truth) != len(predicted) or not truth:
        raise ValueError(f"{len(truth)} true labels against {len(predicted)} predicted ones; both must be as many")
    return score(_confusion(truth, predicted), draws, seed)


@lru_cache(maxsize=1)
def held_out() -> Evaluation:
    """Scores on the labelled posts held out, by weights fitted without them (benchmarks/train_calls.py)."""
    counts = json.loads(files("transforms.calls").joinpath("held_out.json").read_text("utf-8"))
    return score(np.array([[counts[true][guess] for guess in LABELS] for true in LABELS], dtype=np.int64))


def score(confusion: NDArray[np.int64], draws: int = 2000, seed: int = 20150926) -> Evaluation:
    """The Evaluation of counts (true, predicted), both in the order of LABELS."""
    samples = _resampled(confusion, draws, np.random.default_rng(seed))
    occurs = confusion.sum(0) + confusion.sum(1) > 0
    f1_samples = _f1(samples)
    by_label = {
        name: _class_scores(confusion, index, f1_samples[:, index])
        for index, name in enumerate(LABELS)
        if occurs[index]
    }
    macro = f1_samples[:, occurs].mean(axis=1)
    return Evaluation(
        by_label=by_label,
        macro_f1=float(_f1(confusion[None])[0, occurs].mean()),
        macro_f1_interval=_percentiles(macro),
        accuracy=float(np.trace(confusion) / confusion.sum()),
        confusion=confusion,
    )


def confusion_resample(
    labels: Sequence[LabelName], confusion: NDArray[np.int64], rng: np.random.Generator
) -> list[LabelName]:
    """Draw true labels for the predicted `labels`, to carry the classifier's errors into an analysis.

    The truth behind a predicted label is drawn by the shares of that label's column of `confusion` (true, predicted).
    These shares are themselves drawn, from Dirichlet(counts + 1/2), where the half (Jeffreys) is added on the diagonal
    and to cells with counts: few labelled posts give wide draws. The held-out posts have more traps than the stream, so
    errors are overstated.
    """
    shares = {name: rng.dirichlet(_prior(confusion[:, LABELS.index(name)], LABELS.index(name))) for name in LABELS}
    return [LABELS[int(rng.choice(len(LABELS), p=shares[name]))] for name in labels]


def _prior(column: NDArray[np.int64], diagonal: int) -> NDArray[np.float64]:
    seen = (column > 0).astype(float)
    seen[diagonal] = 1.0
    prior: NDArray[np.float64] = column + 0.5 * seen + 1e-9
    return prior


def _confusion(truth: Sequence[LabelName], predicted: Sequence[LabelName]) -> NDArray[np.int64]:
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=np.int64)
    for true, guess in zip(truth, predicted, strict=True):
        counts[LABELS.index(true), LABELS.index(guess)] += 1
    return counts


def _resampled(confusion: NDArray[np.int64], draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    total = int(confusion.sum())
    samples = rng.multinomial(total, confusion.ravel() / total, size=draws)
    return samples.reshape(draws, *confusion.shape)


def _f1(confusions: NDArray[np.int64]) -> NDArray[np.float64]:
    """F1 (tables, labels) = 2 TP / (2 TP + FP + FN); 0 where the label occurs nowhere."""
    right = np.diagonal(confusions, axis1=1, axis2=2)
    sides = confusions.sum(axis=1) + confusions.sum(axis=2)
    scores: NDArray[np.float64] = np.divide(2.0 * right, sides, out=np.zeros(right.shape), where=sides > 0)
    return scores


def _class_scores(confusion: NDArray[np.int64], index: int, samples: NDArray[np.float64]) -> ClassScores:
    right, guessed, true = int(confusion[index, index]), int(confusion[:, index].sum()), int(confusion[index].sum())
    return ClassScores(
        precision=right / guessed if guessed else None,
        precision_interval=wilson(right, guessed),
        recall=right / true if true else None,
        recall_interval=wilson(right, true),
        f1=float(_f1(confusion[None])[0, index]),
        f1_interval=_percentiles(samples),
        support=true,
    )


def _percentiles(samples: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Interval(float(low), float(high))


def _cell(value: float | None, interval: Interval) -> str:
    if value is None:
        return "-"
    return f"{value:.3f} [{interval[0]:.2f}, {interval[1]:.2f}]"
