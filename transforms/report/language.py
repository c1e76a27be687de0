"""French and English: texts, numbers, days and weeks as a careful typesetter would set them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from passerelle.errors import UsageError
from passerelle.weeks import week_bounds
from passerelle.wording import LANGUAGES, NARROW, WIDE, decimal, english, french, printed

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `texts` are sentences with ``{places}``, already typeset."""

    code: str
    texts: Mapping[str, Any]

    @property
    def is_french(self) -> bool:
        """French typography applies."""
        return self.code == "fr"

    def say(self, key: str, **values: object) -> str:
        """The sentence at ``section.name`` with `values` in its places. Raises KeyError where either is missing."""
        section, _, name = key.partition(".")
        sentence: str = self.texts[section][name]
        return sentence.format_map(values)

    def number(self, value: float, digits: int = 0, *, signed: bool = False) -> str:
        """``1 234,5`` or ``1,234.5``; with a true minus, and a plus if `signed`."""
        plain = decimal(abs(value), digits, self.code)
        if float(f"{abs(value):.{digits}f}") == 0:
            return plain
        return (MINUS if value < 0 else "+" if signed else "") + plain

    def counted(self, count: int, noun: str) -> str:
        """``1 appel``: the number and one of ``nouns``, singular from nought on in French, for one alone in English."""
        singular, plural = self.texts["nouns"][noun]
        return (french if self.is_french else english)(count, singular, plural)

    def percent(self, share: float) -> str:
        """A share of 1 as a whole percentage: ``43 %`` or ``43%``."""
        return self.number(100 * share) + (NARROW if self.is_french else "") + "%"

    def points(self, points: float) -> str:
        """``+3 points``; nought is singular in French, plural in English."""
        is_one = abs(round(points)) == 1 or (self.is_french and round(points) == 0)
        return self.say("words.point" if is_one else "words.points", value=self.number(points, signed=True))

    def hours(self, hours: float, *, signed: bool = False) -> str:
        """``6,2 h``; no decimals of a whole number, nor from 10 on."""
        is_whole = abs(hours) >= 10 or hours == round(hours)
        return self.number(hours, 0 if is_whole else 1, signed=signed) + NARROW + "h"

    def ratio(self, ratio: float) -> str:
        """A ratio with two significant digits or so."""
        return self.number(ratio, 2 if ratio < 1 else 1)

    def interval(self, low: str | None, high: str | None) -> str:
        """``41 à 58 %``: the unit once (but ``41% to 58%``); an end that is None is left open."""
        if low is None and high is None:
            return self.say("words.undefined")
        if high is None:
            return self.say("words.open_interval", low=low)
        if low is None:
            return self.say("words.from_interval", high=high)
        unit = high.rpartition(NARROW)[2]
        shared = "" if unit[:1].isdigit() or unit == high else NARROW + unit
        return self.say("words.interval", low=low.removesuffix(shared), high=high)

    def week_number(self, week: str) -> str:
        """``semaine 47``."""
        return self.say("words.week", number=int(week[-2:]))

    def span(self, week: str | None, num_weeks: int) -> str:
        """``en semaine 47``, or over the 8 weeks up to it; nothing without a week."""
        if week is None:
            return ""
        return self.say("words.in_week" if num_weeks == 1 else "words.over_eight", week=self.week_number(week))

    def week(self, week: str) -> str:
        """``semaine 47 (16–22 novembre 2026)``."""
        return f"{self.week_number(week)} ({self.week_days(week)})"

    def week_days(self, week: str) -> str:
        """``16–22 novembre 2026``, naming months and years once where both ends share them."""
        first = week_bounds(week)[0].date()
        last = date.fromordinal(first.toordinal() + 6)
        if first.month == last.month:
            return f"{self._day_number(first)}–{self.day(last)}"
        start = self.day(first) if first.year != last.year else f"{self._day_number(first)} {self._month(first)}"
        return f"{start} – {self.day(last)}"

    def day(self, day: date) -> str:
        """``1er novembre 2026`` or ``1 November 2026``."""
        return f"{self._day_number(day)}{WIDE}{self._month(day)} {day.year}"

    def moment(self, moment: datetime, zone: str) -> str:
        """Day and hour on a clock of `zone`."""
        here = moment.astimezone(ZoneInfo(zone))
        clock = f"{here.hour}{NARROW}h{NARROW}{here.minute:02d}" if self.is_french else f"{here:%H:%M}"
        return self.say("words.moment", day=self.day(here.date()), clock=clock)

    def _month(self, day: date) -> str:
        name: str = self.texts["words"]["months"][day.month - 1]
        return name

    def _day_number(self, day: date) -> str:
        return "1er" if self.is_french and day.day == 1 else str(day.day)


@cache
def language(code: str) -> Language:
    """The language `code`. Raises UsageError for another than ``fr`` and ``en``."""
    if code not in LANGUAGES:
        raise UsageError(
            en=f"no report in the language '{code}': choose fr or en",
            fr=f"pas de rapport dans la langue « {code} » : choisissez fr ou en",
        )
    source = files(__package__).joinpath("texts", f"{code}.toml").read_text("utf-8")
    return Language(code, {name: _typeset(section, code) for name, section in tomllib.loads(source).items()})


def _typeset(value: Any, code: str) -> Any:
    if isinstance(value, dict):
        return {key: _typeset(inner, code) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typeset(inner, code) for inner in value]
    return printed(str(value), code)
