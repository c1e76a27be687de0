"""JSON nested deeper than any parser goes: what lies too deep is null, what stands around it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_DEPTH = 64
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def shallow(text: str) -> str:
    """`text` (JSON) with a null for every list and object inside MAX_DEPTH others."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    depth, kept_from = 0, 0
    for token in _TOKENS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == MAX_DEPTH + 1:
                yield text[kept_from : token.start()] + "null"
        elif token[0] in "]}":
            if depth == MAX_DEPTH + 1:
                kept_from = token.end()
            depth -= 1
    yield text[kept_from:] if depth <= MAX_DEPTH else ""
