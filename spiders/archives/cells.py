"""Cells as programs and spreadsheets leave them: what means nothing, what is an identifier, what is one no more."""

from __future__ import annotations

import re
from typing import Any

from spiders.archives.fields import FieldError

BLANKS = frozenset(
    "NA N/A n/a #N/A <NA> NaN nan NAN -nan NaT null NULL Null None none NONE nil undefined"  # noqa: SIM905
    " \\N [null] (null) (NULL) <null> <NULL> -- - . ? missing <missing> nothing N/D n/d n.a. N.A. #N/D #NV"
    " NA_character_ NA_integer_ NA_real_".split()
)
"""How R, pandas, SQL, SAS, Python, JavaScript, Julia and spreadsheets write an empty cell where they write one."""
GONE = frozenset({"[deleted]", "[removed]", "[supprimé]"})
ROUNDED = "was rounded by a spreadsheet or a program"
A_LIST, AN_ERROR, EMPTY, GONE_AUTHOR = "holds a list", "holds a spreadsheet's error", "is empty", "was deleted"
BY_MODERATORS = "was removed by moderators"
_ERRORS = re.compile(r"#(?:NAME\?|NOM\s?\?|REF!|VALUE!|VALEUR\s?!|DIV/0!|NUM!|NOMBRE\s?!|NULL!|NUL\s?!|#{2,})\Z")
_SCIENTIFIC = re.compile(r"[+-]?(?:\d[.,]\d+[eE]\+?\d{1,3}|\d[eE]\+\d{1,3})\Z")
_FRACTION = re.compile(r"([+-]?\d+)[.,]0*\Z")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3}){2,}\Z|\d{1,3}(?:[\s\u202f’']\d{3}){2,}\Z")
_COUNT_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+\Z|\d{1,3}(?:[\s\u202f’']\d{3})+\Z")
_FORMULA = re.compile(r'="(.*)"\Z')
_UNSEEN = " \t\r\n\xa0\u200b\u200e\u200f\u2060\ufeff"
_EXACT = 2**53
_MOST = 2**63 - 1


def bare_cell(value: str) -> str:
    """A cell without what surrounds its content: blanks, a spreadsheet's mark for text, a formula that is a text."""
    text = value.strip(_UNSEEN)
    if text[:2] == '="' and (found := _FORMULA.match(text)):
        return found[1].strip(_UNSEEN)
    return text[1:] if text[:1] == "'" and text[1:].isdigit() else text


def identifier(value: Any, column: str) -> str | None:
    """An identifier as text; null for a cell that means nothing.

    Raises FieldError for one that is none any more (rounded, a spreadsheet's error) or several (a list).
    """
    if value is None or isinstance(value, (bool, list, dict)):
        if isinstance(value, bool) or value:
            raise FieldError(column, A_LIST if value is not True else "cannot be read")
        return None
    if isinstance(value, float):
        return None if value != value else _whole(value, column)
    text = bare_cell(str(value))
    if not text or text in BLANKS:
        return None
    return _as_identifier(text, column)


def _as_identifier(text: str, column: str) -> str:
    first = text[0]
    if first.isdigit() or first in "+-":
        if text.isdigit():
            return text
        if _SCIENTIFIC.match(text):
            raise FieldError(column, ROUNDED)
        if found := _FRACTION.match(text):
            return _whole(float(found[1]), column)
        return re.sub(r"\D", "", text) if _GROUPED.match(text) else text
    if first == "#" and _ERRORS.match(text):
        raise FieldError(column, AN_ERROR)
    if (first in "[{(" and text not in GONE) or text.startswith(("c(", "list(", "array(")):
        raise FieldError(column, A_LIST)
    return text


def _whole(value: float, column: str) -> str:
    if not value.is_integer() or abs(value) >= _EXACT:
        raise FieldError(column, ROUNDED)
    return str(int(value))


def text_of_cell(value: Any, column: str) -> str:
    """A text as it is; empty for null. Raises FieldError for what is no text."""
    if value is None or value != value:
        return ""
    if isinstance(value, (bool, float, list, dict)):
        raise FieldError(column, A_LIST if isinstance(value, (list, dict)) else "cannot be read")
    text = str(value).strip()
    if text[:1] == "#" and _ERRORS.match(text):
        raise FieldError(column, AN_ERROR)
    return text


def count_of_cell(value: Any, column: str) -> int | None:
    """A whole number; null where the cell means nothing, or says -1. Raises FieldError."""
    if isinstance(value, str):
        value = bare_cell(value)
        if not value or value in BLANKS or value in ("-1", "-1.0"):
            return None
        if _COUNT_GROUPED.match(value):
            value = re.sub(r"\D", "", value)
    if value is None or value == -1 or value != value:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise FieldError(column) from None
    if isinstance(value, bool) or not number.is_integer() or not abs(number) < _MOST:
        raise FieldError(column)
    return int(value) if str(value).isdigit() else int(number)
