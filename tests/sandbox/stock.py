"""Fills the stock of sentences (texts.toml): kind and language in, text out, with seeded choices only."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

HASHTAG = "EmploiDesVallons"
_SPELLINGS = ("#EmploiDesVallons",) * 6 + ("#emploidesvallons", "#EMPLOIDESVALLONS", "#emploiDesVallons")
TEXTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "texts.toml").read_text("utf-8"))
LOOKALIKES = ("#EmploiDesVallonsFaux", "#EmploisDesVallons")


class Stock:
    """Sentences by language and kind."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def sentence(
        self, kind: str, language: str, trade: str, *, who: int | None = None, third: int | None = None
    ) -> str:
        """A sentence of `kind`; `{@12}` stands where person 12 is mentioned."""
        found = TEXTS[language][kind]
        sentence = found if isinstance(found, str) else self._pick(found)
        for slot, value in self._slots(language, trade).items():
            sentence = sentence.replace("{" + slot + "}", value)
        for slot, person in (("who", who), ("third", third)):
            sentence = sentence.replace("{@" + slot + "}", "" if person is None else f"{{@{person}}}")
        return _polished(sentence, language)

    def tagged(self, sentence: str) -> str:
        """The sentence with the campaign's hashtag, in one of its spellings."""
        extra = " #emploi" if self._rng.random() < 0.2 else ""
        return f"{sentence} {self._pick(_SPELLINGS)}{extra}"

    def lookalike(self, sentence: str) -> str:
        """The sentence with a hashtag that only looks like the campaign's."""
        return f"{sentence} {self._pick(LOOKALIKES)}"

    def _slots(self, language: str, trade: str) -> dict[str, str]:
        slots, end = TEXTS["slots"], "_en" if language == "en" else ""
        jobs = TEXTS["jobs" + end]
        job = self._pick(jobs[trade] if trade else jobs[self._pick(list(jobs))])
        names = ("firm", "day", "contract", "who")
        return {n: self._pick(slots[n + end]) for n in names} | {
            "job": job,
            "place": self._pick(slots["place"]),
            "years": self._pick(slots["years"]),
        }

    def _pick(self, options: list[str] | tuple[str, ...]) -> str:
        return options[int(self._rng.integers(len(options)))]


def _polished(sentence: str, language: str) -> str:
    """Elision and contraction after `de` in French, and a capital at the start of sentences."""
    if language == "fr":
        sentence = re.sub(r"\b([Dd])e (?=[aeéiouhAEÉIOUH])", r"\1'", sentence)
        sentence = sentence.replace(" de les ", " des ").replace(" à les ", " aux ")
    return re.sub(r"(^|[.!?…] )(\w)", lambda found: found[1] + found[2].upper(), sentence)
