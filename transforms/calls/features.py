"""What the model is told about a post: its signs (cues and circumstances), pairs of them, and hashed n-grams."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.calls.cues import CueFinder
from transforms.calls.posts import PostText
from transforms.calls.text import PostWords, as_written, words

Buckets = NDArray[np.int64]
SIGNS, WORDS, CHARS = 1 << 14, 1 << 14, 1 << 15
BUCKETS = SIGNS + WORDS + CHARS
_ANCHORS = (
    "employer_voice", "kin", "need_told", "offer_form", "others_need", "outcome", "own_voice", "past_on", "q", "reply",
    "rt_of", "second_person", "seek_own", "tag_c", "tag_d", "tag_h", "tag_m", "tag_p", "tag_t", "tag_u", "tag_w",
    "thanks", "trade_wanted", "usr",
)  # fmt: skip
_ABSENT = ("kin", "own_voice", "reply", "second_person", "seek_own")
_BIO_CUES = ("bot_bio", "organiser_bio")
_MANUAL_RT = re.compile(r'[\s"«]*\b(?:rt|mt)\b[ :]*(?:de )?@', re.IGNORECASE)
_TOKEN_MARKS = {
    "usr": "usr",
    "url": "url",
    "mail": "mail",
    "?": "q",
    "!": "excl",
    ":": "colon",
    "campaign": "campaign_in",
}
_CHAR_LENGTHS = (3, 4, 5)
_PRIME = np.uint64(1_000_003)


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post read once, by one lexicon: as written, its words, its cues, and its signs (cues, circumstances, fields
    of meaning)."""

    lexicon: str
    written: str
    words: PostWords
    cues: frozenset[str]
    signs: frozenset[str]
    general: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Features:
    """Buckets (with repeats) of a post's signs, pairs of signs, word n-grams and character n-grams."""

    signs: Buckets
    pairs: Buckets
    words: Buckets
    chars: Buckets


def read(post: PostText, finder: CueFinder) -> ReadPost:
    """Find the cues and circumstances of `post`."""
    lexicon = finder.lexicon
    text = words(post.text, lexicon.campaign_tags, lexicon.seeker_tags)
    cues = finder.find(text.tokens) - set(_BIO_CUES)
    signs = cues | _circumstances(post, text) | {f"tag_{tag}" for tag in finder.tags(text.tokens)}
    signs |= _speaker(post, finder)
    return ReadPost(
        lexicon.name, as_written(post.text), text, frozenset(cues), frozenset(signs), finder.general(text.tokens)
    )


def hashed(reading: ReadPost) -> Features:
    """The buckets of `reading`; deterministic across machines and processes."""
    signs = sorted(reading.signs)
    return Features(
        signs=_buckets([f"1 {sign}" for sign in signs], SIGNS, 0),
        pairs=_buckets(_pairs(signs), SIGNS, 0),
        words=_buckets(_word_grams(reading.general), WORDS, SIGNS),
        chars=_char_grams(" ".join(reading.general)),
    )


def _circumstances(post: PostText, text: PostWords) -> set[str]:
    tokens = text.tokens
    signs = {sign for token, sign in _TOKEN_MARKS.items() if token in tokens}
    known = {
        "reply": post.is_reply,
        "media": post.has_media,
        "quote": post.is_quote,
        "rt_of": bool(_MANUAL_RT.match(post.text)),
        "via": tokens[:2] == ("via", "usr"),
        "usr_first": tokens[:1] == ("usr",),
        "incl": text.inclusive,
    }
    size = "len3" if len(tokens) <= 3 else "len30" if len(tokens) > 30 else "len"
    return signs | {size} | {sign for sign, holds in known.items() if holds}


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


def _word_grams(tokens: Sequence[str]) -> list[str]:
    doubles = [f"{a} {b}" for a, b in pairwise(tokens)]
    return [*tokens, *doubles]


def _char_grams(text: str) -> Buckets:
    """Rolling polynomial hashes of the n-grams of `text` (ASCII), all lengths at once on the array."""
    codes = np.frombuffer(f" {text} ".encode("ascii", "replace"), dtype=np.uint8).astype(np.uint64)
    found, rolling = [], codes
    for length in range(2, max(_CHAR_LENGTHS) + 1):
        if len(codes) < length:
            break
        rolling = rolling[:-1] * _PRIME + codes[length - 1 :]
        if length in _CHAR_LENGTHS:
            found.append((rolling ^ (rolling >> np.uint64(29))) % np.uint64(CHARS))
    grams = np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)
    return grams.astype(np.int64) + SIGNS + WORDS


def _buckets(features: list[str], size: int, start: int) -> Buckets:
    return np.fromiter((_crc(feature) % size + start for feature in features), dtype=np.int64, count=len(features))


@lru_cache(maxsize=300_000)
def _crc(feature: str) -> int:
    return zlib.crc32(feature.encode())
