"""Posts that wait for what they answer or quote, which the server names by an id of its own until it shows it."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, replace

from passerelle.records import RELATIONS, PostRecord
from spiders.collecting.names import LocalNames


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A post and the ids of what it refers to; `author` is the local id of whom it answers.

    `campaign` posts are worth asking for their parents; `keep` is whether what was yielded of it is remembered.
    """

    record: PostRecord
    natives: tuple[str, ...]
    author: str | None
    campaign: bool
    keep: bool

    def settled(self, names: LocalNames) -> PostRecord:
        """The record with what is known by now in the place of the ids, and what stays `only_local`."""
        found = {names.stand_in(native): names.posts.get(native) for native in self.natives}
        record = self.record
        if uri := found.get(record.reply_to or ""):
            record = replace(record, reply_to=uri)
        if uri := found.get(record.quote_of or ""):
            record = replace(record, quote_of=uri)
        if record.reply_to_author is None and self.author:
            record = replace(record, reply_to_author=names.accounts.get(self.author))
        unknown = {stand_in for stand_in, uri in found.items() if uri is None}
        return replace(record, only_local=tuple(name for name in RELATIONS if getattr(record, name) in unknown))


class WaitingRoom:
    """All that wait in a crawl, in order. They lie on disk (a temporary file): people's histories hold many."""

    def __init__(self) -> None:
        self._db = _temporary("CREATE TABLE waiting (number INTEGER PRIMARY KEY, post BLOB)")

    def add(self, post: Waiting) -> None:
        """Have one more post wait."""
        self._db.execute("INSERT INTO waiting (post) VALUES (?)", (pickle.dumps(post),))

    def __iter__(self) -> Iterator[Waiting]:
        """All that wait, first come first."""
        for (post,) in self._db.execute("SELECT post FROM waiting ORDER BY number"):
            yield pickle.loads(post)  # noqa: S301 - this process wrote it

    def clear(self) -> None:
        """Nobody waits any more."""
        self._db.execute("DELETE FROM waiting")


class ShownPosts(MutableMapping[str, str]):
    """Native id -> URI of every post that was shown in a crawl, on disk (a temporary file)."""

    def __init__(self) -> None:
        self._db = _temporary("CREATE TABLE shown (native TEXT PRIMARY KEY, uri TEXT) WITHOUT ROWID")

    def __getitem__(self, native: str) -> str:
        found = self._db.execute("SELECT uri FROM shown WHERE native = ?", (native,)).fetchone()
        if found is None:
            raise KeyError(native)
        uri: str = found[0]
        return uri

    def __setitem__(self, native: str, uri: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO shown VALUES (?, ?)", (native, uri))

    def __delitem__(self, native: str) -> None:
        self._db.execute("DELETE FROM shown WHERE native = ?", (native,))

    def __iter__(self) -> Iterator[str]:
        return (native for (native,) in self._db.execute("SELECT native FROM shown ORDER BY native"))

    def __len__(self) -> int:
        num: int = self._db.execute("SELECT count(*) FROM shown").fetchone()[0]
        return num


def _temporary(table: str) -> sqlite3.Connection:
    """A database that nobody else sees and that is gone with the process: no journal, no waiting for the disk."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(table)
    return connection
