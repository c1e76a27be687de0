"""What an answer is without somebody: their words emptied, their names masked, all else as it was.

An object that they wrote stays as a blank: it has its place, its times and counts, and no word. What was asked next
followed from it, so that a page from which it were cut would not replay for everybody else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from passerelle.erased import names_nobody
from passerelle.hashtags import fold_hashtag
from passerelle.policy import keep_out_words
from spiders.collecting.masking import Masking
from spiders.collecting.people import WRITERS, Naming, writes
from spiders.collecting.words import shown_words

_KEPT = frozenset(
    (
        *("$type", "type", "kind", "object", "visibility", "status", "collection", "operation", "rev", "cid", "val"),
        *("event", "subreddit_type", "state", "action", "post_type", "listing_type", "media_type", "_tags", "children"),
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
_ID_KEY = re.compile(r"(?:^|_|[a-z])(?:[iI]ds?|uri|ID|fullname|path|hash)$|^(?:ref|name|slug|parent|conversation)$")
_ID = re.compile(r"[\w.,:/@#?=&%+\-]{1,300}", re.ASCII)
_TOKEN_LIKE = re.compile(r"t\d_\w+")
_WORD = re.compile(r"[#＃]?\w+")
_REPEATED = re.compile(r"RT @(\w+)")  # what a repost repeats of the original
_FEED_TEXT = {"$t", "type"}  # how feeds write a text in JSON
_NO_WORDS = "…"  # that something was said is no word of it
_LINK_KEY = re.compile(r"(?:^|_)(?:link|url|permalink|href|guid)$")
_TEXTS = ("text", "full_text")
_PERSON_KEY = re.compile(r"(?:account|user|author|creator|person|actor|owner|channel)_?[iI]ds?$")
_ADDRESS = re.compile(r"https?://[^\s<>\"')]+")
_OF_POST = re.compile(r"/(?:post|comment)/\d+/?$")
_SIZES = {"facets": "bytes", "entities": "characters"}


class Redactor:
    """Takes some people out of the answers of one host of a platform. `tags` are the campaign's hashtags, folded."""

    def __init__(
        self, reading: Naming, masking: Masking, domain: str, is_sought: Callable[[str], bool], tags: Iterable[str]
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

    def name(self, words: str) -> str | None:
        """What takes the place of a name that stands by itself; None where it is nobody's."""
        return self._masking.name(words)

    def text(self, words: str) -> str:
        """An address, or a line of a log."""
        return self._masking.text(words)

    def blank(self, words: str) -> str:
        """Of their words, what is asked depends on: the campaign's hashtags, the signs that keep robots out, addresses
        on the host itself, which words are quoted, and that there were any.
        """
        return "\n".join(map(self._blank_line, shown_words(words).split("\n"))).strip()

    def _blank_line(self, line: str) -> str:
        here = [url for url in _ADDRESS.findall(line) if self._leads_on(url)]
        kept = [
            word for word in _WORD.findall(_ADDRESS.sub(" ", line)) if fold_hashtag(word.lstrip("#＃")) in self._tags
        ]
        told = list(dict.fromkeys([*kept, *keep_out_words(line)]))
        mark = "> " if line.lstrip().startswith(">") else ""
        rest = [_NO_WORDS] if line.strip("> ") and (here or not told) else []
        return mark + " ".join([*rest, *here, *told])

    def _leads_on(self, url: str) -> bool:
        """Whether an address is that of a post by which others name it."""
        return urlsplit(url).netloc in ("", self._masking.host) or _OF_POST.search(url) is not None

    def _value(self, value: Any, key: str, *, is_theirs: bool, is_others: bool, same_length: str) -> Any:
        if isinstance(value, dict):
            if value.keys() <= _FEED_TEXT and isinstance(
                text := value.get("$t"), str
            ):  # how feeds write a text in JSON
                told = self._string(text, key, is_theirs=is_theirs, is_others=is_others, same_length="")
                return {**value, "$t": told}
            return self._object(value, is_theirs=is_theirs)
        if isinstance(value, list):
            return [
                self._value(one, key, is_theirs=is_theirs, is_others=is_others, same_length=same_length)
                for one in value
            ]
        if isinstance(value, str):
            return self._string(value, key, is_theirs=is_theirs, is_others=is_others, same_length=same_length)
        return value

    def _object(self, one: dict[str, Any], *, is_theirs: bool) -> dict[str, Any]:
        told = writes(one, self._reading, self._domain)
        if told or self._names_writer(one):
            is_theirs = self._is_by_id(one) or any(map(self._is_sought, told))
        is_others = not is_theirs and any(self._reading.named(one, self._domain))
        size = next((size for key, size in _SIZES.items() if one.get(key)), "")
        ids = self._id_keys(one)
        changed = {
            self._masking.text(key) if not is_others else key: self._local(value)
            if (key in ids or _is_reference(key)) and self._masking.local(value)
            else self._value(
                value,
                key,
                is_theirs=is_theirs and not self._is_of_another_writer(key, value),
                is_others=is_others,
                same_length=size if key in _TEXTS else "",
            )
            for key, value in one.items()
        }
        self._repeat(one, changed)
        return changed

    def _repeat(self, one: dict[str, Any], changed: dict[str, Any]) -> None:
        """Have an object say again what another in it says now, where it did."""
        for key, holder in self._reading.repeats:
            inner = one.get(holder)
            if isinstance(inner, list) and inner and isinstance(inner[0], dict) and inner[0].get(key) == one.get(key):
                changed[key] = changed[holder][0].get(key)

    def _local(self, value: str | int) -> str | int:
        """What stands for an id of theirs, a number for a number."""
        told = self._masking.local(value) or ""
        return int(told) if isinstance(value, int) else told

    def _id_keys(self, one: dict[str, Any]) -> set[str]:
        """The keys under which an object holds the server's own id of somebody sought."""
        named = (shape.local for identity, shape in self._reading.named(one, self._domain) if self._is_sought(identity))
        return {*self._reading.written_by, *filter(None, named)}

    def _is_of_another_writer(self, key: str, value: Any) -> bool:
        return key in WRITERS and isinstance(value, dict) and not self._is_them(value)

    def _is_them(self, one: dict[str, Any]) -> bool:
        return any(self._is_sought(identity) for identity, _ in self._reading.named(one, self._domain))

    def _is_by_id(self, one: dict[str, Any]) -> bool:
        return any(self._masking.local(one.get(key)) for key in self._reading.written_by)

    def _is_here(self, key: str, value: str) -> bool:
        """Whether it is an address on the host itself, by which others name what they answer."""
        is_address = _LINK_KEY.search(key) is not None and _ID.fullmatch(value) is not None
        return is_address and self._leads_on(value)

    def _names_writer(self, one: dict[str, Any]) -> bool:
        return any(isinstance(one.get(key), str | int) for key in self._reading.written_by)

    def _string(self, value: str, key: str, *, is_theirs: bool, is_others: bool, same_length: str) -> str:
        if is_theirs and (name := self._masking.name(value)):
            return name
        told = self._masking.text(value, is_others=is_others and not same_length, same_length=same_length)
        if (repeated := _REPEATED.match(value)) and self._masking.name(repeated[1]):
            return self.blank(told)
        if (
            not is_theirs
            or _is_plumbing(key, told)
            or self._is_here(key, told)
            or (names_nobody(told) and _ID.fullmatch(told))
        ):
            return told
        return _padded(self.blank(told), value, same_length)


def _is_reference(key: str) -> bool:
    """Whether a key holds the id of a person, not of a thing."""
    return _PERSON_KEY.search(key) is not None


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
