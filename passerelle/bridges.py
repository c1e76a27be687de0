"""Copies that bridges make of one platform's people and posts on another: under the names of the originals."""

from __future__ import annotations

import re
from functools import cache

from passerelle.platforms import PLATFORMS, Bridge

BRIDGES = tuple(row.bridge for row in PLATFORMS.values() if row.bridge)


def original_post(uri: str) -> str:
    """The name of the post that `uri` is a copy of; `uri` itself where it is no copy."""
    found = next((found for bridge in BRIDGES if (found := _compiled(bridge.post).fullmatch(uri))), None)
    return found[1] if found else uri


def original_person(uri: object) -> str | None:
    """The account that the actor at `uri` is a copy of; None where it is none."""
    for name, bridge in _named():
        if isinstance(uri, str) and (found := _compiled(bridge.person).fullmatch(uri)):
            return f"{name}:{found[1]}"
    return None


def platform_of(identity: str, otherwise: str) -> str:
    """The platform of a post or an account that a server of the platform `otherwise` shows."""
    return next((name for name, bridge in _named() if identity.startswith((f"{name}:", bridge.scheme))), otherwise)


def is_original(identity: str) -> bool:
    """Whether the identity of a post or an account is of a platform of which copies are made elsewhere."""
    return platform_of(identity, "") != ""


def _named() -> list[tuple[str, Bridge]]:
    return [(row.name, row.bridge) for row in PLATFORMS.values() if row.bridge]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
