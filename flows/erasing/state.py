"""Crawl states without somebody: nothing is asked about them any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from flows.erasing.person import Person
from passerelle.files import write_whole
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from spiders.collecting.forgotten import without_people


def erase_states(lake: Lake, person: Person, pseudonyms: Pseudonyms) -> int:
    """Write each crawl state anew that tells of them. Returns how many did; one that is damaged is left as it is."""
    told = 0
    for path in sorted(lake.state.glob("*.json")) if lake.state.is_dir() else ():
        state = _read(path.read_bytes())
        left = state_without(state, person, pseudonyms)
        if left != state:
            write_whole(path, orjson.dumps(left, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
            told += 1
    return told


def domains(lake: Lake) -> dict[str, str]:
    """By host, the domain that its server completes names with."""
    found: dict[str, str] = {}
    for path in sorted(lake.state.glob("*.json")) if lake.state.is_dir() else ():
        state = _read(path.read_bytes())
        host, domain = str(state.get("run_id", "")).partition("-")[2], str(state.get("domain") or "")
        if host and domain:
            found[host] = domain
    return found


def state_without(state: dict[str, Any], person: Person, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """`state` (as `CrawlState` writes it) without them: accounts by identity, posts by name, the rest by both."""
    is_theirs: Callable[[str], bool] = lambda identity: pseudonyms.account(identity) in person.account_ids  # noqa: E731
    is_post: Callable[[str], bool] = lambda uri: pseudonyms.post(uri) in person.post_ids  # noqa: E731
    words = [word.casefold() for word in person.words]
    return without_people(state, is_theirs, is_post, lambda text: any(word in text.casefold() for word in words))


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
