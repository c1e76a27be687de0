"""A server of any platform that answers nonsense: a value costs its item, an answer its list, nothing the run."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passerelle.platforms import PLATFORMS
from passerelle.records import PostRecord
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import replaying
from tests.spiders.platforms.mastodon.odd_values import changed, paths

ODD: tuple[Any, ...] = (None, True, -1, 10**30, 1.5, "", "abc", "a\x00b", "9" * 5_000, [], [None], [{}], {}, {"id": []})
THINGS: list[Any] = [None, [], {"id": "abc", "name": None, "post": "x", "link": 5}, {"id": 4, "name": 5, "content": []}]
BODIES: tuple[Any, ...] = (THINGS, {"code": 5}, None, THINGS[::-1], "x", [[]], 7)
"""What a list is replaced by, each time by the next."""


_WORDS = {
    "content",
    "record",
    "cooked",
    "creator",
    "objectID",
    "author_id",
    "snippet",
    "media_type",
    "data",
}  # where a post has them


def kind_of(key: str) -> str:
    """What is asked, of whomever and whichever thing."""
    return re.sub(r"did(:|%3A)\w+(:|%3A)\w+(%2F[\w.%]+)?|\d+", "N", key)


KINDS = [
    (platform, kind)
    for platform in PLATFORMS
    for kind in sorted({kind_of(key) for key in replaying.read(platform).exchanges})
]


def posts(done: Crawled) -> set[tuple[str, str]]:
    return {(record.post, record.text) for record in done.records if isinstance(record, PostRecord)}


def another(item: dict[str, Any], number: int) -> dict[str, Any]:
    """A copy that is a post of its own: another address, another id, however these are written."""
    kind = next((kind for kind in ("comment", "post") if isinstance(item.get(kind), dict)), None)
    if kind and "creator" in item:
        return {**item, kind: another(item[kind], number)}
    named = {k: f"{v}/odd{number}" if "://" in str(v)[:8] else v for k, v in item.items()}
    told = item.get("id")
    placed = {name: str(5_000_000 + number) for name in ("post_number", "objectID") if name in item}
    if "kind" in item and isinstance(item.get("data"), dict):
        return {**item, "data": another(item["data"], number)}
    if isinstance(told, str) and {"author_id", "created_utc"} & item.keys():
        return {**item, "id": str(5_000_000 + number)}
    return {**named, **placed, "id": {"$t": f"{told['$t']}{number}"} if isinstance(told, dict) else 5_000_000 + number}


def odd_elements(item: str) -> Iterator[str]:
    """Copies of an item of a feed, each at an address of its own, with something odd in the place of an element."""
    copy = re.sub(r"(https?://[^<\"#]*/)(?=[<\"#])", r"\1odd/", item)
    for found, odd in itertools.product(re.finditer(r"(?s)<([\w:]+)[^>]*>([^<]+)</\1>", copy), ODD):
        yield copy[: found.start(2)] + html.escape(str(odd)).replace("\0", "&#0;") + copy[found.end(2) :]
        yield copy[: found.start()] + copy[found.end() :]


def with_odd_items(body: Any, numbers: itertools.count[int]) -> Any:
    """A list of posts and copies of its first one, each a post of its own with an odd value somewhere in it."""
    listed = replaying.list_in(body)
    if listed and isinstance(listed[0], str):
        return replaying.with_list(body, [*listed, *odd_elements(listed[-1])])
    if not (listed and isinstance(listed[0], dict) and not _WORDS.isdisjoint(listed[0])):
        return body
    if isinstance(listed[0].get("id"), dict) and "$t" not in listed[0]["id"]:
        return body  # where to find posts, which are not in it
    items = []
    for number, (path, odd) in zip(numbers, itertools.product(paths(listed[0]), ODD), strict=False):
        if number % 5 == 0:
            items.append(changed(another(listed[0], number), path, odd))
    return replaying.with_list(body, [*listed, *items])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_odd_value_in_any_place_costs_only_its_item(platform: str, tmp_path: Path) -> None:
    recording, numbers = replaying.read(platform), itertools.count()
    whole = replaying.collect(recording, tmp_path / "whole")
    odd = replaying.collect(
        replaying.read(platform), tmp_path / "odd", change=lambda key, body: with_odd_items(body, numbers)
    )
    assert odd.code in (0, 4), odd.err
    assert posts(odd) >= posts(whole)


@pytest.mark.parametrize(("platform", "kind"), KINDS)
def test_an_odd_answer_costs_only_its_list(platform: str, kind: str, tmp_path: Path) -> None:
    odd = itertools.cycle(BODIES)

    for turn in range(4):

        def spoilt(key: str, body: Any, turn: int = turn) -> Any:
            if kind_of(key) != kind:
                return body
            return replaying.with_list(body, next(odd)) if turn == 3 and replaying.list_in(body) else next(odd)

        done = replaying.collect(replaying.read(platform), tmp_path / str(turn), change=spoilt)
        assert done.code in (0, 1, 2, 4), done.err  # 1: without its tags a blog shows no hashtag
        assert "in the log of the crawl" not in done.err
