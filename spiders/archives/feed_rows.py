"""RSS and Atom files as rows, by the reader that blogs have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from passerelle.errors import UsageError
from spiders.archives.columns import MappedRow
from spiders.archives.lines import MAX_LINE_BYTES
from spiders.archives.unpacking import Reader
from spiders.collecting.blogs.entries import Written
from spiders.collecting.blogs.feeds import as_feed

FEED_COLUMNS = (
    "address",
    "time",
    "author",
    "author_address",
    "title",
    "text",
    "tags",
    "language",
    "answers",
    "replies",
)
NO_FEED = "no RSS or Atom"
_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_BEGINNING = 4096


def is_feed(head: bytes) -> bool:
    """Whether a content that begins with `head` is a feed."""
    start = head[:_BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and _ROOT.search(start) is not None


def feed_rows(path: Path, stream: Reader) -> Iterator[tuple[str, MappedRow | str]]:
    """Each entry, as FEED_COLUMNS. Raises UsageError for a feed that is too large to be one."""
    body = stream.read(MAX_LINE_BYTES + 1)
    if len(body) > MAX_LINE_BYTES:
        raise UsageError(
            en=f"{path}: a feed of more than {MAX_LINE_BYTES >> 20} MB; nothing was imported, check it",
            fr=f"{path} : un flux de plus de {MAX_LINE_BYTES >> 20} Mo ; rien n'a été importé, vérifiez le fichier",
        )
    try:
        entries = as_feed(body, "application/xml; charset=utf-8").entries
    except ValueError:
        yield "file", NO_FEED
        return
    for number, entry in enumerate(entries, 1):
        yield f"object {number}", _row(entry)


def _row(entry: Written) -> MappedRow:
    told = entry.at, entry.by, entry.by_url, entry.title, entry.text, list(entry.tags), entry.language
    return dict(zip(FEED_COLUMNS, (entry.id, *told, entry.parent or entry.on, entry.replies), strict=True))
