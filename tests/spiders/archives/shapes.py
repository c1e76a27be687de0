"""Twelve invented posts of a small campaign, as many programs, spreadsheets and platforms write them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from passerelle.campaign import Mapping
from passerelle.records import MalformedRecord, PostRecord, Record
from spiders.archives import Tally, read_archives

CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)
FIRST = 1050118621198921701
Row = dict[str, str]
COLUMNS: dict[str, Any] = {
    "platform": "twitter",
    "post": "id",
    "author": "author",
    "author_handle": "handle",
    "created_at": "at",
    "text": "text",
    "reply_to": "reply",
    "repost_of": "rt",
    "favourites": "likes",
}


def mapping(**other: Any) -> Mapping:
    """The mapping of :func:`rows`, with `other` values."""
    return Mapping(**{name: value for name, value in (COLUMNS | other).items() if value is not None})


def rows(change: Callable[[int, Row], Row] = lambda place, row: {}) -> list[Row]:
    """Twelve posts of five people, two reposts and a reply, each changed by `change`."""
    table = []
    for place in range(12):
        row = {
            "id": str(FIRST + place * 7919),
            "author": str(2100000000000000011 + place % 5),
            "handle": f"inv{place % 5}",
            "at": f"2026-10-{5 + place % 9:02d}T08:{place:02d}:00Z",
            "text": f"appel numéro {place} à relayer #i4emploi",
            "reply": str(FIRST) if place == 3 else "",
            "rt": str(FIRST) if place in (5, 6) else "",
            "likes": str(place),
        }
        table.append(row | change(place, row))
    return table


def table(table_rows: list[Row], separator: str = ",") -> str:
    """Rows as a table of text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table_rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(table_rows)
    return out.getvalue()


def objects() -> list[dict[str, Any]]:
    """The same as JSON: null where there is nothing."""
    return [{name: value or None for name, value in row.items()} for row in rows()]


def json_lines(values: list[dict[str, Any]]) -> str:
    """One object a line."""
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def write(path: Path, content: str | bytes) -> Path:
    """A file with `content`."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(*paths: Path, **how: Any) -> list[Record]:
    """Every record of `paths`."""
    return list(read_archives(paths, clock=CLOCK, **how))


def told(*paths: Path, **how: Any) -> Tally:
    """What is counted and remarked of `paths`."""
    tally = Tally()
    read(*paths, tally=tally, **how)
    return tally


def posts(records: list[Record]) -> list[PostRecord]:
    """The posts among `records`."""
    return [record for record in records if isinstance(record, PostRecord)]


def troubles(records: list[Record]) -> list[tuple[str, str]]:
    """Place and reason of what could not be read."""
    return [(record.where, record.reason) for record in records if isinstance(record, MalformedRecord)]


def facts(records: list[Record]) -> tuple[int, int, int, int]:
    """Posts, authors, reposts and replies."""
    found = {post.post: post for post in posts(records)}.values()
    return (
        len(found),
        len({post.author for post in found}),
        sum(post.repost_of is not None for post in found),
        sum(post.reply_to is not None for post in found),
    )


WHOLE = (12, 5, 2, 1)
