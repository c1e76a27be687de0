"""The one door to the network: answers from the tape, else asks live and writes every attempt down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response, TextResponse
from scrapy.utils.request import fingerprint
from twisted.internet.error import ConnectError, ConnectionClosed

from passerelle.vault import Attempt
from passerelle.vault.model import kept_headers
from spiders.asking.bodies import CutError, TooLargeError, UnknownEncodingError, undressed
from spiders.asking.guard import FORBIDDEN, REFUSED, ForbiddenAddressError, may_be_asked
from spiders.asking.heads import BoundedHandler, HeadTooLargeError
from spiders.asking.run import Run, run_of
from spiders.asking.token import Token

_FAILURES: dict[type[Exception], str] = {
    DownloadConnectionRefusedError: "refused",
    CannotResolveHostError: "dns",
    DownloadTimeoutError: "timeout",
    DownloadCancelledError: "too_large",
    ResponseDataLossError: "cut",
    CutError: "cut",
    TooLargeError: "too_large",
    HeadTooLargeError: "too_large",
    UnknownEncodingError: "encoding",
    DownloadFailedError: "reset",
    ForbiddenAddressError: FORBIDDEN,
    ConnectError: "refused",
    ConnectionClosed: "reset",
}
_CAUGHT = tuple(_FAILURES)


class UnreachableError(Exception):
    """No answer came; `kind` is the vault's one word for why, `captured_at` when that was known."""

    def __init__(self, kind: str, detail: str, captured_at: datetime) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.captured_at = captured_at


class VaultHandler(BaseDownloadHandler):
    """A download handler around Scrapy's own. Live and replayed answers are built from the same attempt."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._live = BoundedHandler.from_crawler(crawler)
        self._max_size = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        """The next answer to `request`. Raises UnreachableError where none came, PasserelleError on a replay miss.

        What holds a secret (`unrecorded` in its meta) passes by the tape.
        """
        run = run_of(self.crawler)
        key = request_key(request)
        if request.meta.get("unrecorded"):
            return _answer(request, await self._ask(request, run, key, 0))
        ordinal = run.tape.next_ordinal(key)
        attempt = run.tape.recorded(key, ordinal, request.url)
        if attempt is None:
            attempt = run.barring(await self._ask(request, run, key, ordinal))
            run.tape.keep(attempt)
        return _answer(request, attempt)

    async def close(self) -> None:
        """Close idle connections."""
        await self._live.close()

    async def _ask(self, request: Request, run: Run, key: str, ordinal: int) -> Attempt:
        attempt = await self._attempt(request, run, key, ordinal)
        token: Token | None = request.meta.get("token")
        return attempt if token is None else _without(token, attempt)

    async def _attempt(self, request: Request, run: Run, key: str, ordinal: int) -> Attempt:
        try:
            if run.connect_to is None:
                may_be_asked(request.url, request.meta.get("proxy"), is_here=run.is_here)
            response = await self._live.download_request(_sent(request, run.connect_to))
            headers = {name.decode("latin-1").lower(): values for name, values in response.headers.items()}
            encoding = b",".join(headers.get("content-encoding", [])).decode("latin-1")
            body = undressed(response.body, encoding, self._max_size)
        except _CAUGHT as error:
            kind, detail = _failure(error, urlsplit(request.url).hostname or "")
            return Attempt(
                url=request.url, fingerprint=key, ordinal=ordinal, captured_at=run.now(), failure=kind, detail=detail
            )
        return Attempt(
            url=request.url,
            fingerprint=key,
            ordinal=ordinal,
            captured_at=run.now(),
            status=response.status,
            headers=kept_headers(headers),
            body=body,
        )


def request_key(request: Request) -> str:
    """What makes two requests the same: method, URL and body; never headers, which hold the token."""
    return fingerprint(request).hex()


def _answer(request: Request, attempt: Attempt) -> Response:
    request.meta["captured_at"] = attempt.captured_at
    if attempt.failure is not None:
        raise UnreachableError(attempt.failure, attempt.detail, attempt.captured_at)
    headers = dict(attempt.headers)
    return TextResponse(attempt.url, status=attempt.status, headers=headers, body=attempt.body, request=request)


def _sent(request: Request, connect_to: str | None) -> Request:
    """The request as it goes over the line."""
    token: Token | None = request.meta.get("token")
    if token is not None:
        request = request.replace(url=token.on(request.url))
    if connect_to is None:
        return request
    parts = urlsplit(request.url)
    headers = {**request.headers, "Host": parts.netloc}
    return request.replace(url=urlunsplit(parts._replace(scheme="http", netloc=connect_to)), headers=headers)


def _without(token: Token, attempt: Attempt) -> Attempt:
    """What came, without what we sent: a server may repeat the address it was asked for."""
    headers = tuple((name, token.out_of(value.encode()).decode()) for name, value in attempt.headers)
    detail = token.out_of(attempt.detail.encode()).decode()
    return replace(attempt, headers=headers, body=token.out_of(attempt.body), detail=detail)


def _failure(error: Exception, name: str) -> tuple[str, str]:
    """One word for why no answer came from the host `name`, and what is known of it on one line."""
    if isinstance(error, CannotResolveHostError) and name in REFUSED:
        error = ForbiddenAddressError(REFUSED[name])
    error = next((reason for reason in _reasons(error) if isinstance(reason, HeadTooLargeError)), error)
    text = " ".join(str(error).split())[:200]
    if "certificate" in text or "SSL" in text:
        return "tls", text
    return next(word for kind, word in _FAILURES.items() if isinstance(error, kind)), text


def _reasons(error: BaseException) -> Iterator[BaseException | None]:
    """What Twisted gives as the reasons of a failed response."""
    for failure in getattr(error.__cause__, "reasons", ()):
        yield failure.value
