"""Bodies as servers and proxies pack them: read where they can be, bounded always."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from spiders.asking.bodies import (
    CutError,
    TooLargeError,
    UnknownEncodingError,
    as_html,
    as_json,
    as_xml,
    decoded_text,
    is_markup,
    parsed,
    undressed,
)
from spiders.collecting.blogs.feeds import as_feed

MOST = 100_000
PLAIN = b'[{"id": "1"}]' * 100
Pack = Callable[[bytes], bytes]


def _raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data)[2:-4]


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def _in_two(pack: Pack) -> Pack:
    return lambda data: pack(data[:7]) + pack(data[7:])


COATS: dict[str, tuple[str, Pack]] = {
    "gzip": ("gzip", gzip.compress),
    "GZip": (" GZip ", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "two members": ("gzip", _in_two(gzip.compress)),
    "padded": ("gzip", lambda data: gzip.compress(data) + b"\0" * 9),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", _zstd),
    "two frames": ("zstd", _in_two(_zstd)),
    "two coats": ("br, gzip", lambda data: gzip.compress(brotli.compress(data))),
    "identity": ("identity", lambda data: data),
    "a charset in the wrong header": ("UTF-8", lambda data: data),
    "none": ("", lambda data: data),
}


@pytest.mark.parametrize("name", COATS)
def test_every_coat_is_taken_off(name: str) -> None:
    encoding, pack = COATS[name]
    assert undressed(pack(PLAIN), encoding, MOST) == PLAIN


@pytest.mark.parametrize("name", ["gzip", "two members", "deflate", "br", "zstd", "two frames"])
def test_a_bomb_is_stopped_and_a_cut_is_told(name: str) -> None:
    encoding, pack = COATS[name]
    with pytest.raises(TooLargeError, match=str(MOST)):
        undressed(pack(b"a" * (MOST * 50)), encoding, MOST)
    with pytest.raises(CutError):
        undressed(pack(PLAIN)[:-9], encoding, MOST)
    with pytest.raises(CutError):
        undressed(b"{}" * 20, encoding, MOST)
    assert undressed(pack(b"a" * MOST), encoding, MOST) == b"a" * MOST


def test_a_thousand_small_members_are_a_bomb_too() -> None:
    with pytest.raises(TooLargeError, match="members"):
        undressed(gzip.compress(b"") * 2000, "gzip", MOST)
    with pytest.raises(TooLargeError, match="frames"):
        undressed(_zstd(b"") * 2000, "zstd", MOST)


def test_an_unknown_coat_is_named() -> None:
    with pytest.raises(UnknownEncodingError, match="compress"):
        undressed(b"x", "compress", MOST)


def test_nothing_has_no_coat() -> None:
    assert undressed(b"", "gzip", MOST) == b""


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": "caf\xe9", "b": "ok"}', {"a": "caf\ufffd", "b": "ok"}),
        (b'["\xed\xa0\x80"]', ["\ufffd\ufffd\ufffd"]),
        (b'["\\ud83d\\ude00 \\ud83d", {"\\udc00": 1}]', ["\U0001f600 \ufffd", {"\ufffd": 1}]),
        (b'\xef\xbb\xbf["x"]', ["x"]),
        ('["é"]'.encode("utf-16"), ["é"]),
        (b"[1" + b"0" * 5000 + b", 2]", [None, 2]),
    ],
    ids=["no UTF-8", "a surrogate's bytes", "half a pair", "a byte order mark", "UTF-16", "a number without end"],
)
def test_what_cannot_be_read_costs_itself_only(body: bytes, value: object) -> None:
    assert parsed(body) == value


@pytest.mark.parametrize("body", [b"", b"<html>", b'["cut', b"\0", b"\xff\xfe"])
def test_what_is_no_json_is_told(body: bytes) -> None:
    with pytest.raises(json.JSONDecodeError):
        parsed(body)


def test_a_page_for_people_is_known_by_its_first_sign() -> None:
    assert is_markup(b"\xef\xbb\xbf\n <!DOCTYPE html>")
    assert not is_markup(b"[]")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_robots_txt_is_read_in_any_unicode(encoding: str) -> None:
    assert decoded_text("User-agent: é".encode(encoding)) == "User-agent: é"


def test_xml_is_read_in_the_encoding_that_it_says_and_names_no_file() -> None:
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><a><b>été</b></a>'.encode("latin-1")
    assert as_xml(latin, "").xpath("//b/text()").get() == "été"
    spying = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>[&x;]</a>'
    assert as_xml(spying, "").xpath("string(/a)").get() == "[]"


def test_a_page_is_read_in_the_encoding_of_its_head_and_broken_as_it_is() -> None:
    page = as_html("<ul><li>déjà<li>là".encode("cp1252"), "text/html; charset=windows-1252")
    assert page.css("li::text").getall() == ["déjà", "là"]


@pytest.mark.parametrize("read", [as_xml, as_html])
@pytest.mark.parametrize("body", [b"", b"{}", b"bonjour"])
def test_what_is_no_markup_is_said(read: Callable[[bytes, str], object], body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no (XML|HTML)"):
        read(body, "")


def test_markup_where_json_was_asked_for_is_named() -> None:
    with pytest.raises(ValueError, match="HTML instead of JSON"):
        as_json(b"<html>", "")


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (as_json, b"[" + b"{}," * 1_000_001 + b"1]"),
        (as_html, b"<b>" * 1_000_001),
        (as_html, b"<b " + b" ".join(b"a%d" % number for number in range(100_000)) + b">"),
        (as_html, b"<b " + b" ".join(b"a%d='>'" % number for number in range(100)) + b">"),
        (as_xml, b"<b " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/>"),
        (as_feed, b"<b " + b" ".join(b'a%d="1"' % number for number in range(100_000)) + b"/>"),
        (as_feed, b"<feed>" + b"<a>" * 300_001),
        (as_feed, b"<feed><entry><content>" + b"&lt;b&gt;" * 300_001),
    ],
)
def test_what_would_take_a_parser_minutes_is_not_parsed(read: Callable[[bytes, str], object], body: bytes) -> None:
    with pytest.raises(ValueError, match="more than"):
        read(body, "")


def test_an_element_of_as_many_words_as_there_are_in_a_drawing_is_read() -> None:
    drawing = b"<svg><path d='" + b"M 1 2 " * 50_000 + b"' class=x></path></svg>" + b"<p " + b"a=1 " * 60 + b">x</p>"
    assert as_html(drawing, "").css("p::text").get() == "x"
