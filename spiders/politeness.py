"""When a server may be asked again: its stated limits, Retry-After, and back-off where it says nothing."""

from __future__ import annotations

import logging
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
_FINAL_FAILURES = frozenset(("tls", "forbidden_address", "too_large"))
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
        while (wait := self._holds.get(host, (0.0, ""))[0] - clock.now().timestamp()) > 0:
            self._say(host, wait)
            await clock.pause(min(wait, 30.0))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Heed the stated limit; ask again after 429 and passing errors, until the attempts are used up."""
        captured_at: datetime = request.meta["captured_at"]
        headers = {str(name).lower(): str(value) for name, value in response.headers.to_unicode_dict().items()}
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
        if not isinstance(exception, UnreachableError) or exception.kind in _FINAL_FAILURES:
            return None
        return self._again(request, None, exception.kind)

    def _heed(self, request: Request, limit: Limit | None) -> None:
        collect = self._run.campaign.collect
        if limit is None:
            self._hold(request, collect.delay_seconds, "pause")
        elif limit.is_spent(collect.share_of_limit):
            self._hold(request, min(limit.seconds_to_reset, self._max_wait), "rate limit")

    def _again(self, request: Request, asked: float | None, why: str) -> Request | None:
        attempts = request.meta.get("attempts", 1)
        first = self._limit_backoff if why == "HTTP 429" else self._backoff
        wait = first * 2 ** (attempts - 1) if asked is None else asked
        most = request.meta.get("max_attempts", self._max_attempts)
        if attempts >= most or wait > request.meta.get("max_wait", self._max_wait):
            return None
        self._hold(request, wait, why)
        self._crawler.stats.inc_value(f"passerelle/again/{why}")
        return request.replace(meta={**request.meta, "attempts": attempts + 1}, dont_filter=True)

    def _hold(self, request: Request, seconds: float, why: str) -> None:
        if not self._run.tape.replaying and seconds > 0:
            self._holds[urlsplit(request.url).netloc] = clock.now().timestamp() + seconds, why

    def _say(self, host: str, wait: float) -> None:
        self.waited += min(wait, 30.0)
        if wait >= 1:
            _log.info("%s: waiting %d s (%s)", host, round(wait), self._holds[host][1])
