"""What a person must be told of an import: lines that could not be read, and what was understood without being said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from passerelle.records import DeletionRecord, MalformedRecord, PostRecord, Record
from spiders.archives.cells import BY_MODERATORS, GONE_AUTHOR

EMPTY_FILE = "empty file"
UNKNOWN_FORMAT = "no known archive format"


@dataclass(slots=True)
class Tally:
    """Counts lines (rows, objects) and the posts in them, read and unread; keeps the first trouble and the remarks.

    `posts` and `lost` count what stands in the lines: one line may hold a page of posts.
    """

    lines: int = 0
    unread: int = 0
    posts: int = 0
    lost: int = 0
    first: MalformedRecord | None = None
    reasons: Counter[str] = field(default_factory=Counter)
    remarks: dict[str, str] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The share of what could not be read: of lines, or of posts where that is more."""
        return max(self.unread / max(1, self.lines), self.lost / max(1, self.posts + self.lost))

    def note(self, records: Sequence[Record]) -> None:
        """Count what one line gave."""
        self.lines += 1
        bad = 0
        for record in records:
            if isinstance(record, MalformedRecord):
                bad += self._note_trouble(record)
            elif isinstance(record, PostRecord):
                self.posts += not record.embedded
        self.lost += bad
        self.unread += bool(bad) and not any(isinstance(record, (PostRecord, DeletionRecord)) for record in records)

    def _note_trouble(self, record: MalformedRecord) -> bool:
        """A post whose author is gone, or whose words are, was read, though it cannot be kept."""
        self.first = self.first or record
        self.reasons[record.reason] += 1
        return not record.reason.endswith((GONE_AUTHOR, BY_MODERATORS))

    def say(self, en: str, fr: str) -> None:
        """Keep one sentence in both languages, once."""
        self.remarks.setdefault(en, fr)
