"""UTF-8 that was read in another character set, as Facebook and Instagram write their exports: put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spiders.archives.columns import MappedRow


def put_right(row: MappedRow, encoding: str) -> dict[str, Any]:
    """`row`, its names and texts as they were before they were read in `encoding`; what cannot have been stays."""
    return {_text(name, encoding): _value(value, encoding) for name, value in row.items()}


def _value(value: Any, encoding: str) -> Any:
    if isinstance(value, str):
        return _text(value, encoding)
    if isinstance(value, list):
        return [_value(one, encoding) for one in value]
    return put_right(value, encoding) if isinstance(value, Mapping) else value


def _text(text: str, encoding: str) -> str:
    if text.isascii():
        return text
    try:
        return text.encode(encoding).decode("utf-8")
    except UnicodeError:
        return text
