"""A whole status of a Mastodon server, and what may stand in place of any value in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.spiders.crawling import BOB, CLEO, account, status

Path = tuple[str | int, ...]

ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    " ",
    "5",
    "null",
    "a\x00b",
    "\ud800",
    "a\udfff",
    "\x1b[31m\u202egras",
    "é" * 100_000,
    "<" * 5_000,
    "bücher.example",
    "-0001-11-30T00:00:00.000Z",
    "0000-00-00",
    "9999-12-31T23:59:59-10:00",
    "2026-11-22",
    [],
    [None],
    [[]],
    ["x"],
    [{}],
    {},
    {"id": None},
    {"acct": None, "name": None},
    {"": {"": [{}]}},
)


def nested(depth: int) -> Any:
    """Lists in lists."""
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def whole_status(number: int) -> dict[str, Any]:
    """A status with every field that is read, a quote, mentions, a parent."""
    dora = account("dora", 4, followers_count=3, display_name="Dora", noindex=False, indexable=True, discoverable=True)
    dora |= {"bot": False, "note": "<p>Bonjour</p>", "fields": [{"name": "site", "value": "x"}]}
    quoted = {"state": "accepted", "quoted_status": status(900, BOB, hours=30, tags=[])}
    return status(number, dora, hours=3) | {
        "url": f"https://ville.test/@dora/{number}",
        "spoiler_text": "Emploi",
        "language": "fr",
        "edited_at": "2026-11-22T05:00:00Z",
        "mentions": [{"id": "3", "acct": "cleo", "url": "https://ville.test/@cleo"}],
        "quote": quoted,
        "in_reply_to_id": "1",
        "in_reply_to_account_id": "1",
        "quotes_count": 1,
        "favourites_count": 2,
        "media_attachments": [],
        "quote_id": None,
        "quote_url": None,
        "pleroma": {"quote_visible": True},
    }


def whole_boost(number: int) -> dict[str, Any]:
    """A boost with a time of its own."""
    return status(number, CLEO, hours=2, reblog=whole_status(number + 1), tags=[])


def paths(value: Any, above: Path = ()) -> Iterator[Path]:
    """Where every value of a JSON value stands."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*above, key)
        yield from paths(inner, (*above, key))


def changed(value: Any, path: Path, odd: Any) -> Any:
    """A copy of `value` with `odd` at `path`."""
    whole = copy.deepcopy(value)
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    return whole


texts = st.text(st.characters(exclude_categories=()), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | texts
anything = st.recursive(
    scalars | st.sampled_from(ODD) | st.integers(0, 400).map(nested),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
