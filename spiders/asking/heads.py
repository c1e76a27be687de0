"""Scrapy's HTTP client, with an answer's head bounded: the library bounds the length of a line, not their number."""

from __future__ import annotations

import re
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler

from spiders.logs import hush_client

MAX_BYTES = 128 * 1024
MAX_LINES = 500
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class HeadTooLargeError(Exception):
    """The head of an answer is larger than any honest one."""


class BoundedHandler(HTTP11DownloadHandler):
    """A download handler that reads no endless head."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory
        hush_client()


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: N802
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _Parser  # as its parent does: the library leaves no other way to choose a parser
        return answer


class _Parser(_LenientHTTPClientParser):
    """Counts what it reads of a head; the counters of the class are the zero of each answer."""

    num_bytes = 0
    num_lines = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self.num_bytes += len(line)
        self.num_lines += 1
        if self.num_bytes > MAX_BYTES or self.num_lines > MAX_LINES:
            raise HeadTooLargeError(f"the answer's head is larger than {MAX_LINES} lines or {MAX_BYTES} bytes")
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        if _NAME.fullmatch(name):  # the library takes a header without a possible name for the end of the connection
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802
        raise HeadTooLargeError(f"a line of the answer's head is longer than {self.MAX_LENGTH} bytes")
