"""A stream as it comes: one connection after the other, each frame looked at once, what matters kept."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from passerelle import clock
from passerelle.errors import PasserelleError
from passerelle.hosts import base_url
from passerelle.vault import Attempt
from spiders.asking.guard import FORBIDDEN, reason_in_french
from spiders.asking.limits import asked_wait
from spiders.asking.run import Run
from spiders.logs import tell
from spiders.streaming.sequence import CLOSED, FRAME, PASSED, SETTLED, TOO_LARGE, UNREAD, StreamTape, told
from spiders.streaming.shape import EARLIEST_US, EPOCH, Frame, Stream, StreamPlace
from spiders.streaming.socket import next_frames, open_socket
from spiders.streaming.track import Track

MAX_FAILURES = 6  # in a row; waits between them come to about a minute
_TICK, _TOLD_TICK = 0.25, 1.0  # seconds; with another clock than the system's, after so many it moves on
_QUIET = timedelta(seconds=15)  # of silence, after which there is no more to catch up with
_BACKOFF, _LONGEST_WAIT = 1.0, 60.0
_LONGEST_HOLD = 3600.0
_WORTH_SAYING = 1.0
LOST, TOLD, UNTIL = "lost", "told", "until"  # why it ended: nobody answered, we were told to, the time was over
MARK_EVERY = timedelta(seconds=30)
SKEW = timedelta(days=1)  # of a server's clock before ours
_MICROSECOND = timedelta(microseconds=1)
MAX_UNREAD = 100  # a run; those beyond are counted


class Sifting(Protocol):
    """What looks at frames."""

    track: Track

    def sift(self, data: bytes) -> tuple[int | str | None, Frame | None, str]:
        """What is to be kept of a frame, the frame, and what is wrong with it."""

    def is_due(self, now: datetime) -> bool:
        """Whether what waits is to be settled now."""


class Live:
    """The live part of one run's stream.

    It ends `until` a moment, or where that is None once it is as far as the present was when the run began, or silent;
    at any time when this process is told to end (`is_told_to_end`). `ended` says in a word why.
    """

    def __init__(self, run: Run, stream: Stream, hearing: Sifting, tape: StreamTape, backoff: float = _BACKOFF) -> None:
        self._run, self._stream, self._hearing, self._tape = run, stream, hearing, tape
        self._backoff = backoff
        self._turn = self._door = 0
        self._elsewhere: set[int] = set()
        self._holds: dict[int, datetime] = {}  # by server: until when it asked to be left alone
        self._num_failures = self._num_unread = 0
        self._at_us: int | None = None
        self._number: int | None = None
        self._latest_us = 0
        self._counts: Counter[str] = Counter()
        self._heard_at = self._marked_at = run.now()
        self._url = ""
        self._was_opened = hearing.track.since_us is not None
        self.is_told_to_end = False
        self.ended = ""

    async def attempts(self) -> AsyncIterator[Attempt]:
        """Everything that is to be kept, kept and read in this order."""
        _when_told(self._tell_to_end)
        while await self._has_server():
            attempt, socket = await open_socket(self._address(), self._run)
            self._url = attempt.url
            yield self._tape.keep(attempt)
            if socket is None:
                await self._refused(attempt)
            else:
                self._was_opened = True
                async for attempt in self._connection(socket):
                    yield self._tape.keep(attempt)
        yield self._tape.keep(self._tape.made(self._url, failure=SETTLED))
        yield self._tape.keep(self._mark(end=self.ended))

    def _address(self) -> str:
        track = self._hearing.track
        start = (self._run.clock - self._stream.lookback - EPOCH) // timedelta(microseconds=1)
        place = track.onward(StreamPlace(at_us=start))
        base = base_url(self._stream.servers[self._turn])
        return self._stream.address(base, self._door, place, by_time=track.by_time)

    async def _connection(self, socket: ClientConnection) -> AsyncIterator[Attempt]:
        self._heard_at, closed, self._at_us, self._number = self._run.now(), None, None, None
        self._look_at_the_clock(self._heard_at, is_open=True)
        try:
            while closed is None and not self.ended:
                batch, closed = await next_frames(socket, _TOLD_TICK if clock.is_told() else _TICK)
                if not batch and closed is None and clock.is_told():
                    await clock.pause(MARK_EVERY.total_seconds())
                for data in batch:
                    if attempt := self._heard(data):
                        yield attempt
                now = self._run.now()
                self._heard_at = now if batch else self._heard_at
                if self._hearing.is_due(now):
                    yield self._tape.made(self._url, failure=SETTLED)
                if self._counts and now - self._marked_at >= MARK_EVERY:
                    yield self._mark()
                self._look_at_the_clock(now, is_open=closed is None)
        finally:
            await socket.close()
        if self._counts:
            yield self._mark()
        yield self._tape.made(self._url, failure=CLOSED, detail=_said(closed))
        if closed is not None and not self.ended:
            self._num_failures += self._at_us is None and _said(closed) != TOO_LARGE
            if self._num_failures >= MAX_FAILURES:
                self._end(LOST)
            await self._wait(self._stream.servers[self._turn], self._delay())

    def _heard(self, data: bytes) -> Attempt | None:
        keep, frame, wrong = self._hearing.sift(data)
        if frame is not None:
            self._see(frame)
        if keep == FRAME:
            return self._tape.made(self._url, status=FRAME, body=data)
        if keep == UNREAD:
            self._counts["unread"] += 1
            self._num_unread += 1
            return self._tape.made(self._url, failure=UNREAD, detail=wrong) if self._num_unread <= MAX_UNREAD else None
        self._counts["passed"] += 1
        return self._mark() if keep == PASSED else None

    def _see(self, frame: Frame) -> None:
        """Note how far it is, for the next mark."""
        self._num_failures = 0
        if frame.kind == "other":
            self._counts["unknown_kinds"] += 1
        if frame.at_us is None or not EARLIEST_US <= frame.at_us <= self._latest_us:
            self._counts["impossible_times"] += frame.kind == "event"
            return
        self._at_us = max(frame.at_us, self._at_us or 0)
        if frame.number is not None and self._number is not None and frame.number < self._number:
            self._counts["out_of_order"] += 1
        elif frame.number is not None:
            self._number = frame.number

    def _mark(self, **more: Any) -> Attempt:
        """How far it is, and what passed by since the last mark."""
        facts: dict[str, Any] = {"counts": dict(+self._counts), **more}
        if self._at_us is not None:
            facts |= {"at_us": self._at_us, "number": self._number}
        self._counts.clear()
        self._marked_at = self._run.now()
        return self._tape.made(self._url, failure=PASSED, detail=told(facts))

    def _look_at_the_clock(self, now: datetime, *, is_open: bool) -> None:
        self._latest_us = (now + SKEW - EPOCH) // _MICROSECOND
        if self._run.until is not None and now >= self._run.until:
            self._end(UNTIL)
        elif not self._run.to_present:
            return
        elif (self._at_us or 0) >= (self._run.clock - EPOCH) // _MICROSECOND:
            self._end("present")
        elif is_open and now - self._heard_at >= _QUIET:
            self._end("quiet")

    def _end(self, why: str) -> None:
        self.ended = self.ended or why

    def _tell_to_end(self) -> None:
        self.is_told_to_end = True
        self._end(TOLD if self._run.to_present else UNTIL)

    async def _refused(self, attempt: Attempt) -> None:
        """Try the next door, or the next server after a while; give up after some time."""
        meaning = self._stream.means(attempt)
        if meaning == "too_old" and self._num_failures == 0:
            self._num_failures += 1  # from its time on it is given
            return
        if meaning == "elsewhere":
            self._door += 1
            if self._door < self._stream.num_doors:
                return
            self._elsewhere.add(self._turn)
        if len(self._elsewhere) == len(self._stream.servers) and not self._was_opened:
            raise _no_stream(self._stream.servers[self._turn], attempt)
        self._num_failures += 1
        host = self._stream.servers[self._turn]
        if attempt.failure == FORBIDDEN:
            french = reason_in_french(attempt.detail)
            tell(host, f"not asked: {attempt.detail}", f"non interrogé : {french}")
        if held := asked_wait(dict(attempt.headers), attempt.captured_at):
            self._holds[self._turn] = attempt.captured_at + timedelta(seconds=held)
        self._door, self._turn = 0, (self._turn + 1) % len(self._stream.servers)
        if self._num_failures >= MAX_FAILURES:
            self._end(LOST)
            return
        await self._wait(host, self._delay())

    async def _has_server(self) -> bool:
        """Choose the next one that lets itself be asked now; where none does, wait as told, unless that is too long."""
        now, servers = self._run.now(), self._stream.servers
        order = [(self._turn + place) % len(servers) for place in range(len(servers))]
        order = [one for one in order if one not in self._elsewhere] or order
        turn = min(order, key=lambda one: max(self._holds.get(one, now), now))
        wait = (self._holds.get(turn, now) - now).total_seconds()
        if turn != self._turn:
            self._turn, self._door = turn, 0
        if wait > _LONGEST_HOLD:
            self._end(LOST)
        await self._wait(servers[turn], wait)
        return not self.ended

    def _delay(self) -> float:
        return float(min(_LONGEST_WAIT, self._backoff * 2**self._num_failures) * random.uniform(0.5, 1.5))

    async def _wait(self, host: str, seconds: float) -> None:
        """Wait in small steps: who is told to end ends."""
        if seconds > _WORTH_SAYING:
            tell(
                host,
                f"not connected; tried again in {seconds:.0f} s",
                f"pas de connexion ; nouvel essai dans {seconds:.0f} s",
            )
        while seconds > 0 and not self.ended:
            await clock.pause(min(seconds, 1.0))
            seconds -= 1.0
            if self._run.until is not None and self._run.now() >= self._run.until:
                self._end(UNTIL)


def _when_told(end: Callable[[], None]) -> None:
    """Call `end` where this process is told to end, however often: what was heard has still to land."""

    def told_so(_signal: int, _frame: FrameType | None) -> None:
        end()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told_so)


def _said(closed: ConnectionClosed | None) -> str:
    """How a connection ended: the code and the reason, on one line."""
    if closed is not None and closed.sent is not None and closed.sent.code == CloseCode.MESSAGE_TOO_BIG:
        return TOO_LARGE
    said = closed.rcvd if closed is not None else None
    return "" if closed is None else f"{said.code} {said.reason}"[:200] if said else "cut"


def _no_stream(host: str, attempt: Attempt) -> PasserelleError:
    detail = f"HTTP {attempt.status}"
    return PasserelleError(
        en=f"{host} gives no stream ({detail}); check the source's host, or collect without --stream",
        fr=f"{host} ne donne pas de flux ({detail}) ; vérifiez l'hôte de la source, ou collectez sans --stream",
    )
