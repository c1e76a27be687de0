"""A stream on the vault's tape: one sequence of attempts a run, in the order in which they were taken.

Of each connection its beginning and its end, the frames that matter, what could not be read (without its bytes), and
now and then a mark of how far the others went: nothing is kept of a frame that is none of ours.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from passerelle.vault import Attempt
from spiders.asking.run import Run

OPENED, FRAME = 101, 200  # as HTTP statuses
PASSED, UNREAD, CLOSED, SETTLED = "passed", "unread", "closed", "settled"  # as failures
TOO_LARGE = "too_large"  # how we ended a connection: the next frame is more than we take
_JSON = (("content-type", "application/json"),)


class StreamTape:
    """The sequence of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._key = hashlib.sha1(f"stream {run.server.kind} {run.source}".encode()).hexdigest()  # noqa: S324 - a name

    def on_record(self) -> Iterator[Attempt]:
        """What was taken before: all of a replay, or of a run that was cut."""
        return self._run.tape.on_record(self._key)

    def keep(self, attempt: Attempt) -> Attempt:
        """Write down what was taken now; returned as it will be read again."""
        placed = replace(attempt, fingerprint=self._key, ordinal=self._run.tape.next_ordinal(self._key))
        placed = self._run.barring(placed)
        self._run.tape.keep(placed)
        return placed

    def made(
        self, url: str, *, status: int = 0, body: bytes = b"", failure: str | None = None, detail: str = ""
    ) -> Attempt:
        """An attempt of now."""
        at, headers = self._run.now(), _JSON if body else ()
        return Attempt(
            url=url,
            fingerprint="",
            ordinal=0,
            captured_at=at,
            status=status,
            headers=headers,
            body=body,
            failure=failure,
            detail=detail,
        )


def told(facts: Mapping[str, Any]) -> str:
    """What a mark says, on one line."""
    return json.dumps(facts, separators=(",", ":"), sort_keys=True)
