"""Fitting the call classifier's weights: how posts are shown to it, the regression, the temperature."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from logistic import Rows, fit_classes, fit_yes_no
from plain_calls import plain_posts
from scipy.sparse import csr_matrix

from transforms.calls import LABELS, LEXICONS, PostText, load_lexicon
from transforms.calls.cues import CueFinder
from transforms.calls.features import BUCKETS, Features, ReadPost, hashed, read
from transforms.calls.meaning import meanings
from transforms.calls.model import Model, unpack, weigh

LABELLED = Path(__file__).resolve().parents[1] / "campaigns" / "labels"
SEED, STRENGTH = 20150926, 8.0
MEANING_SCALES = (1.6, 0.8, 0.8, 1.0, 0.5, 0.5, 0.5)  # of transforms.calls.meaning.PARTS; n-grams weigh 3
# What the model is told, from all of it to the cues alone.
KINDS = {"all": ("words", "meaning"), "without vectors": ("words",), "cues alone": ()}
# The cues were written with the development posts in view, so there they look surer than they are. Every post is
# therefore also shown COPIES times with most of its cues and some of its words struck out.
COPIES, CUES_STRUCK, WORDS_STRUCK = 3, 0.7, 0.15
FOLDS = 6


def load() -> list[dict]:
    """The labelled posts of all four campaigns; `lexicon` says of which."""
    return [
        {**json.loads(line), "lexicon": name}
        for name in LEXICONS
        for line in (LABELLED / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]


def post_text(row: dict) -> PostText:
    """The part of a labelled row that the classifier may see."""
    keep = ("id", "text", "lang", "author_bio", "is_reply", "has_media")
    return PostText(**{key: row[key] for key in keep}, hashtags=tuple(row["hashtags"]))


def sitting(row: dict) -> str:
    """The sitting in which the post was written: the beginning of its id."""
    return str(row["id"]).partition("-")[0]


def struck(reading: ReadPost, rng: random.Random) -> ReadPost:
    """A copy of `reading` with cues and words missing at random."""
    cues = load_lexicon().cues
    signs = frozenset(s for s in sorted(reading.signs) if s not in cues or rng.random() > CUES_STRUCK)
    general = tuple(word for word in reading.general if rng.random() > WORDS_STRUCK)
    return replace(reading, signs=signs, general=general)


class Shown:
    """Labelled `rows`, then the plain posts, read once: features of each and of its struck copies, and its vectors."""

    def __init__(self, rows: list[dict]) -> None:
        rng, finders = random.Random(SEED), {name: CueFinder(load_lexicon(name)) for name in LEXICONS}
        self.num_rows = len(rows)
        self.rows = rows + plain_posts(SEED)
        readings = [read(post_text(row), finders[row.get("lexicon", LEXICONS[0])]) for row in self.rows]
        self.features = [
            [hashed(reading), *(hashed(struck(reading, rng)) for _ in range(COPIES))] for reading in readings
        ]
        self.vectors = meanings(readings)

    def of_split(self, split: str) -> list[int]:
        """Places of the labelled rows of `split`, and of all plain posts."""
        return [i for i, row in enumerate(self.rows) if i >= self.num_rows or row["split"] == split]


def fit(shown: Shown, places: Sequence[int], kind: str = "all") -> Model:
    """Weights fitted on the posts at `places`, as they would be read back from a file; scores are not tempered."""
    return unpack(pack(shown, places, kind, 1.0), "words" in KINDS[kind])


def pack(shown: Shown, places: Sequence[int], kind: str, temperature: float) -> dict[str, np.ndarray]:
    """Arrays of the weights file (see transforms.calls.model.unpack) fitted on the posts at `places`."""
    rarity = _rarity([shown.features[i][0] for i in places])
    weights, bias = _weights(shown, places, rarity, kind)
    grams, meaning = weights[:BUCKETS], weights[BUCKETS:]
    used = np.flatnonzero(np.abs(grams).max(axis=1) > 0).astype(np.int32)
    scale = np.abs(grams).max(axis=0) / 127
    return {
        "buckets": used,
        "weights": np.round(grams[used] / scale).astype(np.int8),
        "scale": scale,
        "meaning": meaning.astype(np.float16),
        "bias": bias,
        "rarity": rarity[used].astype(np.float16),
        "rarity_unseen": np.array(rarity.max()),
        "temperature": np.array(temperature),
    }


def tempered(shown: Shown, kind: str) -> float:
    """The divisor of the scores that makes cross-validated probabilities most likely; sittings are never split."""
    places = np.arange(len(shown.rows))
    names = sorted({sitting(row) for row in shown.rows[: shown.num_rows]})
    fold = np.array([names.index(sitting(row)) % FOLDS for row in shown.rows[: shown.num_rows]])
    fold = np.append(fold, np.full(len(places) - shown.num_rows, -1))  # plain posts are never tested on
    raw = [_raw(shown, places[fold != one], places[fold == one], kind) for one in range(FOLDS)]
    truth = [LABELS.index(shown.rows[i]["label"]) for one in range(FOLDS) for i in places[fold == one]]
    grid = np.geomspace(0.4, 4, 60)
    return float(grid[np.argmin([_loss(np.vstack(raw) / t, np.array(truth)) for t in grid])])


def _raw(shown: Shown, train: Sequence[int], test: Sequence[int], kind: str) -> np.ndarray:
    rarity = _rarity([shown.features[i][0] for i in train])
    weights, bias = _weights(shown, train, rarity, kind)
    grams = matrix([shown.features[i][0] for i in test], rarity, kind)
    return (grams @ weights[:BUCKETS] + shown.vectors[list(test)] @ weights[BUCKETS:] + bias)[:, : len(LABELS)]


def _loss(raw: np.ndarray, names: np.ndarray) -> float:
    top = raw.max(axis=1, keepdims=True)
    chances = raw - top - np.log(np.exp(raw - top).sum(axis=1, keepdims=True))
    return float(-chances[np.arange(len(names)), names].mean())


def _weights(shown: Shown, places: Sequence[int], rarity: np.ndarray, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Of every bucket and every coordinate of a vector (BUCKETS + dimensions, labels + 1), and the bias."""
    copies = [(post, features) for post, i in enumerate(places) for features in shown.features[i]]
    vectors = shown.vectors[list(places)].astype(np.float64)
    centre, scale = _scaling(vectors)
    told = (vectors - centre) * scale * ("meaning" in KINDS[kind])
    rows = Rows(matrix([f for _, f in copies], rarity, kind), told, np.array([post for post, _ in copies]))
    truth = [shown.rows[i] for i in places]
    names = np.array([LABELS.index(truth[post]["label"]) for post, _ in copies])
    calls = np.flatnonzero(names == LABELS.index("call"))
    other = np.array([truth[copies[c][0]]["beneficiary"] == "other" for c in calls])
    fitted = (
        fit_classes(rows, names, STRENGTH / (1 + COPIES)),
        fit_yes_no(rows.of(calls), other, STRENGTH / (1 + COPIES)),
    )
    weights, bias = np.hstack([part for part, _ in fitted]), np.concatenate([part for _, part in fitted])
    weights[BUCKETS:] *= scale[:, None]
    return weights, bias - centre @ weights[BUCKETS:]


