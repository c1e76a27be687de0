"""Keyed pseudonyms: the only form in which an account or a post leaves the vault.

BLAKE2b with a secret key (96-bit digests): the same identity gives the same pseudonym as long as the key is the
same, and nobody can recompute it without the key. One key is one epoch of a study; `passerelle.keys` says which.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import idna

from passerelle.bridges import original_post
from passerelle.hashtags import fold_hashtag as fold_hashtag

_DIGEST_BYTES = 12


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Turns clear identities into pseudonyms under one secret key (32 to 64 bytes)."""

    key: bytes

    def account(self, identity: str) -> str:
        """Pseudonym (``a`` and 24 hex digits) of an account's canonical identity."""
        return "a" + _digest(self.key, b"account", canonical(identity))

    def handle(self, handle: str) -> str:
        """Pseudonym (``h`` and 24 hex digits) of a handle such as ``import:@someone``, letter case ignored."""
        return "h" + _digest(self.key, b"handle", _with_ascii_domain(handle).casefold())

    def post(self, identity: str) -> str:
        """Pseudonym (``p`` and 24 hex digits) of a post's canonical identity."""
        return "p" + _digest(self.key, b"post", canonical(identity))

    def link(self, url: str) -> str:
        """Pseudonym (``l`` and 24 hex digits) of a link that would lead to a person."""
        return "l" + _digest(self.key, b"link", url)


@lru_cache(maxsize=200_000)
def _digest(key: bytes, kind: bytes, identity: str) -> str:
    data = identity.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, key=key, person=kind, digest_size=_DIGEST_BYTES).hexdigest()


@lru_cache(maxsize=50_000)
def canonical(identity: str) -> str:
    """One spelling for all spellings of an identity: a domain written in Unicode or in punycode is the same.

    Of ``acct:user@host`` and of a URI with a host; any other identity is as it is. A post that a bridge copied goes by
    the original's name.
    """
    if identity.startswith("acct:"):
        return _with_ascii_domain(unicodedata.normalize("NFC", identity.lower()))
    scheme, separator, rest = identity.partition("://")
    if not separator or not scheme.isalpha():
        return identity
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return original_post(f"{scheme.lower()}://{ascii_domain(host)}{rest[len(host) :]}")


@lru_cache(maxsize=20_000)
def ascii_domain(domain: str) -> str:
    """The domain (with its port, if it has one) as name servers know it: lower case, punycode, no dot at the end."""
    plain = domain.strip().lower()
    name, colon, port = plain.rpartition(":") if re.search(r":\d+$", plain) else (plain, "", "")
    name = name.rstrip(".")
    if not name.isascii():
        with suppress(idna.IDNAError, UnicodeError, ValueError):  # a name that no name server has stays as it is
            name = idna.encode(name, uts46=True, transitional=False).decode("ascii")
    return f"{name}{colon}{port}"


def _with_ascii_domain(handle: str) -> str:
    user, at, domain = handle.rpartition("@")
    return f"{user}{at}{ascii_domain(domain)}" if user.strip("@") and "." in domain else handle
