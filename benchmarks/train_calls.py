"""Trains the call classifier on the development set and reports what it does on the posts held out.

    python benchmarks/train_calls.py            # report: rules and model, with and without words
    python benchmarks/train_calls.py --write    # also fit on every labelled post and write the weights

The figures of the report come from weights fitted on split `dev` alone. What ships is fitted on both splits,
so that no labelled post is wasted; it cannot be scored on them any more.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from transforms.calls import LABELS, PostText, classify, evaluate, load_lexicon
from transforms.calls.cues import CueFinder
from transforms.calls.features import BUCKETS, hashed, read
from transforms.calls.model import Model, unpack

HERE = Path(__file__).resolve().parents[1]
LABELLED = HERE / "campaigns" / "labels" / "job_search.jsonl"
PACKAGE = HERE / "transforms" / "calls"
SEED, STRENGTH = 20150926, {"words": 3.0, "cues": 1.0}


def load(path: Path = LABELLED) -> list[dict]:
    """The labelled posts, one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def post_text(row: dict) -> PostText:
    """The part of a labelled row that the classifier may see."""
    keep = ("id", "text", "lang", "author_bio", "is_reply", "has_media")
    return PostText(**{key: row[key] for key in keep}, hashtags=tuple(row["hashtags"]))


def matrix(rows: list[dict], kind: str) -> csr_matrix:
    """Features (posts, BUCKETS) of `rows`."""
    finder = CueFinder(load_lexicon())
    posts = [hashed(read(post_text(row), finder), kind == "words") for row in rows]
    indptr = np.cumsum([0] + [len(post) for post in posts])
    columns = [bucket for post in posts for bucket in post]
    return csr_matrix(([v for post in posts for v in post.values()], columns, indptr), (len(posts), BUCKETS))


def fit(rows: list[dict], kind: str = "words") -> Model:
    """Weights fitted on `rows`, as they would be read back from the shipped file."""
    return unpack(*pack(rows, kind))


def pack(rows: list[dict], kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Non-zero buckets, their weights (float16), bias and temperature fitted on `rows`."""
    features = matrix(rows, kind)
    names = np.array([LABELS.index(row["label"]) for row in rows])
    classes = _regression(STRENGTH[kind]).fit(features, names)
    calls = np.flatnonzero(names == LABELS.index("call"))
    other = _regression(STRENGTH[kind]).fit(features[calls], [rows[i]["beneficiary"] == "other" for i in calls])
    weights = np.vstack([classes.coef_, other.coef_]).T
    used = np.flatnonzero(np.abs(weights).max(axis=1) > 1e-3).astype(np.int32)
    bias = np.append(classes.intercept_, other.intercept_)
    return used, weights[used].astype(np.float16), bias, _temperature(features, names, kind)


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=500)


def _temperature(features: csr_matrix, names: np.ndarray, kind: str) -> float:
    """The divisor of the scores that makes cross-validated probabilities most likely."""
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    raw = cross_val_predict(_regression(STRENGTH[kind]), features, names, cv=folds, method="decision_function")
    grid = np.geomspace(0.4, 2.5, 40)
    return float(grid[np.argmin([_loss(raw / t, names) for t in grid])])


def _loss(raw: np.ndarray, names: np.ndarray) -> float:
    top = raw.max(axis=1, keepdims=True)
    chances = raw - top - np.log(np.exp(raw - top).sum(axis=1, keepdims=True))
    return float(-chances[np.arange(len(names)), names].mean())


def report(train: list[dict], test: list[dict], kind: str) -> None:
    """Print scores by class of a model fitted on `train`, on `test`."""
    found = classify([post_text(row) for row in test], model=fit(train, kind))
    result = evaluate([row["label"] for row in test], [label.label for label in found])
    print(f"\n{kind}: trained on {len(train)}, tested on {len(test)}")
    print(result)
    calls = [(row, label) for row, label in zip(test, found, strict=True) if row["label"] == label.label == "call"]
    right = sum(row["beneficiary"] == label.beneficiary for row, label in calls)
    print(f"beneficiary right in {right} of {len(calls)} calls found")


def write(rows: list[dict]) -> None:
    """Fit on all `rows` and write the weights beside the package."""
    for kind in STRENGTH:
        buckets, weights, bias, temperature = pack(rows, kind)
        path = PACKAGE / f"weights_{kind}.npz"
        np.savez_compressed(path, buckets=buckets, weights=weights, bias=bias, temperature=np.array(temperature))
        print(path.name, f"{path.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    """Report, and with --write fit the weights that ship."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    rows = load()
    dev, held = ([row for row in rows if row["split"] == split] for split in ("dev", "heldout"))
    for kind in STRENGTH:
        report(dev, held, kind)
    if parser.parse_args().write:
        write(rows)


if __name__ == "__main__":
    main()
