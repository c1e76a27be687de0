"""When the rows of an archive were captured: an option, the row itself, the file's name, or the order given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from passerelle.records import PostRecord

_DATE = re.compile(
    r"(?<!\d)(?P<day>(?:19|20)\d\d-?[01]\d-?[0-3]\d)(?:[T_ -]?(?P<time>[0-2]\d[:h-]?[0-5]\d(?:[:-]?[0-5]\d)?))?Z?(?!\d)"
)
_LAST_MOMENT = time(23, 59, 59)
_STEP = timedelta(microseconds=1)


@dataclass(slots=True)
class Capture:
    """Stamps the rows of one file. Later rows get later stamps (by a microsecond), so that the newest is known.

    `base` is the moment of the file; `fixed`: it was given as an option, and wins over what a row says of itself;
    `assumed`: nobody gave it, it is the moment of the import; `row_says`: whether the last row stamped said more.
    """

    source: str
    base: datetime
    fixed: bool = False
    rows: int = 0
    assumed: bool = False
    row_says: bool = False

    def stamp(self, own: datetime | None = None) -> datetime:
        """The capture time of the next row; `own` is what the row says."""
        self.rows += 1
        self.row_says = own is not None
        return (own if own and not self.fixed else self.base) + self.rows * _STEP

    def copy(self) -> Capture:
        """One that stamps the same, and leaves this as it is."""
        return replace(self)

    def not_before_its_time(self, post: PostRecord) -> PostRecord:
        """`post`, captured at the earliest when it was published: all that is known where nobody says when."""
        if self.row_says or not self.assumed:
            return post
        return replace(post, captured_at=max(post.captured_at, post.created_at))


def in_order_of_capture(
    paths: Sequence[Path], clock: datetime, captured_at: datetime | None
) -> list[tuple[Path, datetime]]:
    """`paths`, oldest capture first, each with its moment; those of one moment in the order given.

    A date in a file's name means the end of that day (UTC), a date and time that moment. A file without a date
    counts as captured at `clock`.
    """
    dated = [(path, captured_at or date_in_name(path.name) or clock) for path in paths]
    return sorted(dated, key=lambda pair: pair[1])


def date_in_name(name: str) -> datetime | None:
    """The moment that a file's name states, as in ``tweets-2017-08-26.jsonl`` or ``20170826T0430Z.csv``."""
    for match in _DATE.finditer(name):
        try:
            day = datetime.strptime(match["day"].replace("-", ""), "%Y%m%d").date()  # noqa: DTZ007
            digits = re.sub(r"\D", "", match["time"] or "")
            clock = time.fromisoformat(digits) if digits else _LAST_MOMENT
        except ValueError:
            continue
        return datetime.combine(day, clock, UTC)
    return None
