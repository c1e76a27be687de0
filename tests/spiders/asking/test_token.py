"""A token in an address: sent, and nowhere else."""

from __future__ import annotations

import logging

import pytest
from scrapy import Request
from scrapy.core.downloader.handlers import http11

from spiders.asking.token import Token
from spiders.logs import hush_client

CANARY = "canary/7f3a|x"


def test_the_request_itself_never_holds_it() -> None:
    request = Request("https://api.test/list?q=a#then=b")
    token = Token(CANARY, "key")
    token.goes_with(request)
    assert request.url == "https://api.test/list?q=a#then=b"
    assert token.on(request.url) == "https://api.test/list?q=a&key=canary%2F7f3a%7Cx#then=b"
    assert token.on("https://api.test/list?key=-&q=a") == "https://api.test/list?key=canary%2F7f3a%7Cx&q=a"
    assert "canary" not in repr(token) + repr(request)
    assert request.headers.get("Authorization") is None


def test_one_without_a_parameter_is_a_header() -> None:
    request = Request("https://api.test/list")
    Token("word").goes_with(request)
    assert (request.headers["Authorization"], Token("word").on(request.url)) == (b"Bearer word", request.url)


@pytest.mark.parametrize(
    "body",
    [
        b'{"next": "https://api.test/list?key=canary%2F7f3a%7Cx&after=b"}',
        b'{"next": "https:\\/\\/api.test\\/list?key=canary\\/7f3a|x&after=b"}',
        b"the key canary/7f3a|x is over",
    ],
)
def test_what_repeats_it_is_kept_without_it(body: bytes) -> None:
    assert b"canary" not in Token(CANARY, "key").out_of(body)
    assert b"canary" not in Token(CANARY).out_of(body)


def test_a_short_one_is_no_word_of_a_text() -> None:
    assert Token("CLE", "key").out_of(b"CLE, key=CLE") == b"CLE, key=-"


@pytest.mark.parametrize("level", [logging.DEBUG, logging.WARNING])
def test_the_library_tells_no_address(level: int, caplog: pytest.LogCaptureFixture) -> None:
    hush_client()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger(http11.__name__).log(level, "Got data loss in %s", "https://api.test/list?key=canary")
    assert caplog.messages == []
