"""What an answer is without somebody: their words emptied, their names masked, all else as it was.

An object that they wrote stays as a blank: it has its place, its times and counts, and no word. What was asked next
followed from it, so that a page from which it were cut would not replay for everybody else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from passerelle.erased import names_nobody
from passerelle.hashtags import fold_hashtag
from passerelle.policy import keep_out_words
from spiders.collecting.masking import Masking
from spiders.collecting.people import WRITERS, Reading, writes
from spiders.collecting.words import shown_words

_KEPT = frozenset(
    (
        *("$type", "type", "kind", "object", "visibility", "status", "collection", "operation", "rev", "cid", "val"),
        *("event", "subreddit_type", "state", "action", "post_type", "listing_type", "media_type", "rel"),
        *(
            "subreddit",
            "removed_by_category",
            "distinguished",
            "moderationStatus",
            "likedBy",
            "next",
            "after",
            "cursor",
        ),
    )
)
_MOMENT = re.compile(r"[\d\-:.,TZ+ /]+|(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} [\d:]+ ?[+\-\dA-Z]*", re.ASCII)
_ID_KEY = re.compile(r"(?:^|_|[a-z])(?:[iI]ds?|uri|ID|fullname|path|hash)$|^(?:name|slug|parent|conversation)$")
_ID = re.compile(r"[\w.:/@#?=&%+\-]{1,300}", re.ASCII)
_TOKEN_LIKE = re.compile(r"t\d_\w+")
_WORD = re.compile(r"[#＃]?\w+")
_SIZES = {"facets": "bytes", "entities": "characters"}


class Redactor:
    """Takes some people out of the answers of one host of a platform. `tags` are the campaign's hashtags, folded."""

    def __init__(
        self, reading: Reading, masking: Masking, domain: str, is_sought: Callable[[str], bool], tags: Iterable[str]
    ) -> None:
        self._reading = reading
        self._masking = masking
        self._domain = domain
        self._is_sought = is_sought
        self._tags = frozenset(tags)

    def body(self, body: bytes) -> bytes:
        """An answer's body; the very same where it names none of them."""
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return self.plain(body)
        told = self.payload(payload)
        return body if told == payload else json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def payload(self, payload: Any) -> Any:
        """A JSON value."""
        return self._value(payload, "", is_theirs=False, is_others=False, same_length="")

    def plain(self, body: bytes) -> bytes:
        """A body that is no JSON: its words without them."""
        try:
            words = body.decode("utf-8")
        except UnicodeDecodeError:
            words = body.decode("latin-1")
            return self._masking.text(words).encode("latin-1", "replace")
        return self._masking.text(words).encode("utf-8")

    def text(self, words: str) -> str:
        """An address, or a line of a log."""
        return self._masking.text(words)

    def blank(self, words: str) -> str:
        """Of their words, the campaign's hashtags and the signs that keep robots out: what is asked depends on them."""
        plain = shown_words(words)
        kept = [word for word in _WORD.findall(plain) if fold_hashtag(word.lstrip("#＃")) in self._tags]
        return " ".join([*dict.fromkeys(kept), *keep_out_words(plain)])

    def _value(self, value: Any, key: str, *, is_theirs: bool, is_others: bool, same_length: str) -> Any:
        if isinstance(value, dict):
            return self._object(value, is_theirs=is_theirs)
        if isinstance(value, list):
            return [
                self._value(one, key, is_theirs=is_theirs, is_others=is_others, same_length=same_length)
                for one in value
            ]
        if isinstance(value, str):
            return self._string(value, key, is_theirs=is_theirs, is_others=is_others, same_length=same_length)
        if key in self._local_keys and (local := self._masking.local(value)):
            return int(local)
        return value

    def _object(self, one: dict[str, Any], *, is_theirs: bool) -> dict[str, Any]:
        told = writes(one, self._reading, self._domain)
        if told or self._is_by_id(one):
            is_theirs = self._is_by_id(one) or any(map(self._is_sought, told))
        is_others = not is_theirs and any(self._reading.named(one, self._domain))
        size = next((size for key, size in _SIZES.items() if one.get(key)), "")
        return {
            self._masking.text(key) if not is_others else key: self._value(
                value,
                key,
                is_theirs=is_theirs and not (key in WRITERS and isinstance(value, dict) and not self._is_them(value)),
                is_others=is_others,
                same_length=size if key in ("text", "full_text") else "",
            )
            for key, value in one.items()
        }

    def _is_them(self, one: dict[str, Any]) -> bool:
        return any(self._is_sought(identity) for identity, _ in self._reading.named(one, self._domain))

    def _is_by_id(self, one: dict[str, Any]) -> bool:
        return any(self._masking.local(one.get(key)) for key in self._reading.written_by)

    @property
    def _local_keys(self) -> frozenset[str]:
        own = (shape.local for shape in self._reading.shapes if shape.local)
        return frozenset((*own, *self._reading.written_by))

    def _string(self, value: str, key: str, *, is_theirs: bool, is_others: bool, same_length: str) -> str:
        if (is_theirs or _is_reference(key)) and (local := self._masking.local(value)):
            return local
        if is_theirs and (name := self._masking.name(value)):
            return name
        told = self._masking.text(value, is_others=is_others and not same_length, same_length=same_length)
        if not is_theirs or _is_plumbing(key, told) or (names_nobody(told) and _ID.fullmatch(told)):
            return told
        return _padded(self.blank(told), value, same_length)


def _is_reference(key: str) -> bool:
    return key.endswith(("_id", "Id", "_ids", "ids", "author", "did"))


def _padded(kept: str, value: str, same_length: str) -> str:
    """As long as `value` was, where places in it are told: what stands behind its end counts for nothing."""
    length = len(value.encode("utf-8", "replace")) if same_length == "bytes" else len(value) if same_length else 0
    return kept + " ." * ((length - len(kept.encode("utf-8", "replace")) + 1) // 2)


def _is_plumbing(key: str, value: str) -> bool:
    """Whether a value is no word of anybody's: a time, a kind, an id."""
    if key in _KEPT or _MOMENT.fullmatch(value) or _TOKEN_LIKE.fullmatch(value):
        return True
    is_id = key not in ("name", "slug") and _ID_KEY.search(key) is not None
    return is_id and _ID.fullmatch(value) is not None
