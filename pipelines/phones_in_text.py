"""Telephone numbers in running text, as they are written in France, Belgium, Switzerland and Canada, or abroad."""

from __future__ import annotations

import re

import phonenumbers

REGIONS = ("FR", "BE", "CH", "CA")
"""Where a number without a country's code may be from."""
_MAYBE = re.compile(
    r"(?<![\w.+/\-])(?:\(?\+\s?\(?\d|\(?00[1-9]|\(?0\d|\(?[2-9]\d\d\)?[\s.\-]\d\d\d[\s.\-]\d)[\d\s.\-/()\u2010-\u2013]{3,24}"
    r"(?<=\d)(?!\w|[.,/:]\d|\s?[€%])"
)
_ENOUGH = re.compile(r"(?:\d[\s.\-/()\u2010-\u2013]{0,3}){7}\d")
_DATE = re.compile(r"\d{1,2}[./\-\s]\d{1,2}[./\-\s](?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d[./\-]\d\d[./\-]\d\d")
_DIGITS = re.compile(r"\d+")
_LEAST, _MOST = 8, 15


def hide_phones(words: str) -> str:
    """`words` with ``[phone]`` for every number that somebody can be rung at."""
    return _MAYBE.sub(_hidden, words) if _ENOUGH.search(words) else words


def _hidden(match: re.Match[str]) -> str:
    """The sign, and what a longer run of digits holds after the number."""
    found = match[0]
    ends = [place.end() for place in _DIGITS.finditer(found)]
    for end in reversed(ends):
        if _is_phone(found[:end]):
            return "[phone]" + hide_phones(found[end:])
    return found


def _is_phone(found: str) -> bool:
    groups = _DIGITS.findall(found)
    digits = "".join(groups)
    if not _LEAST <= len(digits) <= _MOST + 2 or "\n" in found or _DATE.search(found):
        return False
    if "+" in found or digits.startswith("00"):
        return _is_possible("+" + (digits if "+" in found else digits[2:]), found)
    if any(len(group) == 5 for group in groups):
        return False  # postcodes
    return any(_parsed(digits, region) for region in REGIONS)


def _is_possible(digits: str, found: str) -> bool:
    trunk = re.sub(r"\(0\)", "", found)
    return _parsed(digits, None) or _parsed("+" + "".join(_DIGITS.findall(trunk)).removeprefix("00"), None)


def _parsed(digits: str, region: str | None) -> bool:
    """Whether the digits are a number that is given out in `region`, with the sign that begins it; None: with a +."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return False
    if region is None:
        return phonenumbers.is_valid_number(number)
    begins = digits.startswith("0") if region != "CA" else len(digits) == 10 and not digits.startswith("0")
    return begins and phonenumbers.is_valid_number(number)
