"""Lists inside a cell: JSON, Python, R, PostgreSQL, or words with something between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

import orjson

from spiders.archives.cells import BLANKS, bare_cell
from spiders.archives.fields import FieldError

_R = re.compile(r"(?:c|list)\((.*)\)\Z|character\(0\)\Z", re.DOTALL)
_ARRAY = re.compile(r"array\((\[.*\])(?:,\s*dtype=[^()]*)?\)\Z", re.DOTALL)
_NUMPY = re.compile(r"""\[\s*(?:'[^']*'|"[^"]*")(?:\s+(?:'[^']*'|"[^"]*"))+\s*\]\Z""")
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)\"""")
_BETWEEN = re.compile(r"[\s,;|]+")
_MOST = 200_000
Item = str | Mapping[str, Any]


def items(value: Any, separator: str, column: str) -> list[Item]:
    """What a cell lists: words, or objects where it holds JSON or Python ones. Raises FieldError."""
    if isinstance(value, (list, tuple, set)):
        return [item for one in value for item in _item(one, column)]
    if value is None or isinstance(value, Mapping):
        return [value] if value else []
    if isinstance(value, (bool, float)):
        if value == value:
            raise FieldError(column)
        return []
    text = bare_cell(str(value))
    if text in BLANKS or not text:
        return []
    if text[0] in "[{(" or _R.match(text) or _ARRAY.match(text):
        return _bracketed(text, column)
    parts = _BETWEEN.split(text) if separator == " " else text.split(separator)
    return [name for part in parts if (name := part.strip()) and name not in BLANKS]


def _item(one: Any, column: str) -> list[Item]:
    if isinstance(one, Mapping):
        return [one]
    if one is None or isinstance(one, (list, tuple, set, bool)) or one != one:
        return [] if not one else items(one, " ", column)
    text = bare_cell(str(one))
    return [text] if text and text not in BLANKS else []


def _bracketed(text: str, column: str) -> list[Item]:
    if len(text) > _MOST:
        raise FieldError(column)
    if found := _ARRAY.match(text):
        text = found[1]
    if found := _R.match(text):
        inside = found[1] or ""
        named = [one or other for one, other in _QUOTED.findall(inside)]
        return list(named or (name for part in inside.split(",") if (name := part.strip()) and name not in BLANKS))
    if _NUMPY.match(text):
        return [one or other for one, other in _QUOTED.findall(text)]
    return _written(text, column)


def _written(text: str, column: str) -> list[Item]:
    """A list as JSON or Python write it, else bare words in brackets (PostgreSQL's arrays)."""
    for read in (orjson.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
        return items(sorted(value, key=str) if isinstance(value, set) else value, " ", column)
    inside = text[1:-1]
    if text[-1] not in "]})" or re.search(r"[\[\]{}()]", inside) or ":" in inside:
        raise FieldError(column)
    return [name for part in inside.split(",") if (name := part.strip().strip("'\"")) and name not in BLANKS]
