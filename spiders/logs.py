"""What Scrapy's log may say: what went wrong, and on which host; never a record, nor an address that names somebody."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from passerelle.wording import spoken, typeset

PROGRESS = "passerelle.collect"  # our own lines, which people read while a crawl goes on


class Discreet(LogFormatter):
    """Scrapy's lines about errors without their items and URLs."""

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A record could not be landed."""
        return _line("a %(kind)s could not be landed: %(error)s", kind=type(item).__name__, error=_name(exception))

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """A record was dropped."""
        return _line("a %(kind)s was dropped: %(error)s", kind=type(item).__name__, error=_name(exception))

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        """An answer could not be read."""
        return _line(
            "an answer of %(host)s could not be read: %(error)s", host=_host(request), error=_name(failure.value)
        )

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """A request got no answer."""
        return _line("no answer from %(host)s: %(error)s", host=_host(request), error=_name(failure.value))


def hush_client() -> None:
    """Have Scrapy's client say errors only: below them it tells addresses, which may name somebody or hold our token.

    What was cut or too large our own line says.
    """
    logging.getLogger("scrapy.core.downloader.handlers").setLevel(logging.ERROR)


def tell(host: str, en: str, fr: str) -> None:
    """One line of progress about `host`, in the language of this process."""
    logging.getLogger(PROGRESS).info("%s", typeset(f"{host} : {fr}") if spoken() == "fr" else f"{host}: {en}")


def _line(message: str, **facts: str) -> LogFormatterResult:
    return {"level": logging.ERROR, "msg": message, "args": facts}


def _name(error: BaseException | None) -> str:
    return type(error).__name__


def _host(request: Request) -> str:
    return urlsplit(request.url).netloc
