"""What a platform says of its stream: where it is, how a frame is read, what a refusal means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol

from passerelle.vault import Attempt

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST_US = int(datetime(2022, 11, 1, tzinfo=UTC).timestamp() * 1e6)  # no stream is older
Meaning = Literal["elsewhere", "too_old", "rate_limit", "unreachable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlace:
    """Where a stream was read to: the time of the newest event (microseconds since 1970), and the number that `server`
    gave it. Another server numbers its own way.
    """

    at_us: int
    number: int | None = None
    server: str = ""


class Frame(NamedTuple):
    """One frame, read. An ``event`` has a place (`at_us`, `number`: None where it says none); a ``notice`` says
    something of the stream, and whether it `skips` what was asked for; an ``end`` is the last of a connection;
    ``other`` is an event of a kind that nobody here knows.
    """

    kind: Literal["event", "notice", "end", "other"]
    at_us: int | None = None
    number: int | None = None
    what: Any = None
    skips: bool = False


class Stream(Protocol):
    """One platform's stream, which any of its `servers` gives, back to `lookback` ago; each has `num_doors` addresses,
    tried one by one.
    """

    servers: Sequence[str]
    num_doors: int
    lookback: timedelta

    def address(self, base: str, door: int, place: StreamPlace | None, *, by_time: bool = False) -> str:
        """Where the stream is from `place` on, that event included; by its time alone where its number is no use."""

    def frame(self, data: bytes) -> Frame:
        """What a frame says. Raises ValueError for what is none."""

    def means(self, attempt: Attempt) -> Meaning:
        """What a refusal before the first frame says of this door."""
