"""Keyed pseudonyms: the only form in which an account or a post leaves the vault.

BLAKE2b with a secret key (96-bit digests): the same identity gives the same pseudonym as long as the key is the
same, and nobody can recompute it without the key. One key is one epoch of a study.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from passerelle.errors import UsageError

_DIGEST_BYTES = 12
KEY_VARIABLE = "PASSERELLE_KEY"


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


def load_key(path: Path) -> Pseudonyms:
    """The study's key: from the environment, else from `path`, which is made (mode 0600) when missing."""
    if text := os.environ.get(KEY_VARIABLE):
        return Pseudonyms(_key_bytes(text, f"${KEY_VARIABLE}"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
    return Pseudonyms(_key_bytes(path.read_text("ascii").strip(), str(path)))


def _key_bytes(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if not 32 <= len(key) <= 64:
        raise UsageError(
            en=f"{where}: the pseudonym key must be 64 to 128 hexadecimal digits; delete it to make a new study key",
            fr=f"{where} : la clé des pseudonymes doit compter de 64 à 128 chiffres hexadécimaux ;"
            " supprimez-la pour créer une nouvelle clé d'étude",
        )
    return key
