"""Says of each post what it does: certain rules first, then the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from passerelle.allowed import Beneficiary, Outcome
from transforms.calls.cues import CueFinder
from transforms.calls.features import ReadPost, hashed, read
from transforms.calls.lexicon import Lexicon, load_lexicon
from transforms.calls.meaning import meanings
from transforms.calls.model import Model, load_model
from transforms.calls.posts import LABELS, Label, LabelName, PostText
from transforms.calls.rules import by_precedence, certain

VERSION = "calls-2"
_BATCH = 2000
_CERTAIN_SCORE = 0.97
_HANDLE = re.compile(r"@(\w[\w.-]*(?:@[\w.-]+\w)?)")


def classify(posts: Sequence[PostText], lexicon: Lexicon | None = None, model: Model | None = None) -> list[Label]:
    """One Label a post, in their order; deterministic. Default lexicon: job search, with the weights that ship.

    Another lexicon changes what counts as sought, given, or beside the point.
    """
    finder, model = _finder(lexicon or load_lexicon()), model or load_model()
    # vectors differ in their last bits with what is read beside them: in order of text, the posts' own order is nothing
    order = sorted(range(len(posts)), key=lambda place: (posts[place].text, posts[place].is_reply))
    found = (
        label
        for start in range(0, len(order), _BATCH)
        for label in _classify([posts[place] for place in order[start : start + _BATCH]], finder, model)
    )
    return [label for _, label in sorted(zip(order, found, strict=True), key=lambda pair: pair[0])]


@lru_cache(maxsize=8)
def _finder(lexicon: Lexicon) -> CueFinder:
    return CueFinder(lexicon)


def _classify(posts: list[PostText], finder: CueFinder, model: Model) -> list[Label]:
    readings = [read(post, finder) for post in posts]
    chances, others = model.scores([hashed(reading) for reading in readings], meanings(readings))
    best = chances.argmax(axis=1)
    labels = []
    for index, (post, reading) in enumerate(zip(posts, readings, strict=True)):
        settled = certain(reading)
        name = settled or by_precedence(reading, LABELS[best[index]])
        weighed = float(chances[index, LABELS.index(name)])
        score = max(weighed, _CERTAIN_SCORE) if settled else weighed
        labels.append(_label(post, reading, name, score, float(others[index])))
    return labels


def _label(post: PostText, reading: ReadPost, name: LabelName, score: float, for_other: float) -> Label:
    beneficiary: Beneficiary | None = None
    outcome: Outcome | None = None
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
        score=round(score, 4),
        beneficiary=beneficiary,
        outcome=outcome,
        beneficiary_mention=mention,
    )
