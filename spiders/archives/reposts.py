"""Reposts that come as a text only, ``RT @name: …``: which post they repeat."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from passerelle.records import AccountRecord, PostRecord, Record

_REPOST = re.compile(r"\s*RT @([A-Za-z0-9_]{1,30})\s?:\s+(?=\S)")
_SPACES = re.compile(r"\s+")
_LETTERS = 60
"""Platforms cut a repost's text at its end: by so much of its beginning it is known."""
MAX_ORIGINALS = 300_000


def reposted(text: str) -> tuple[str, str] | None:
    """The name that ``RT @name: …`` repeats, and a key of its words; null for other texts."""
    found = _REPOST.match(text)
    return (found[1], key(found[1], text[found.end() :])) if found else None


def key(name: str, text: str) -> str:
    """What an original and its reposts have in common."""
    plain = _SPACES.sub(" ", html.unescape(text)).strip()
    return f"RT @{name.casefold()}: {plain[:_LETTERS].rstrip('…. ').casefold()}"


class Originals:
    """Posts that others may repeat, by author and first words: the last MAX_ORIGINALS of those seen."""

    def __init__(self) -> None:
        self._posts: dict[int, str] = {}
        self.tied = self.untied = 0

    def learn(self, records: Iterable[Record]) -> None:
        """Remember the posts among `records`, in which each author comes before what it wrote."""
        name = ""
        for record in records:
            if isinstance(record, AccountRecord):
                name = record.handle.rpartition("@")[2]
            elif isinstance(record, PostRecord) and not record.repost_of and record.text:
                self._keep(hash(key(name, record.text)), record.post)

    def _keep(self, place: int, post: str) -> None:
        """Two posts of one author that begin alike stand for neither."""
        self._posts[place] = post if self._posts.get(place, post) == post else ""
        if len(self._posts) > MAX_ORIGINALS:
            del self._posts[next(iter(self._posts))]

    def find(self, platform: str, words: str) -> str:
        """The post with these words, else an identity made of them: the same for all who repeat them."""
        known = self._posts.get(hash(words))
        self.tied += bool(known)
        self.untied += not known
        return known or f"{platform}:{words}"
