"""Keyed pseudonyms: the only form in which an account or a post leaves the vault.

BLAKE2b with a secret key (96-bit digests): the same identity gives the same pseudonym as long as the key is the
same, and nobody can recompute it without the key. One key is one epoch of a study; `passerelle.keys` says which.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DIGEST_BYTES = 12


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Turns clear identities into pseudonyms under one secret key (32 to 64 bytes)."""

    key: bytes

    def account(self, identity: str) -> str:
        """Pseudonym (``a`` and 24 hex digits) of an account's canonical identity."""
        return "a" + _digest(self.key, b"account", identity)

    def handle(self, handle: str) -> str:
        """Pseudonym (``h`` and 24 hex digits) of a handle such as ``twitter:@someone``, letter case ignored."""
        return "h" + _digest(self.key, b"handle", handle.casefold())

    def post(self, identity: str) -> str:
        """Pseudonym (``p`` and 24 hex digits) of a post's canonical identity."""
        return "p" + _digest(self.key, b"post", identity)

    def link(self, url: str) -> str:
        """Pseudonym (``l`` and 24 hex digits) of a link that would lead to a person."""
        return "l" + _digest(self.key, b"link", url)


@lru_cache(maxsize=200_000)
def _digest(key: bytes, kind: bytes, identity: str) -> str:
    data = identity.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, key=key, person=kind, digest_size=_DIGEST_BYTES).hexdigest()


def fold_hashtag(tag: str) -> str:
    """One spelling for all spellings of a hashtag: NFKD, marks removed, case folded, without ``#``."""
    plain = unicodedata.normalize("NFKD", tag.lstrip("#＃"))
    if plain.isascii():
        return plain.casefold()
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()
