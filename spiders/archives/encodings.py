"""Any text as UTF-8: what a file is written in, told by its first bytes, declared, or likely; never by its name."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import Path
from typing import Any

from passerelle.errors import UsageError
from spiders.archives.json_values import is_json
from spiders.archives.unpacking import Reader

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "àâäáãåæçéèêëíìîïñóòôöõøœùúûüÿßÀÂÄÁÅÆÇÉÈÊËÍÎÏÑÓÔÖÕØŒÚÙÛÜ«»‘’“”–—…€°·¡¿ºª§£\xa0"
_LIKELY_SHARE, _ALONE_SHARE = 0.95, 0.8
_BROKEN_SHARE = 0.2
_BROKEN = re.compile("[\udc80-\udcff]")
_HIGH_RUN = re.compile("[^\x00-\x7f]+")


def as_utf8(path: Path, name: str, stream: Reader, declared: str | None) -> tuple[Reader, str]:
    """The bytes of `stream` in UTF-8 without a mark at their beginning, and what they were written in.

    A UTF-8 file with some broken bytes stays as it is: they cost their own lines. Raises UsageError for one that
    is neither UTF-8, UTF-16, UTF-32 nor likely Windows-1252, where the mapping does not declare what it is.
    """
    head = stream.peek()
    encoding = _marked(head) or declared or _guess(path, name, head)
    if encoding == "utf-8-sig":
        stream.read(len(codecs.BOM_UTF8))
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return stream, "utf-8"
    return io.BufferedReader(_Recoded(stream, encoding), io.DEFAULT_BUFFER_SIZE * 1024), encoding


def _marked(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), None)


def _guess(path: Path, name: str, head: bytes) -> str:
    sample = head[:65_536]
    if b"\x00" in sample:
        if sample[1::2].count(0) > len(sample) / 6:
            return "utf-16-le"
        if sample[::2].count(0) > len(sample) / 6:
            return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "utf-8"
    except UnicodeDecodeError:
        return _of_broken(path, name, head)


def _of_broken(path: Path, name: str, head: bytes) -> str:
    """UTF-8 if most lines are, Windows-1252 if it reads like a western text."""
    text = head.decode("utf-8", "surrogateescape")
    broken = len(_BROKEN.findall(text))
    if sum(character > "\x7f" for character in text) - broken >= broken:
        return "utf-8"
    if _is_western(head.decode("cp1252", "replace")):
        return "cp1252"
    lines = text.split("\n")
    if is_json(head) or sum(bool(_BROKEN.search(line)) for line in lines) <= _BROKEN_SHARE * len(lines):
        return "utf-8"
    inside = name.removeprefix(path.name)
    raise UsageError(
        en=f"{path}{inside}: not UTF-8, and what else is not clear; save it as UTF-8, or say encoding in its mapping",
        fr=f"{path}{inside} : ni UTF-8 ni un autre encodage reconnaissable ; enregistrez le fichier en UTF-8, ou "
        "précisez encoding dans sa correspondance",
    )


def _is_western(text: str) -> bool:
    """Letters of western languages, mostly alone between ASCII letters: in Cyrillic or Greek they come in rows."""
    runs = _HIGH_RUN.findall(text)
    high = "".join(runs)
    known = sum(character in _WESTERN for character in high)
    alone = sum(len(run) <= 2 for run in runs)
    return known >= _LIKELY_SHARE * len(high) and alone >= _ALONE_SHARE * len(runs)


class _Recoded(io.RawIOBase):
    """The text of another stream in UTF-8."""

    def __init__(self, inner: Reader, encoding: str) -> None:
        self._inner = inner
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._waiting = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as there is something."""
        view, filled = memoryview(buffer), 0
        while filled < len(view):
            if not self._waiting:
                block = self._inner.read(1 << 18)
                self._waiting = self._decoder.decode(block, not block).encode("utf-8", "replace")
                if not block and not self._waiting:
                    break
            number = min(len(view) - filled, len(self._waiting))
            view[filled : filled + number] = self._waiting[:number]
            self._waiting = self._waiting[number:]
            filled += number
        return filled
