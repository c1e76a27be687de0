"""The words of a post as people see them, where a platform sends HTML: what hashtags are looked for in."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|blockquote|h[1-6])(?:[\s/][^<>]*)?>", re.IGNORECASE)


def shown_words(text: str) -> str:
    """`text` without its markup: blocks part words, what only dresses them does not."""
    return html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
