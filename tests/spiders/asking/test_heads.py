"""The head of an answer: a header that has no possible name costs itself, not the answer."""

from __future__ import annotations

from typing import Any

from twisted.internet.testing import StringTransport
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from spiders.asking.heads import _Parser


def head(*lines: bytes) -> Headers:
    ended: list[Any] = []
    parser = _Parser(Request(b"GET", b"/", Headers({b"host": [b"ville.test"]}), None), ended.append)
    parser.makeConnection(StringTransport())
    parser.dataReceived(b"\r\n".join([b"HTTP/1.1 200 OK", *lines, b"Content-Length: 0", b"", b""]))
    assert ended == [b""]
    return parser.response.headers


def test_a_header_whose_name_is_no_name_is_passed_over() -> None:
    headers = head("X-Été: é".encode(), b"X \x1bA: b", b"X-Kept: caf\xe9")
    assert headers.getRawHeaders(b"x-kept") == [b"caf\xe9"]
    assert len(list(headers.getAllRawHeaders())) == 1
