"""Bodies that are small to send and take a parser minutes, or all memory: known before they are parsed."""

from __future__ import annotations

import re

MAX_PARTS = 1_000_000
"""Elements, or lists and objects: each takes some hundred bytes of memory for the three that it is sent as."""
MAX_ATTRIBUTES = 64
"""Of one element: parsers look for each among all others. Pages have a dozen."""
_TAG = re.compile(rb"""<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*+""")
_ATTRIBUTE = re.compile(rb"""[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'<>]++))?+""")


def check_attributes(body: bytes) -> None:
    """Raise ValueError for an element with more than MAX_ATTRIBUTES."""
    for tag in _TAG.finditer(body):
        is_long = tag.end() - tag.start() > 2 * MAX_ATTRIBUTES
        if is_long and sum(1 for _ in _ATTRIBUTE.finditer(tag[0])) > MAX_ATTRIBUTES + 1:
            raise ValueError(f"an element with more than {MAX_ATTRIBUTES} attributes")


def check_parts(body: bytes, *signs: bytes, most: int = MAX_PARTS) -> None:
    """Raise ValueError for more than `most` parts, each of which begins with one of `signs`."""
    if sum(map(body.count, signs)) > most:
        raise ValueError(f"more than {most} parts")
