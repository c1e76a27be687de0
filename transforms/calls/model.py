"""A multinomial logistic regression whose weights ship as a small array file; only numpy is needed to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.calls.features import BUCKETS, Buckets, Features
from transforms.calls.posts import LABELS

Floats = NDArray[np.float64]
SIGN_WEIGHT, PAIR_WEIGHT, GRAM_WEIGHT = 0.5, 0.2, 3.0


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` (BUCKETS, labels + 1) and `bias` (labels + 1); the last column is for "on behalf of somebody else".

    `meaning` (dimensions, labels + 1) weighs the vectors of meaning.py; `rarity` (BUCKETS) weighs n-grams;
    `temperature` divides the scores before they become probabilities (fitted on posts not trained on); `with_words`
    false leaves the n-grams out, to see what they add.
    """

    weights: NDArray[np.float32]
    meaning: NDArray[np.float32]
    bias: Floats
    rarity: NDArray[np.float32]
    temperature: float
    with_words: bool

    def scores(self, posts: Sequence[Features], meanings: NDArray[np.float32]) -> tuple[Floats, Floats]:
        """Probabilities (posts, labels) and probability (posts) that a call is for somebody else.

        `meanings` (posts, dimensions): their vectors.
        """
        raw = np.array([self._raw(post) for post in posts]).reshape(len(posts), len(self.bias))
        raw += meanings @ self.meaning
        logits = raw[:, : len(LABELS)] / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-raw[:, len(LABELS)]))

    def _raw(self, post: Features) -> Floats:
        buckets, values = weigh(post, self.rarity, self.with_words)
        raw: Floats = values @ self.weights[buckets] + self.bias
        return raw


def weigh(post: Features, rarity: NDArray[np.float32], with_words: bool) -> tuple[Buckets, Floats]:
    """Buckets and values of `post`: signs and pairs as they are, n-grams as unit vectors of (1 + ln count) · rarity."""
    parts = [
        (post.signs, np.full(len(post.signs), SIGN_WEIGHT)),
        (post.pairs, np.full(len(post.pairs), PAIR_WEIGHT)),
    ]
    if with_words:
        parts += [_unit(post.words, rarity), _unit(post.chars, rarity)]
    return np.concatenate([buckets for buckets, _ in parts]), np.concatenate([values for _, values in parts])


def _unit(grams: Buckets, rarity: NDArray[np.float32]) -> tuple[Buckets, Floats]:
    buckets, counts = np.unique(grams, return_counts=True)
    values: Floats = (1 + np.log(counts.astype(np.float64))) * rarity[buckets].astype(np.float64)
    return buckets, GRAM_WEIGHT * values / (float(np.sqrt(values @ values)) or 1.0)


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The weights that ship, fitted by benchmarks/train_calls.py on every labelled post."""
    data = files("transforms.calls").joinpath("weights.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return unpack(dict(arrays.items()))


def unpack(arrays: Mapping[str, NDArray[Any]], with_words: bool = True) -> Model:
    """A Model from the arrays of its file: 8-bit weights of the buckets in use, with one scale a column."""
    weights = np.zeros((BUCKETS, len(LABELS) + 1), dtype=np.float32)
    weights[arrays["buckets"]] = arrays["weights"].astype(np.float32) * arrays["scale"].astype(np.float32)
    rarity = np.full(BUCKETS, float(arrays["rarity_unseen"]), dtype=np.float32)
    rarity[arrays["buckets"]] = arrays["rarity"].astype(np.float32)
    meaning = arrays["meaning"].astype(np.float32)
    return Model(weights, meaning, arrays["bias"].astype(np.float64), rarity, float(arrays["temperature"]), with_words)
