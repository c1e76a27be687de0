"""A multinomial logistic regression whose weights ship as a small array file; only numpy is needed to use it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from transforms.calls.features import BUCKETS
from transforms.calls.posts import LABELS

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` (labels + 1, BUCKETS) and `bias` (labels + 1); the last row is for "on behalf of somebody else".

    `temperature` divides the scores before they become probabilities (fitted on posts not trained on).
    """

    weights: NDArray[np.float32]
    bias: Floats
    temperature: float

    def scores(self, features: Sequence[Mapping[int, float]]) -> tuple[Floats, Floats]:
        """Probabilities (posts, labels) and probability (posts) that a call is for somebody else."""
        raw = np.array([self._raw(post) for post in features]).reshape(len(features), len(self.bias))
        logits = raw[:, : len(LABELS)] / self.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True), 1 / (1 + np.exp(-raw[:, len(LABELS)]))

    def _raw(self, post: Mapping[int, float]) -> Floats:
        buckets = np.fromiter(post.keys(), dtype=np.intp, count=len(post))
        values = np.fromiter(post.values(), dtype=np.float64, count=len(post))
        raw: Floats = values @ self.weights[buckets] + self.bias
        return raw


@lru_cache(maxsize=2)
def load_model(kind: str = "words") -> Model:
    """The weights that ship: ``words`` (cues and n-grams) or ``cues`` (for lexicons without a training set)."""
    data = files("transforms.calls").joinpath(f"weights_{kind}.npz").read_bytes()
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return unpack(arrays["buckets"], arrays["weights"], arrays["bias"], float(arrays["temperature"]))


def unpack(buckets: NDArray[np.int32], rows: NDArray[np.float16], bias: Floats, temperature: float) -> Model:
    """A Model from the non-zero rows of its (BUCKETS, labels + 1) weights."""
    weights = np.zeros((BUCKETS, len(LABELS) + 1), dtype=np.float32)
    weights[buckets] = rows
    return Model(weights, bias.astype(np.float64), temperature)
