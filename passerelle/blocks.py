"""Who is not to be collected: keyed marks, from which nobody can be named.

A mark is a keyed hash of a pseudonym: of an account, a handle, a link that leads to somebody, a post of theirs. What
is landed is looked up by it; who has neither the lake's key nor the person's name learns nothing of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

import orjson

from passerelle.errors import DamagedError
from passerelle.files import write_whole

Cause = Literal["erased", "asked", "profile"]
"""Somebody was erased, asked to be left out, or says so in the profile."""
CAUSES: tuple[Cause, ...] = get_args(Cause)
OPTED_OUT = "opted_out"
SCHEMA = "passerelle.blocks/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One person who is left out `since` a moment, and why; `reason` is a word of `passerelle/policy.py`.

    `source` is the server whose profile said so.
    """

    marks: tuple[str, ...]
    since: str
    cause: Cause
    reason: str = OPTED_OUT
    source: str = ""

    @property
    def is_erased(self) -> bool:
        """Whether what was there of them was erased."""
        return self.cause == "erased"

    @property
    def name(self) -> str:
        """What it is called in a list: it names nobody."""
        return self.marks[0][:12]


class Blocks(Collection[str]):
    """The blocks of a lake, asked by pseudonym: one is in it whose owner is left out, but for what profiles say."""

    def __init__(self, key: bytes, blocks: Iterable[Block] = ()) -> None:
        self._key = key
        self.blocks: tuple[Block, ...] = tuple(blocks)
        self._by_mark = {mark: block for block in self.blocks for mark in block.marks}
        self._kept: dict[str, str] = {}

    def __contains__(self, pseudonym: object) -> bool:
        found = self._found(str(pseudonym))
        return found is not None and found.cause != "profile"

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_mark)

    def __len__(self) -> int:
        return len(self._by_mark)

    def mark(self, pseudonym: str) -> str:
        """The mark of a pseudonym: 24 hexadecimal digits."""
        if not self._by_mark:
            return _mark(self._key, pseudonym)
        if pseudonym not in self._kept:
            self._kept[pseudonym] = _mark(self._key, pseudonym)
        return self._kept[pseudonym]

    def wish(self, pseudonym: str) -> Block | None:
        """What the profile of an account said that is not shown any more, or not here."""
        found = self._found(pseudonym)
        return found if found is not None and found.cause == "profile" else None

    def adding(self, pseudonyms: Iterable[str], since: datetime, cause: Cause) -> Blocks:
        """These blocks and one more person, by every name of theirs; what is known already is not said twice."""
        marks = tuple(dict.fromkeys(map(self.mark, pseudonyms)))
        return self.joined([Block(marks=marks, since=since.isoformat(), cause=cause)]) if marks else self

    def joined(self, more: Iterable[Block]) -> Blocks:
        """These blocks and `more`. A mark stands in one only: that somebody objected weighs more than their profile."""
        kept = list(self.blocks)
        for new in more:
            firm = {mark for block in kept for mark in block.marks if block.cause in (new.cause, "erased")}
            firm |= {mark for block in kept for mark in block.marks if new.cause == "profile" != block.cause}
            if new.cause == "profile":  # what it says now counts
                firm -= {mark for block in kept for mark in block.marks if block.cause == "profile"}
            marks = tuple(mark for mark in new.marks if mark not in firm)
            if marks:
                kept = [*_less(kept, set(marks)), replace(new, marks=marks)]
        return Blocks(self._key, kept)

    def without(self, pseudonyms: Iterable[str]) -> Blocks:
        """These blocks without every one that holds one of `pseudonyms`."""
        gone = set(map(self.mark, pseudonyms))
        return Blocks(self._key, [block for block in self.blocks if gone.isdisjoint(block.marks)])

    def lifting(self, marks: Iterable[str]) -> Blocks:
        """These blocks without what profiles said of the accounts with these marks."""
        told, others = ([b for b in self.blocks if (b.cause == "profile") is so] for so in (True, False))
        return Blocks(self._key, [*others, *_less(told, set(marks))])

    def by_mark(self, mark: str) -> Block | None:
        """The block that holds a mark."""
        return self._by_mark.get(mark)

    def as_json(self) -> list[dict[str, Any]]:
        """For a file or a manifest."""
        return [{**asdict(block), "marks": list(block.marks)} for block in self.blocks]

    def _found(self, pseudonym: str) -> Block | None:
        return self._by_mark.get(self.mark(pseudonym)) if self._by_mark else None


def _less(blocks: Iterable[Block], marks: set[str]) -> list[Block]:
    less = (replace(block, marks=tuple(mark for mark in block.marks if mark not in marks)) for block in blocks)
    return [block for block in less if block.marks]


def read_blocks(path: Path, key: bytes) -> Blocks:
    """The blocks in a file; none where there is none. Raises DamagedError for one that cannot be read."""
    if not path.exists():
        return Blocks(key)
    try:
        return Blocks(key, map(parse_block, orjson.loads(path.read_bytes())["blocks"]))
    except (ValueError, TypeError, KeyError):
        raise DamagedError(
            en=f"{path}: cannot be read, so that nobody knows who objected; put your copy of it back",
            fr=f"{path} : illisible, on ne sait donc plus qui s'est opposé ; remettez-y votre copie",
        ) from None


def write_blocks(path: Path, blocks: Blocks) -> None:
    """Write the file whole, for its owner's eyes only."""
    content = {"schema": SCHEMA, "blocks": blocks.as_json()}
    write_whole(path, orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    path.chmod(0o600)


def parse_block(value: Mapping[str, Any]) -> Block:
    """One block as it was written. Raises TypeError or KeyError for what is none."""
    marks, cause = tuple(str(mark) for mark in value["marks"]), value["cause"]
    if not marks or cause not in CAUSES:
        raise TypeError("no block")
    more = {name: str(value.get(name, "")) for name in ("since", "source")}
    return Block(marks=marks, cause=cause, reason=str(value.get("reason", OPTED_OUT)), **more)


def _mark(key: bytes, pseudonym: str) -> str:
    return hashlib.blake2b(pseudonym.encode(), key=key, person=b"block", digest_size=12).hexdigest()
