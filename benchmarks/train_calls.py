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
from transforms.calls.features import BUCKETS, Features, hashed, read
from transforms.calls.model import Model, unpack, weigh

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


def readings(rows: list[dict]) -> list[Features]:
    """What the model is told about each of `rows`."""
    finder = CueFinder(load_lexicon())
    return [hashed(read(post_text(row), finder)) for row in rows]


def matrix(posts: list[Features], rarity: np.ndarray, kind: str) -> csr_matrix:
    """Features (posts, BUCKETS)."""
    weighed = [weigh(post, rarity, kind == "words") for post in posts]
    indptr = np.cumsum([0] + [len(buckets) for buckets, _ in weighed])
    columns, values = (np.concatenate([part[side] for part in weighed]) for side in (0, 1))
    return csr_matrix((values, columns, indptr), (len(posts), BUCKETS))


def fit(rows: list[dict], kind: str = "words") -> Model:
    """Weights fitted on `rows`, as they would be read back from the shipped file."""
    return unpack(pack(rows, kind), kind == "words")


def pack(rows: list[dict], kind: str) -> dict[str, np.ndarray]:
    """Arrays of the weights file (see transforms.calls.model.unpack) fitted on `rows`."""
    posts = readings(rows)
    rarity = _rarity(posts)
    features = matrix(posts, rarity, kind)
    names = np.array([LABELS.index(row["label"]) for row in rows])
    classes = _regression(kind).fit(features, names)
    calls = np.flatnonzero(names == LABELS.index("call"))
    other = _regression(kind).fit(features[calls], [rows[i]["beneficiary"] == "other" for i in calls])
    weights = np.vstack([classes.coef_, other.coef_]).T
    used = np.flatnonzero(np.asarray(abs(features).sum(axis=0)).ravel() > 0).astype(np.int32)
    scale = np.abs(weights).max(axis=0) / 127
    return {
        "buckets": used,
        "weights": np.round(weights[used] / scale).astype(np.int8),
        "scale": scale,
        "bias": np.append(classes.intercept_, other.intercept_),
        "rarity": rarity[used].astype(np.float16),
        "rarity_unseen": np.array(rarity.max()),
        "temperature": np.array(_temperature(features, names, kind)),
    }


def _rarity(posts: list[Features]) -> np.ndarray:
    """ln((1 + posts) / (1 + posts that have the bucket)) + 1."""
    seen = np.zeros(BUCKETS)
    for post in posts:
        seen[np.unique(np.concatenate([post.words, post.chars]))] += 1
    return (np.log((1 + len(posts)) / (1 + seen)) + 1).astype(np.float32)


def _regression(kind: str) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[kind], max_iter=500)


def _temperature(features: csr_matrix, names: np.ndarray, kind: str) -> float:
    """The divisor of the scores that makes cross-validated probabilities most likely."""
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    raw = cross_val_predict(_regression(kind), features, names, cv=folds, method="decision_function")
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
        path = PACKAGE / f"weights_{kind}.npz"
        np.savez_compressed(path, **pack(rows, kind))
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
