"""When a server may be asked again: its stated limits, Retry-After, and back-off where it says nothing.

No wait is longer than ``PASSERELLE_MAX_WAIT_SECONDS``. A server that asks for a longer one is not asked again in this
run (``asks_too_long`` in the answer's meta); a wait that cannot be read, is over, or makes no sense is as if not said.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from passerelle import clock
from passerelle.platforms import PLATFORMS
from spiders.asking.guard import FORBIDDEN
from spiders.asking.limits import Limit, asked_wait, is_capped, stated_limit, told_wait
from spiders.asking.run import Run, run_of
from spiders.asking.turns import Turns, Word, machine_queues
from spiders.asking.vault_handler import UnreachableError, request_key
from spiders.asking.waits import Waits, wait_in_french
from spiders.logs import tell

AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_FINAL_FAILURES = frozenset(("tls", FORBIDDEN, "too_large", "encoding"))
_LONGEST_PAUSE = 30.0  # at a time, so that a stop is noticed
_NUMBER = re.compile(r"\d{2,}")
_MOST_JITTER = 1.25


class Politeness:
    """Downloader middleware: waits before a request to a server, asks again after a passing failure."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._max_attempts = settings.getint("PASSERELLE_MAX_ATTEMPTS")
        self._backoff = settings.getfloat("PASSERELLE_BACKOFF_SECONDS")
        self._limit_backoff = settings.getfloat("PASSERELLE_LIMIT_BACKOFF_SECONDS")
        self._max_wait = settings.getfloat("PASSERELLE_MAX_WAIT_SECONDS")
        self._holds: dict[str, tuple[float, str]] = {}  # by what a limit is of: until when, and why
        self._answered: dict[str, float] = {}  # by host: when the last attempt ended
        self._left: dict[str, int] = {}  # by what it is of: what was left of a limit whose reset was waited for
        self._turns = Turns(machine_queues())
        self.waits = Waits()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        return cls(crawler)

    @property
    def _run(self) -> Run:
        return run_of(self._crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the server allows the next request, whoever asks it; what stands on the tape needs no waiting."""
        if self._run.tape.holds(request_key(request)):
            return
        host = urlsplit(request.url).netloc
        while True:
            self._hear(host, await self._turns.take(host))
            until, why = self._until(host, request)
            wait = until - clock.now().timestamp()
            if wait <= 0:
                return
            self._turns.leave(host)
            pause = min(wait, _LONGEST_PAUSE)
            self.waits.begin(host, wait, why, pause)
            await clock.pause(pause)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Heed the stated limit; ask again after 429 and passing errors, until the attempts are used up."""
        with self._ended(request):
            return self._heard(request, response)

    def _heard(self, request: Request, response: Response) -> Request | Response:
        captured_at: datetime = request.meta["captured_at"]
        headers = {name.decode("latin-1").lower(): values[0].decode("latin-1") for name, values in _headers(response)}
        row = PLATFORMS[self._run.server.kind]
        limit = stated_limit(headers, captured_at, row.limits)
        if response.status in AGAIN and is_capped(response.body, row.capped):
            return response
        if response.status in AGAIN:
            wait, why = asked_wait(headers, captured_at), f"HTTP {response.status}, Retry-After"
            if wait is None and response.status == 429:
                wait = told_wait(response.body, row.wait)
            if wait is None and response.status == 429 and limit is not None:
                wait, why = limit.seconds_to_reset, "HTTP 429, rate limit"
            # a time that makes no sense is the server's own clock that is wrong: it did not mean us to wait for long
            is_void = wait is None and (limit is not None or "retry-after" in headers)
            silent = f"HTTP {response.status}" + (", rate limit without a reset" if is_void else "")
            return self._again(request, wait, why if wait else silent) or response
        self._heed(request, limit)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a connection that failed; a refused certificate or address stays refused."""
        with self._ended(request):
            return self._missed(request, exception)

    def _missed(self, request: Request, exception: Exception) -> Request | None:
        if not isinstance(exception, UnreachableError) or exception.kind in _FINAL_FAILURES:
            return None
        return self._again(request, None, exception.kind)

    def _heed(self, request: Request, limit: Limit | None) -> None:
        collect, place = self._run.campaign.collect, self._place(request)
        before = self._left.pop(place, None)
        if limit is None:
            self._hold(request, collect.delay_seconds, "pause")
        elif limit.is_spent(collect.share_of_limit):
            # a reset that is over, or that gave nothing back, is none: no reason to hurry, nor to wait for it again
            is_void = before is not None and limit.remaining <= before
            if self._waits_for(request, limit, None if is_void else limit.seconds_to_reset) or is_void:
                self._left[place] = limit.remaining

    def _waits_for(self, request: Request, limit: Limit, reset: float | None) -> bool:
        """Whether the next request waits for the `reset`; without one it backs off."""
        if reset is None or (reset > self._max_wait and limit.remaining > 0):  # what is left is used slowly
            self._hold(request, self._backoff, "rate limit without a reset")
            return False
        if reset > self._max_wait:
            self._close(request, reset, "rate limit")
            return False
        self._hold(request, max(reset, self._backoff), "rate limit")
        return True

    def _again(self, request: Request, asked: float | None, why: str) -> Request | None:
        attempts = request.meta.get("attempts", 1)
        first = self._limit_backoff if why == "HTTP 429" else self._backoff
        wait = max(min(first * 2 ** (attempts - 1) * _jitter(), self._max_wait), asked or 0.0)
        most = request.meta.get("max_attempts", self._max_attempts)
        if wait > self._max_wait:
            self._close(request, wait, why)
            return None
        if attempts >= most or wait > request.meta.get("max_wait", self._max_wait):
            if why.startswith("HTTP 429") or asked is not None:
                self._hold(request, asked or self._limit_backoff, why)  # the next thing is not asked for at once
            return None
        self._hold(request, wait, f"{why}, attempt {attempts} of {most}")
        self._crawler.stats.inc_value(f"passerelle/again/{why.partition(',')[0]}")
        return request.replace(meta={**request.meta, "attempts": attempts + 1}, dont_filter=True)

    def _close(self, request: Request, seconds: float, why: str) -> None:
        request.meta["asks_too_long"] = True
        if not self._run.tape.replaying:
            asked, most = round(seconds), round(self._max_wait)
            en = f"not asked again in this run: it asks for a wait of {asked} s ({why}), {most} s is the longest"
            fr = f"plus rien ne lui est demandé : attente exigée de {asked} s ({wait_in_french(why)}), {most} s au plus"
            tell(urlsplit(request.url).netloc, en, fr)

    def _hold(self, request: Request, seconds: float, why: str) -> None:
        if not self._run.tape.replaying and seconds > 0:
            self._holds[self._place(request)] = clock.now().timestamp() + seconds, why

    def _place(self, request: Request) -> str:
        """What a limit is of: a host, or where its questions have a limit each, one kind of them."""
        parts = urlsplit(request.url)
        is_each = PLATFORMS[self._run.server.kind].limits_each
        return parts.netloc + (_NUMBER.sub("N", parts.path) if is_each else "")

    @contextmanager
    def _ended(self, request: Request) -> Iterator[None]:
        """The attempt is over: once it is known what it means for the next one, that one may begin."""
        host, now = urlsplit(request.url).netloc, clock.now().timestamp()
        self._answered[host] = now
        try:
            yield
        finally:
            holds = {place: hold for place, hold in self._holds.items() if _is_of(place, host) and hold[0] > now}
            self._turns.leave(host, Word(now, holds))

    def _hear(self, host: str, word: Word) -> None:
        """Heed what the last one who asked `host` left; a wait longer than any was left by a clock that is off."""
        latest = clock.now().timestamp() + self._max_wait
        for place, (until, why) in word.holds.items():
            if _is_of(place, host) and self._holds.get(place, (0.0, ""))[0] < until <= latest:
                self._holds[place] = until, why
        if self._answered.get(host, 0.0) < word.answered <= latest:
            self._answered[host] = word.answered

    def _until(self, host: str, request: Request) -> tuple[float, str]:
        """When `host` may be asked, and what holds us: a limit, a back-off, or the delay of its robots.txt."""
        delay = min(request.meta.get("crawl_delay", 0.0), self._max_wait)
        return max(
            self._holds.get(self._place(request), (0.0, "")),
            (self._answered.get(host, 0.0) + delay, "robots.txt") if delay else (0.0, ""),
        )


def _jitter() -> float:
    """A little more each time: who failed together is not to come back together. None under another clock."""
    return 1.0 if clock.is_told() else random.uniform(1.0, _MOST_JITTER)


def _is_of(place: str, host: str) -> bool:
    """Whether what a limit is of is that host, or a kind of question to it."""
    return place == host or place.startswith(f"{host}/")


def _headers(response: Response) -> Iterable[tuple[bytes, list[bytes]]]:
    return ((name, values) for name, values in response.headers.items() if values)
