"""Trains the call classifier on the development set and reports what it does on the posts held out.

    python benchmarks/train_calls.py            # report: rules and model, with and without words
    python benchmarks/train_calls.py --write    # also fit on every labelled post and write the weights

The figures of the report come from weights fitted on split `dev` alone. What ships is fitted on both splits,
so that no labelled post is wasted; it cannot be scored on them any more.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
from plain_calls import plain_posts
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from transforms.calls import LABELS, Evaluation, PostText, classify, evaluate, load_lexicon
from transforms.calls.cues import CueFinder
from transforms.calls.features import BUCKETS, Features, Reading, hashed, read
from transforms.calls.model import Model, unpack, weigh

HERE = Path(__file__).resolve().parents[1]
LABELLED = HERE / "campaigns" / "labels" / "job_search.jsonl"
PACKAGE = HERE / "transforms" / "calls"
SEED, STRENGTH = 20150926, {"words": 10.0, "cues": 3.0}
# The cues were written with the development posts in view, so there they look surer than they are. Every post is
# therefore also shown COPIES times with most of its cues and some of its words struck out.
COPIES, CUES_STRUCK, WORDS_STRUCK = 3, 0.7, 0.15


def load(path: Path = LABELLED) -> list[dict]:
    """The labelled posts, one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def post_text(row: dict) -> PostText:
    """The part of a labelled row that the classifier may see."""
    keep = ("id", "text", "lang", "author_bio", "is_reply", "has_media")
    return PostText(**{key: row[key] for key in keep}, hashtags=tuple(row["hashtags"]))


def readings(rows: list[dict]) -> list[Reading]:
    """Each of `rows` read once."""
    finder = CueFinder(load_lexicon())
    return [read(post_text(row), finder) for row in rows]


def struck(reading: Reading, rng: random.Random) -> Reading:
    """A copy of `reading` with cues and words missing at random."""
    cues = load_lexicon().cues
    signs = frozenset(s for s in sorted(reading.signs) if s not in cues or rng.random() > CUES_STRUCK)
    general = tuple(word for word in reading.general if rng.random() > WORDS_STRUCK)
    return replace(reading, signs=signs, general=general)


def widened(rows: list[dict]) -> tuple[list[Features], list[dict]]:
    """Features of `rows`, of plain posts, and of struck copies of both; and the row of each."""
    rng = random.Random(SEED)
    rows = rows + plain_posts(SEED)
    pairs = [(hashed(reading), row) for reading, row in zip(readings(rows), rows, strict=True)]
    for reading, row in zip(readings(rows), rows, strict=True):
        pairs += [(hashed(struck(reading, rng)), row) for _ in range(COPIES)]
    return [features for features, _ in pairs], [row for _, row in pairs]


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
    rarity = _rarity([hashed(reading) for reading in readings(rows)])
    weights, bias = _weights(rows, rarity, kind)
    used = np.flatnonzero(np.abs(weights).max(axis=1) > 0).astype(np.int32)
    scale = np.abs(weights).max(axis=0) / 127
    return {
        "buckets": used,
        "weights": np.round(weights[used] / scale).astype(np.int8),
        "scale": scale,
        "bias": bias,
        "rarity": rarity[used].astype(np.float16),
        "rarity_unseen": np.array(rarity.max()),
        "temperature": np.array(_temperature(rows, rarity, kind)),
    }


def _weights(rows: list[dict], rarity: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    posts, shown = widened(rows)
    features = matrix(posts, rarity, kind)
    names = np.array([LABELS.index(row["label"]) for row in shown])
    classes = _regression(kind).fit(features, names)
    calls = np.flatnonzero(names == LABELS.index("call"))
    other = _regression(kind).fit(features[calls], [shown[i]["beneficiary"] == "other" for i in calls])
    return np.vstack([classes.coef_, other.coef_]).T, np.append(classes.intercept_, other.intercept_)


def _rarity(posts: list[Features]) -> np.ndarray:
    """ln((1 + posts) / (1 + posts that have the bucket)) + 1."""
    seen = np.zeros(BUCKETS)
    for post in posts:
        seen[np.unique(np.concatenate([post.words, post.chars]))] += 1
    return (np.log((1 + len(posts)) / (1 + seen)) + 1).astype(np.float32)


def _regression(kind: str) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH[kind] / (1 + COPIES), max_iter=300)


def _temperature(rows: list[dict], rarity: np.ndarray, kind: str) -> float:
    """The divisor of the scores that makes cross-validated probabilities most likely; folds are whole sittings."""
    sittings = np.array([row["id"].partition("-")[0] for row in rows])
    raw, names = [], []
    for sitting in sorted(set(sittings)):
        here = [row for row, of in zip(rows, sittings, strict=True) if of == sitting]
        weights, bias = _weights([row for row, of in zip(rows, sittings, strict=True) if of != sitting], rarity, kind)
        features = matrix([hashed(reading) for reading in readings(here)], rarity, kind)
        raw.append((features @ weights + bias)[:, : len(LABELS)])
        names += [LABELS.index(row["label"]) for row in here]
    grid = np.geomspace(0.4, 4, 60)
    return float(grid[np.argmin([_loss(np.vstack(raw) / t, np.array(names)) for t in grid])])


def _loss(raw: np.ndarray, names: np.ndarray) -> float:
    top = raw.max(axis=1, keepdims=True)
    chances = raw - top - np.log(np.exp(raw - top).sum(axis=1, keepdims=True))
    return float(-chances[np.arange(len(names)), names].mean())


def report(train: list[dict], test: list[dict], kind: str) -> Evaluation:
    """Scores on `test` of a model fitted on `train`, printed."""
    found = classify([post_text(row) for row in test], model=fit(train, kind))
    result = evaluate([row["label"] for row in test], [label.label for label in found])
    print(f"\n{kind}: trained on {len(train)}, tested on {len(test)}")
    print(result)
    calls = [(row, label) for row, label in zip(test, found, strict=True) if row["label"] == label.label == "call"]
    right = sum(row["beneficiary"] == label.beneficiary for row, label in calls)
    print(f"beneficiary right in {right} of {len(calls)} calls found")
    return result


def write(rows: list[dict], held_out: Evaluation) -> None:
    """Fit on all `rows` and write the weights, and what was measured on the posts held out, beside the package."""
    path = PACKAGE / "weights.npz"
    np.savez_compressed(path, **pack(rows, "words"))
    counts = {true: dict(zip(LABELS, map(int, held_out.confusion[i]), strict=True)) for i, true in enumerate(LABELS)}
    (PACKAGE / "held_out.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")
    print(path.name, f"{path.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    """Report, and with --write fit the weights that ship."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    rows = load()
    dev, held = ([row for row in rows if row["split"] == split] for split in ("dev", "heldout"))
    results = {kind: report(dev, held, kind) for kind in STRENGTH}
    if parser.parse_args().write:
        write(rows, results["words"])


if __name__ == "__main__":
    main()
