"""JSON in every way that files hold many objects: one a line, a list, one after the other, behind ``name =``."""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from spiders.archives.fields import NOT_JSON, NOT_OBJECT, Json
from spiders.archives.lines import MAX_LINE_BYTES, Place, lines
from spiders.archives.unpacking import BrokenArchiveError, Reader

MAX_VALUE_CHARACTERS = 4 * MAX_LINE_BYTES
_BLOCK = 1 << 20
_BETWEEN = re.compile(r"[\s,;\x1e\ufeff]*(?:(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]{0,200}\s*=(?!=)\s*)?")
_ONLY_MARKS = re.compile(rb"[\s,;]*[\[\]]?[\s,;]*\Z")
_NEAR_END = 100_000
_NEXT_OBJECT = re.compile(r"\n\s*\[?\s*(?=\{)|\}\s*,\s*(?=\{)")
_HALVES = re.compile(
    rb"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_decoder = json.JSONDecoder(parse_constant=lambda _: None)

Entry = tuple[str, "Json | str"]
"""Where an object stands, and the object, or a text that says why there is none."""


def is_json(head: bytes) -> bool:
    """Whether a content that begins with `head` is JSON rather than a table."""
    text = head[:65_536].decode("utf-8", "replace")
    start = text[_BETWEEN.match(text).end() :]  # type: ignore[union-attr]
    return start.startswith(("{", "["))


def entries(stream: Reader, head: bytes, place: Place) -> Iterator[Entry]:
    """Every object of `stream`, which begins with `head`, in the way that its beginning shows."""
    return _by_line(stream, place) if one_a_line(head) else _by_value(stream, place)


def one_a_line(head: bytes) -> bool:
    """Whether each object has its line, perhaps with a comma behind it, in a list's brackets or not."""
    first = next((line for line in io.BytesIO(head) if not _ONLY_MARKS.match(line)), b"")
    found = _objects(first)
    if not first or (found is not None and not isinstance(found[0], list)):
        return True
    text = head.decode("utf-8", "replace")
    start = _BETWEEN.match(text).end()  # type: ignore[union-attr]
    if found or "=" in text[:start]:
        return False
    try:
        _decoder.raw_decode(text, start + len(text[start:]) - len(text[start:].lstrip("[ \t\r\n")))
        return False
    except RecursionError:
        return True
    except json.JSONDecodeError as error:
        near = min(_NEAR_END, 2) if len(text) < _NEAR_END else _NEAR_END
        return error.pos < len(text.rstrip()) - near and "\n" in text.strip() and "Unterminated" not in error.msg


def _by_line(stream: BinaryIO, place: Place) -> Iterator[Entry]:
    for number, line in lines(stream, place):
        where = f"line {number}"
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            if not _ONLY_MARKS.match(line):
                yield from _mended(line, where)
            continue
        yield from _expanded(value, where)


def _mended(line: bytes, where: str) -> Iterator[Entry]:
    """Objects of a line that is not JSON by itself: commas and brackets around them, several of them, odd numbers."""
    found = _objects(line)
    if found is None:
        yield where, NOT_JSON
        return
    for place, value in enumerate(found, 1):
        yield from _expanded(value, where if len(found) == 1 else f"{where}, object {place}")


def _expanded(value: Any, where: str) -> Iterator[Entry]:
    """The object, or those of a list of objects."""
    if isinstance(value, dict):
        yield where, value
    elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield from ((f"{where}, object {place}", one) for place, one in enumerate(value, 1))
    else:
        yield where, NOT_OBJECT


def _objects(line: bytes) -> list[Any] | None:
    """The values that a line holds beside commas and brackets; None where something else stands there too."""
    line = _HALVES.sub(lambda pair: pair[1] or rb"\ufffd", line).removeprefix(codecs.BOM_UTF8)
    try:
        return [orjson.loads(line)]
    except orjson.JSONDecodeError:
        pass
    try:
        text = line.decode("utf-8").strip(" \t\r\n,;\x1e\x00")
        return _values_of(text) or _values_of(text.removeprefix("[")) or _values_of(text.removesuffix("]").rstrip(" ,"))
    except UnicodeDecodeError:
        return None


def _values_of(text: str) -> list[Any] | None:
    found, at = [], 0
    try:
        while at < len(text):
            value, at = _decoder.raw_decode(text, at)
            found.append(value)
            at = re.compile(r"[\s,]*").match(text, at).end()  # type: ignore[union-attr]
    except (json.JSONDecodeError, RecursionError):
        return None
    return found or None


class _Buffer:
    """Text that is read as far as it is needed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.text, self.at, self.ended = "", 0, False

    def more(self, size: int = _BLOCK) -> None:
        """Forget what was used and take in `size` bytes."""
        block = self._stream.read(size)
        self.ended = not block
        self.text, self.at = self.text[self.at :] + self._decoder.decode(block, self.ended), 0

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Go over what `pattern` matches here."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def here(self) -> str:
        """The next character; empty at the end."""
        while not self.ended and len(self.text) - self.at < _NEAR_END:
            self.more()
        return self.text[self.at : self.at + 1]


def _by_value(stream: BinaryIO, place: Place) -> Iterator[Entry]:
    """Objects one after the other, in lists or not, over as many lines as they take."""
    buffer, open_lists = _Buffer(stream), 0
    number = 0
    while buffer.here():
        place.line += buffer.skip(_BETWEEN).count("\n")
        mark = buffer.here()
        if mark in ("[", "]"):
            open_lists += 1 if mark == "[" else -1
            buffer.at += 1
        elif mark:
            number += 1
            yield _value(buffer, f"object {number}", place)
    if open_lists > 0 and number:
        raise BrokenArchiveError


def _value(buffer: _Buffer, where: str, place: Place) -> Entry:
    while True:
        try:
            value, end = _decoder.raw_decode(buffer.text, buffer.at)
        except RecursionError:
            return _past_error(buffer, buffer.at + 1, where)
        except json.JSONDecodeError as error:
            is_cut = error.pos > len(buffer.text) - _NEAR_END or "Unterminated" in error.msg
            if not is_cut or buffer.ended or len(buffer.text) - buffer.at > MAX_VALUE_CHARACTERS:
                return _past_error(buffer, error.pos, where)
            buffer.more(max(_BLOCK, len(buffer.text)))
        else:
            place.line += buffer.text.count("\n", buffer.at, end)
            buffer.at = end
            return where, (value if isinstance(value, dict) else NOT_OBJECT)


def _past_error(buffer: _Buffer, at: int, where: str) -> Entry:
    """Go on with what looks like the next object after a broken one."""
    found = _NEXT_OBJECT.search(buffer.text, max(at, buffer.at + 1))
    buffer.at = found.end() if found else len(buffer.text)
    return where, NOT_JSON


def objects_in(content: bytes) -> list[Json]:
    """The objects of a small content that is held whole; those that cannot be read are left out."""
    try:
        found = list(entries(io.BufferedReader(io.BytesIO(content)), content, Place()))
    except BrokenArchiveError:
        return []
    return [value for _, value in found if isinstance(value, dict)]
