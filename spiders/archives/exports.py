"""Platforms' own exports: which of their many files hold posts. The others (messages, likes, e-mail) stay closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

_TWITTER = re.compile(r"(?:^|/)(?:tweets?|community-tweet)(?:-part\d+)?\.js$")
_TWITTER_PROFILE = re.compile(r"(?:^|/)account\.js$")
_OUTBOX = re.compile(r"(?:^|/)outbox\.json$")
_ACTOR = re.compile(r"(?:^|/)actor\.json$")
_NEVER = re.compile(r"(?:^|/)(?:\.[^/]*|__MACOSX/.*|Thumbs\.db)$", re.IGNORECASE)
_MAYBE = re.compile(
    r"\.(?:csv|tsv|txt|tab|json|jsonl|ndjson|jl|js|gz|bz2|xz|zst|zip|tar|tgz)$|(?:^|/)[^/.]+$", re.IGNORECASE
)
_ARCHIVE = re.compile(r"\.(?:zip|tar|tgz|tar\.(?:gz|bz2|xz|zst))$", re.IGNORECASE)
_WORDS_ONLY = re.compile(r"(?:^|/)(?:read ?me|licen[cs]e|manifest|changelog)[^/]*$", re.IGNORECASE)


def is_profile(name: str) -> bool:
    """Whether a member of an archive says whose export it is."""
    return bool(_TWITTER_PROFILE.search(name) or _ACTOR.search(name))


def is_named(name: str, wanted: str) -> bool:
    """Whether a member's path is one of the patterns `wanted`, in whatever folder the archive begins."""
    return any(fnmatchcase(f"/{name}", pattern) for pattern in wanted.split(" | "))


def is_archive(name: str) -> bool:
    """Whether a member is likely an archive itself."""
    return _ARCHIVE.search(name) is not None


def profile_beside(name: str) -> str | None:
    """The name of the file that says whose posts the export `name` holds; None for other files."""
    if _TWITTER.search(name):
        return "account.js"
    return "actor.json" if _OUTBOX.search(name) else None


def chosen(names: Sequence[str]) -> list[str]:
    """Those members of an archive that are read: an export's posts, else whatever may be a table or JSON."""
    for posts, profile in ((_TWITTER, _TWITTER_PROFILE), (_OUTBOX, _ACTOR)):
        if any(map(profile.search, names)) and (found := [name for name in names if posts.search(name)]):
            return sorted(found)
    return [name for name in names if _MAYBE.search(name) and not _NEVER.search(name) and not _WORDS_ONLY.search(name)]
