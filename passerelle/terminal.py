"""What reaches a terminal: words, line ends and tabs; no character that moves a cursor, turns a line or hides one."""

from __future__ import annotations

import re
import sys
from typing import Any, TextIO, cast

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """`text` with a sign in place of each control character; a line end of other systems is one."""
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n"))


class Harmless:
    """A text stream that writes only what is harmless, whoever said it: a server, a file, its name."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write `text`."""
        self._stream.write(harmless(text))
        return len(text)

    def isatty(self) -> bool:
        """False: who sees a terminal adds colours, which are control characters."""
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard() -> None:
    """Let this process write only what is harmless. To be called before anything keeps stdout or stderr."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, Harmless):
            setattr(sys, name, cast("TextIO", Harmless(stream)))
