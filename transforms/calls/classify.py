"""Says of each post what it does: certain rules first, then the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal

from transforms.calls.cues import CueFinder
from transforms.calls.features import Reading, hashed, read
from transforms.calls.lexicon import Lexicon, load_lexicon
from transforms.calls.model import Model, load_model
from transforms.calls.posts import LABELS, Label, LabelName, PostText
from transforms.calls.rules import certain

VERSION = "calls-1"
_BATCH = 2000
_CERTAIN_SCORE = 0.97
_HANDLE = re.compile(r"@(\w[\w.-]*(?:@[\w.-]+\w)?)")


def classify(posts: Sequence[PostText], lexicon: Lexicon | None = None, model: Model | None = None) -> list[Label]:
    """One Label a post, in their order; deterministic. Default lexicon: job search, with the weights that ship.

    The weights were learnt from job posts; another lexicon changes what counts as sought, given, or beside the point.
    """
    lexicon = lexicon or load_lexicon()
    model = model or load_model()
    return [label for batch in _batches(posts) for label in _classify(batch, _finder(lexicon), model)]


@lru_cache(maxsize=8)
def _finder(lexicon: Lexicon) -> CueFinder:
    return CueFinder(lexicon)


def _batches(posts: Sequence[PostText]) -> Iterator[list[PostText]]:
    rest = iter(posts)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _classify(posts: list[PostText], finder: CueFinder, model: Model) -> list[Label]:
    readings = [read(post, finder) for post in posts]
    chances, others = model.scores([hashed(reading) for reading in readings])
    best = chances.argmax(axis=1)
    labels = []
    for index, (post, reading) in enumerate(zip(posts, readings, strict=True)):
        settled = certain(reading)
        name = settled or LABELS[best[index]]
        weighed = float(chances[index, LABELS.index(name)])
        score = max(weighed, _CERTAIN_SCORE) if settled else weighed
        labels.append(_label(post, reading, name, score, float(others[index])))
    return labels


def _label(post: PostText, reading: Reading, name: LabelName, score: float, for_other: float) -> Label:
    beneficiary: Literal["self", "other"] | None = None
    outcome: Literal["result", "thanks"] | None = None
    mention = None
    if name == "call":
        beneficiary = "other" if for_other > 0.5 else "self"
        found = _HANDLE.search(post.text) if beneficiary == "other" else None
        mention = found[1] if found else None
    if name == "thanks_outcome":
        outcome = "result" if "outcome" in reading.cues or "thanks" not in reading.cues else "thanks"
    return Label(
        id=post.id,
        label=name,
        score=round(score, 6),
        beneficiary=beneficiary,
        outcome=outcome,
        beneficiary_mention=mention,
    )