def matrix(posts: list[Features], rarity: np.ndarray, kind: str) -> csr_matrix:
    """Features (posts, BUCKETS)."""
    weighed = [weigh(post, rarity, "words" in KINDS[kind]) for post in posts]
    indptr = np.cumsum([0] + [len(buckets) for buckets, _ in weighed])
    columns, values = (np.concatenate([part[side] for part in weighed]) for side in (0, 1))
    return csr_matrix((values, columns, indptr), (len(posts), BUCKETS))


def _scaling(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of every coordinate, and what brings the typical distance from it to the scale of its part."""
    centre = vectors.mean(axis=0)
    parts = np.split(vectors - centre, len(MEANING_SCALES), axis=1)
    spreads = [np.sqrt((part**2).sum(axis=1).mean()) for part in parts]
    return centre, np.repeat([a / b for a, b in zip(MEANING_SCALES, spreads, strict=True)], len(centre) // len(parts))


def _rarity(posts: list[Features]) -> np.ndarray:
    """ln((1 + posts) / (1 + posts that have the bucket)) + 1."""
    seen = np.zeros(BUCKETS)
    for post in posts:
        seen[np.unique(np.concatenate([post.words, post.chars]))] += 1
    return (np.log((1 + len(posts)) / (1 + seen)) + 1).astype(np.float32)
