"""Features of a post for the linear model: cues, circumstances, pairs of them, and word n-grams, all hashed."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

from transforms.calls.cues import CueFinder
from transforms.calls.posts import PostText
from transforms.calls.text import Words, words

BUCKETS = 1 << 15
_PAIR_WEIGHT, _GRAM_WEIGHT = 0.5, 2.0
_ANCHORS = (
    "employer_voice", "kin", "need_told", "offer_form", "others_need", "outcome", "own_voice", "past_on", "q", "reply",
    "rt_of", "second_person", "seek_own", "tag_c", "tag_d", "tag_h", "tag_m", "tag_p", "tag_t", "tag_u", "tag_w", "thanks",
    "trade_wanted", "usr",
)  # fmt: skip
_ABSENT = ("kin", "own_voice", "reply", "second_person", "seek_own")
_BIO_CUES = ("bot_bio", "organiser_bio")
_MANUAL_RT = re.compile(r'[\s"«]*\b(?:rt|mt)\b[ :]*(?:de )?@', re.IGNORECASE)
_TOKEN_MARKS = {"usr": "usr", "url": "url", "mail": "mail", "?": "q", "!": "excl", ":": "colon", "campaign": "campaign_in"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A post read once: its words, its cues, and everything the model is told about it."""

    words: Words
    cues: frozenset[str]
    signs: frozenset[str]


def read(post: PostText, finder: CueFinder) -> Reading:
    """Find the cues and circumstances of `post`."""
    lexicon = finder.lexicon
    text = words(post.text, lexicon.campaign_tags, lexicon.seeker_tags)
    cues = finder.find(text.tokens) - set(_BIO_CUES)
    signs = cues | _circumstances(post, text) | {f"tag_{tag}" for tag in finder.tags(text.tokens)}
    return Reading(text, frozenset(cues), frozenset(signs | _speaker(post, finder)))


def hashed(reading: Reading, with_words: bool = True) -> dict[int, float]:
    """Bucket -> value; `with_words` false leaves out the n-grams, for lexicons the model was not trained on."""
    found: dict[int, float] = {_bucket(f"1 {sign}"): 1.0 for sign in sorted(reading.signs)}
    for pair in _pairs(sorted(reading.signs)):
        _add(found, pair, _PAIR_WEIGHT)
    if with_words:
        grams = _grams(reading.words.tokens)
        for gram in grams:
            _add(found, gram, _GRAM_WEIGHT / len(grams) ** 0.5)
    return found


def _circumstances(post: PostText, text: Words) -> set[str]:
    tokens, length = text.tokens, len(text.tokens)
    size = "empty" if not length else "len3" if length <= 3 else "len8" if length <= 8 else "len30" if length > 30 else ""
    signs = {sign for token, sign in _TOKEN_MARKS.items() if token in tokens}
    known = {
        "reply": post.is_reply,
        "media": post.has_media,
        "quote": post.is_quote,
        "rt_of": bool(_MANUAL_RT.match(post.text)),
        "via": tokens[:2] == ("via", "usr"),
        "usr_first": tokens[:1] == ("usr",),
        "incl": text.inclusive,
        size: bool(size),
    }
    return signs | {sign for sign, holds in known.items() if holds}


def _speaker(post: PostText, finder: CueFinder) -> set[str]:
    signs = set()
    if post.author_bio:
        bio = words(post.author_bio, finder.lexicon.campaign_tags, finder.lexicon.seeker_tags)
        signs = {f"bio_{cue}" for cue in finder.find(bio.tokens) if cue in _BIO_CUES}
    if post.organiser_author:
        signs.add("bio_organiser_bio")
    if post.agency_author:
        signs.add("bio_bot_bio")
    return signs


def _pairs(signs: list[str]) -> list[str]:
    anchors = [anchor for anchor in _ANCHORS if anchor in signs]
    missing = [anchor for anchor in _ABSENT if anchor not in signs]
    pairs = [f"2 {a} {s}" for a in anchors for s in signs if s != a and not (s in anchors and s < a)]
    return pairs + [f"0 {a} {s}" for a in missing for s in signs]


def _grams(tokens: tuple[str, ...]) -> list[str]:
    singles = [f"w {token}" for token in tokens]
    stems = [f"s {token[:5]}" for token in tokens if len(token) > 5]
    doubles = [f"d {a} {b}" for a, b in zip(tokens, tokens[1:], strict=False)]
    return singles + stems + doubles


def _add(found: dict[int, float], feature: str, value: float) -> None:
    bucket = _bucket(feature)
    found[bucket] = found.get(bucket, 0.0) + value


@lru_cache(maxsize=300_000)
def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS
