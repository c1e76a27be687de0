"""What the catalogue says of an indicator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from passerelle.wording import printed

Kind = Literal["count", "share", "time", "index", "mean", "log_ratio", "difference", "number"]

ALL = ("all",)
COUNTED = "–"


class Words(NamedTuple):
    """Its name for readers, and a sentence that says what it tells; `short`: its name where the unit stands beside."""

    label: str
    sentence: str
    short: str = ""


class Fraction(NamedTuple):
    """What a share is a share of."""

    above: str
    below: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.above} / {self.below}{f'; {self.note}' if self.note else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """`unit` of a count or mean: what is counted, of a share: what it is a share of; `strata` besides platforms.

    `formula` computes it, `value` says how (a share's is a `Fraction`), `sure` how sure it is, `source` where it comes
    from and how it departs: the table of docs/methods.md.
    """

    name: str
    kind: Kind
    unit: str
    formula: Callable[..., object]
    en: Words
    fr: Words
    value: str | Fraction
    sure: str = COUNTED
    source: str = ""
    strata: tuple[str, ...] = ALL

    def label(self, language: str) -> str:
        """Its name for readers, in ``en`` or ``fr``."""
        return printed(self._words(language).label, language)

    def short(self, language: str) -> str:
        """Its name where its unit stands beside, in ``en`` or ``fr``."""
        words = self._words(language)
        return printed(words.short or words.label, language)

    def sentence(self, language: str) -> str:
        """What it tells, in ``en`` or ``fr``."""
        return printed(self._words(language).sentence, language)

    def _words(self, language: str) -> Words:
        return {"en": self.en, "fr": self.fr}[language]
