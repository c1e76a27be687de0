"""The body of an answer: out of its coats (gzip, deflate, br, zstd), and read as JSON, XML or HTML.

As little as can be is lost: what is broken in a body costs itself.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Callable
from typing import Any, Literal

import brotli
import zstandard
from parsel import Selector
from w3lib.encoding import html_to_unicode

from spiders.asking.depth import shallow
from spiders.asking.laborious import check_attributes, check_parts

MARKUP = "HTML instead of JSON"
# a coat that holds more than this many bytes of zstd window is no web server's
_ZSTD_WINDOW = 8 * 1024 * 1024
_PIECE = 512  # of zstd at a time: a piece cannot burst into much before it is looked at
_MAX_MEMBERS = 1000
_GZIP = b"\x1f\x8b"
_LONGEST_NUMBER = 300
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_PLAIN = frozenset(("", "identity", "none", "utf-8", "binary"))


class UnknownEncodingError(Exception):
    """A Content-Encoding that nobody here can undo."""


class TooLargeError(Exception):
    """More bytes than an answer may have, once out of its coat."""


class CutError(Exception):
    """A coat that ends before its content does, or is torn."""


def undressed(body: bytes, encoding: str, max_size: int) -> bytes:
    """`body` without the coats that the header `encoding` names, outermost last.

    Raises UnknownEncodingError, TooLargeError (a bomb is stopped where it bursts) or CutError.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        if name in _PLAIN or not body:
            continue
        if name not in _COATS:
            raise UnknownEncodingError(f"the answer's content encoding '{name[:20]}' is not known")
        try:
            body = _COATS[name](body, max_size)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise CutError(f"{name}: {error}") from None
        if len(body) > max_size:
            raise TooLargeError(f"more than {max_size} bytes once out of {name}")
    return body


def parsed(body: bytes) -> Any:
    """The JSON in `body`. Raises ValueError.

    Bytes that are no text become U+FFFD, so does half a surrogate pair; what is nested too deep to be read is null.
    """
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")
    has_halves = _LONE_SURROGATE.search(body) is not None
    try:
        return _loaded(text, has_halves)
    except RecursionError:
        return _loaded(shallow(text), has_halves)


def as_json(body: bytes, content_type: str) -> Any:
    """A JSON body. Raises ValueError with what it is not."""
    check_parts(body, b"[", b"{")
    try:
        return parsed(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(MARKUP if is_markup(body) else f"no JSON: {error}"[:200]) from None


def as_xml(body: bytes, content_type: str) -> Selector:
    """An XML body, in whatever encoding it says, without entities of its own. Raises ValueError."""
    return _selected(body, content_type, "xml")


def as_html(body: bytes, content_type: str) -> Selector:
    """A page for people, read as browsers do. Raises ValueError."""
    return _selected(body, content_type, "html")


def _selected(body: bytes, content_type: str, kind: Literal["html", "xml"]) -> Selector:
    if not is_markup(body):
        raise ValueError(f"no {kind.upper()}")
    check_parts(body, b"<")
    check_attributes(body)
    _, text = html_to_unicode(content_type, body)
    return Selector(text=text, type=kind)


def _loaded(text: str, has_halves: bool) -> Any:
    payload = json.loads(text, parse_int=_whole_number)
    return _sound(payload) if has_halves else payload


def decoded_text(body: bytes) -> str:
    """A text file's content, whatever Unicode it is written in; bytes that are no text become U+FFFD."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    return body.decode("utf-8-sig", "replace")


def is_markup(body: bytes) -> bool:
    """Whether a page for people came where data were asked for."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _gunzipped(body: bytes, max_size: int) -> bytes:
    """All members of a gzip file; what follows the last of them is padding."""
    plain = b""
    for _ in range(_MAX_MEMBERS):
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain += _inflated(inflater, body, max_size - len(plain))
        body = inflater.unused_data
        if not body.startswith(_GZIP) or len(plain) > max_size:
            return plain
    raise TooLargeError(f"more than {_MAX_MEMBERS} gzip members")


def _deflated(body: bytes, max_size: int) -> bytes:
    """With zlib's head, as the standard wants, or without, as some servers do."""
    try:
        return _inflated(zlib.decompressobj(), body, max_size)
    except zlib.error:
        return _inflated(zlib.decompressobj(-zlib.MAX_WBITS), body, max_size)


def _inflated(inflater: Any, body: bytes, max_size: int) -> bytes:
    plain: bytes = inflater.decompress(body, max_size + 1)
    if not inflater.eof and len(plain) <= max_size:
        raise CutError("the compressed stream is cut short")
    return plain


def _unbrotlied(body: bytes, max_size: int) -> bytes:
    decoder = brotli.Decompressor()
    plain: bytes = decoder.process(body, output_buffer_limit=max_size + 1)
    if not decoder.is_finished() and len(plain) <= max_size:
        raise CutError("the compressed stream is cut short")
    return plain


def _unzstd(body: bytes, max_size: int) -> bytes:
    """All frames of a zstd stream."""
    pieces: list[bytes] = []
    size = 0
    for _ in range(_MAX_MEMBERS):
        decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        for start in range(0, len(body), _PIECE):
            pieces.append(decoder.decompress(body[start : start + _PIECE]))
            size += len(pieces[-1])
            if decoder.eof or size > max_size:
                break
        body = decoder.unused_data + body[start + _PIECE :]
        if size > max_size or (decoder.eof and not body):
            return b"".join(pieces)
        if not decoder.eof:
            raise CutError("the compressed stream is cut short")
    raise TooLargeError(f"more than {_MAX_MEMBERS} zstd frames")


_COATS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
    "zstd": _unzstd,
}


def _whole_number(digits: str) -> int | None:
    # Python refuses to read longer ones, and would refuse the page with them
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_sound(item) for item in value]
    if isinstance(value, dict):
        return {_sound(name): _sound(item) for name, item in value.items()}
    return value
