"""How far a stream was read, and what it skipped: the first event that comes tells a gap, or the server says it."""

from __future__ import annotations

from spiders.streaming.shape import EARLIEST_US, Meaning, StreamPlace

_TOLERANCE = 60_000_000  # microseconds between two events of a whole network: a longer silence is a gap


class Track:
    """The place of one run's stream. It never goes back.

    `since_us` is from when on all is known, `gaps` what is not, as (from, to). `is_first`: the next event is the first
    of its connection; `skips`: the server said that it does not begin where it was asked to. `failure` is why there is
    no connection, where there is none.
    """

    def __init__(self, place: StreamPlace | None) -> None:
        self.place = place
        self.is_first = True
        self.skips = False
        self.by_time = False
        self.since_us: int | None = None
        self.gaps: list[tuple[int, int]] = []
        self.num_steps = 0
        self.failure: Meaning | None = None
        self._server = ""

    def open(self, server: str) -> None:
        """A connection was opened."""
        self._server, self.is_first, self.failure = server, True, None

    def refuse(self, meaning: Meaning) -> None:
        """A connection was not opened."""
        self.failure = meaning
        if meaning == "too_old":
            self.skips = self.by_time = True

    def step_over(self) -> None:
        """What comes next is too large to be taken: begin behind it the next time, and further behind it each time."""
        self.num_steps += 1
        self.skips = True

    def onward(self, start: StreamPlace) -> StreamPlace:
        """Where to go on; at `start` where nothing was read yet."""
        place = self.place or start
        if not self.num_steps:
            return place
        step = 2**self.num_steps
        number = None if place.number is None else place.number + step
        return StreamPlace(
            at_us=place.at_us + (step if number is None else 0) * 1_000_000, number=number, server=place.server
        )

    def moves_to(self, at_us: int, number: int | None, latest_us: int) -> bool:
        """Move on to an event; False where its time cannot be, which moves nothing."""
        if not EARLIEST_US <= at_us <= latest_us:
            return False
        if self.is_first:
            self._begin(at_us, number)
        before = self.place
        if before is None or before.server != self._server:
            self.place = StreamPlace(
                at_us=max(at_us, before.at_us if before else 0), number=number, server=self._server
            )
        else:
            newest = max(filter(None, (number, before.number)), default=None)
            self.place = StreamPlace(at_us=max(at_us, before.at_us), number=newest, server=self._server)
        return True

    def is_back(self, at_us: int | None, number: int | None) -> bool:
        """Whether an event stands before one that came earlier in this connection."""
        place = self.place
        is_same = place is not None and place.server == self._server and not self.is_first
        return bool(is_same and place and number and place.number and number < place.number)

    def _begin(self, at_us: int, number: int | None) -> None:
        before, self.is_first, self.num_steps = self.place, False, 0
        if before is None:
            self.since_us = at_us
            return
        is_same = before.server == self._server and number is not None and number == before.number
        if not is_same and at_us > before.at_us and (self.skips or at_us > before.at_us + _TOLERANCE):
            self.gaps.append((before.at_us, at_us))
            self.since_us = at_us
        elif self.since_us is None:
            self.since_us = before.at_us
        if (
            before.server == self._server
            and number is not None
            and before.number is not None
            and number < before.number
        ):
            self.place = StreamPlace(at_us=before.at_us, number=None, server=self._server)  # it numbers anew
        self.skips = self.by_time = False
