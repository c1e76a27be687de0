"""When a server may be asked again: its stated limits, Retry-After, and back-off where it says nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from passerelle import clock
from spiders.limits import Limit, asked_wait, stated_limit
from spiders.run import Run, run_of
from spiders.vault_handler import UnreachableError, request_key

AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_FINAL_FAILURES = frozenset(("tls", "forbidden_address", "too_large", "encoding"))
_LONGEST_PAUSE = 30.0  # at a time, so that a stop is noticed
_WORTH_SAYING = 1.0
_log = logging.getLogger("passerelle.collect")


class Politeness:
    """Downloader middleware: waits before a request to a server, asks again after a passing failure."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        settings = crawler.settings
        self._max_attempts = settings.getint("PASSERELLE_MAX_ATTEMPTS")
        self._backoff = settings.getfloat("PASSERELLE_BACKOFF_SECONDS")
        self._limit_backoff = settings.getfloat("PASSERELLE_LIMIT_BACKOFF_SECONDS")
        self._max_wait = settings.getfloat("PASSERELLE_MAX_WAIT_SECONDS")
        self._holds: dict[str, tuple[float, str]] = {}  # by host: until when, and why
        self._answered: dict[str, float] = {}  # by host: when the last attempt ended
        self.waited = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        return cls(crawler)

    @property
    def _run(self) -> Run:
        return run_of(self._crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the server allows the next request; what stands on the tape needs no waiting."""
        if self._run.tape.holds(request_key(request)):
            return
        host = urlsplit(request.url).netloc
        while True:
            until, why = self._until(host, request)
            wait = until - clock.now().timestamp()
            if wait <= 0:
                return
            self._say(host, wait, why)
            await clock.pause(min(wait, _LONGEST_PAUSE))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Heed the stated limit; ask again after 429 and passing errors, until the attempts are used up."""
        self._ended(request)
        captured_at: datetime = request.meta["captured_at"]
        headers = {name.decode("latin-1").lower(): values[0].decode("latin-1") for name, values in _headers(response)}
        limit = stated_limit(headers, captured_at)
        if response.status in AGAIN:
            wait = asked_wait(headers, captured_at)
            if wait is None and response.status == 429 and limit is not None:
                wait = limit.seconds_to_reset
            return self._again(request, wait, f"HTTP {response.status}") or response
        self._heed(request, limit)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Ask again after a connection that failed; a refused certificate or address stays refused."""
        self._ended(request)
        if not isinstance(exception, UnreachableError) or exception.kind in _FINAL_FAILURES:
            return None
        return self._again(request, None, exception.kind)

    def _heed(self, request: Request, limit: Limit | None) -> None:
        collect = self._run.campaign.collect
        if limit is None:
            self._hold(request, collect.delay_seconds, "pause")
        elif limit.is_spent(collect.share_of_limit):
            # a reset that is over while the limit is still spent is a stale one: no reason to hurry
            self._hold(request, min(max(limit.seconds_to_reset, self._backoff), self._max_wait), "rate limit")

    def _again(self, request: Request, asked: float | None, why: str) -> Request | None:
        attempts = request.meta.get("attempts", 1)
        first = self._limit_backoff if why == "HTTP 429" and asked is None else self._backoff
        wait = max(first * 2 ** (attempts - 1), asked or 0.0)  # a wait that is over already backs off like none
        most = request.meta.get("max_attempts", self._max_attempts)
        if attempts >= most or wait > request.meta.get("max_wait", self._max_wait):
            if why == "HTTP 429" or asked is not None:
                self._hold(request, min(wait, self._limit_backoff), why)  # the next thing is not asked for at once
            return None
        self._hold(request, wait, why)
        self._crawler.stats.inc_value(f"passerelle/again/{why}")
        return request.replace(meta={**request.meta, "attempts": attempts + 1}, dont_filter=True)

    def _hold(self, request: Request, seconds: float, why: str) -> None:
        if not self._run.tape.replaying and seconds > 0:
            self._holds[urlsplit(request.url).netloc] = clock.now().timestamp() + seconds, why

    def _ended(self, request: Request) -> None:
        self._answered[urlsplit(request.url).netloc] = clock.now().timestamp()

    def _until(self, host: str, request: Request) -> tuple[float, str]:
        """When `host` may be asked, and what holds us: a limit, a back-off, or the delay of its robots.txt."""
        delay = min(request.meta.get("crawl_delay", 0.0), self._max_wait)
        return max(
            self._holds.get(host, (0.0, "")),
            (self._answered.get(host, 0.0) + delay, "robots.txt") if delay else (0.0, ""),
        )

    def _say(self, host: str, wait: float, why: str) -> None:
        self.waited += min(wait, _LONGEST_PAUSE)
        if wait >= _WORTH_SAYING:
            _log.info("%s: waiting %d s (%s)", host, round(wait), why)


def _headers(response: Response) -> Iterable[tuple[bytes, list[bytes]]]:
    return ((name, values) for name, values in response.headers.items() if values)
