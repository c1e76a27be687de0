"""What stands where somebody was: masks that say that nobody is named there, and nothing else.

In the capture vault a person who was erased is called by a token that is made of their pseudonym under the study's key:
the same on every page, so that a recording goes on replaying, and of no use to anybody without the key. The landing
refuses whoever is called so.
"""

from __future__ import annotations

import base64
import hashlib
import re

NOBODY = "@…"
"""Instead of a mention, in the words of others."""
NO_LINK = "https://…"
"""Instead of a link that leads to the person."""
NO_NAME = "[…]"
"""Instead of the name that they show."""
NO_POST = "p" + "0" * 24
"""What somebody else answered or quoted: there was a post, of which nothing is known."""

_ERASED, _BARRED = "erased", "barred"
_DIGITS = 18
# where a server's own id is a number, so is the token: of 18 digits
_ERASED_NUMBER, _BARRED_NUMBER = "999099099", "999088088"
_TOKEN = re.compile(
    rf"(?:{_ERASED}|{_BARRED})[a-z2-7]{{{_DIGITS}}}|(?<!\d)(?:{_ERASED_NUMBER}|{_BARRED_NUMBER})\d{{9}}(?!\d)"
)


def erased_token(key: bytes, account_id: str) -> str:
    """24 letters and digits that stand for an account in what was recorded before it was erased."""
    return _ERASED + _digits(key, account_id)


def barred_token(key: bytes, account_id: str) -> str:
    """24 letters and digits that stand for an account in what is recorded after its owner objected."""
    return _BARRED + _digits(key, account_id)


def as_number(token: str) -> str:
    """The 18 digits that stand for the same account where a server's own ids are numbers."""
    head = _ERASED_NUMBER if token.startswith(_ERASED) else _BARRED_NUMBER
    return f"{head}{int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest()) % 10**9:09}"


def names_nobody(identity: str) -> bool:
    """Whether an identity, or a post's name, is made of such a token."""
    return _TOKEN.search(identity) is not None


def tokens_in(text: str) -> set[str]:
    """All such tokens in a text."""
    return set(_TOKEN.findall(text))


def is_barred(identity: str) -> bool:
    """Whether it is one of somebody who had objected before: nothing is asked about them in a replay either."""
    found = _TOKEN.search(identity)
    return found is not None and found[0].startswith((_BARRED, _BARRED_NUMBER))


def _digits(key: bytes, account_id: str) -> str:
    digest = hashlib.blake2b(account_id.encode(), key=key, person=b"erased", digest_size=12).digest()
    return base64.b32encode(digest).decode().lower()[:_DIGITS]
