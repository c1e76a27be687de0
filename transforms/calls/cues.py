"""Finds cue phrases in a post's words.

Every word is looked up once (its lexicon tags, and which phrases may begin with it are remembered), so that
a post costs some tens of microseconds, not one scan a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.calls.lexicon import TAGS, Lexicon

_WORD_END = "/[a-z]* "
_GAPS = {
    "..": r"(?:[^/ .?!:]+/[^pgtkoabv ]* ){0,3}?",
    "...": r"(?:[^/ .?!]+/[a-z]* ){0,6}?",
}
_GENERAL = (("n", "00"), ("l", "llll"), ("t", "tttt"))
_ELEMENT = re.compile(r"\[[^\]]*\]|\S+")


@dataclass(frozen=True, slots=True)
class _Phrase:
    cue: str
    pattern: re.Pattern[str]


@dataclass
class CueFinder:
    """Compiled cues of one lexicon; `find` gives the names of the cues that a post shows."""

    lexicon: Lexicon
    _exact: dict[str, list[_Phrase]] = field(default_factory=dict)
    _stems: list[tuple[str, _Phrase]] = field(default_factory=list)
    _tags: dict[str, list[_Phrase]] = field(default_factory=dict)
    _start: list[_Phrase] = field(default_factory=list)
    _seen: dict[str, tuple[str, list[_Phrase]]] = field(default_factory=dict)
    _heads: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for cue, phrases in self.lexicon.cues.items():
            for phrase in phrases:
                self._add(cue, phrase)
        self._heads = frozenset(unit[0] for unit in self.lexicon.units)

    def _add(self, cue: str, phrase: str) -> None:
        elements = _ELEMENT.findall(phrase)
        if elements[0] == "^":
            self._start.append(_Phrase(cue, re.compile("".join(map(_regex, elements[1:])))))
            return
        compiled = _Phrase(cue, re.compile("".join(map(_regex, elements))))
        first, head = elements[0], 0
        while first.startswith("["):  # an optional first word: the phrase may begin with it or with the next
            self._index(first.strip("[]"), compiled)
            head += 1
            first = elements[head]
        self._index(first, compiled)

    def _index(self, alternatives: str, phrase: _Phrase) -> None:
        for word in alternatives.split("|"):
            if word.startswith("@"):
                self._tags.setdefault(TAGS[word[1:]], []).append(phrase)
            elif word.endswith("*"):
                self._stems.append((word[:-1], phrase))
            else:
                self._exact.setdefault(word, []).append(phrase)

    def find(self, tokens: Sequence[str]) -> set[str]:
        """Names of the cues in `tokens` (folded words, see text.words)."""
        stream, begins = self._stream(tokens)
        found = {p.cue for p in self._start if p.pattern.match(stream)}
        for offset, candidates in begins:
            for phrase in candidates:
                if phrase.cue not in found and phrase.pattern.match(stream, offset):
                    found.add(phrase.cue)
        return found

    def tags(self, tokens: Sequence[str]) -> set[str]:
        """Letters of the lexicon tags (see TAGS) that occur in `tokens`."""
        single = {tag for token in tokens for tag in self._look_up(token)[0]}
        return single.union(*self._unit_tags(tokens).values())

    def general(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """`tokens` with every trade, place and number replaced by one word for all: what they are does not matter."""
        return tuple(self._general(token) for token in tokens)

    def _general(self, token: str) -> str:
        tags = self._look_up(token)[0]
        return next((word for tag, word in _GENERAL if tag in tags), token)

    def _stream(self, tokens: Sequence[str]) -> tuple[str, list[tuple[int, list[_Phrase]]]]:
        """Words with their tags, ``word/tags ``, and where phrases may begin."""
        pieces, begins, offset = [], [], 0
        unit_tags = self._unit_tags(tokens)
        for index, token in enumerate(tokens):
            tags, candidates = self._look_up(token)
            if extra := unit_tags.get(index):
                tags, candidates = extra, [*candidates, *(p for t in extra for p in self._tags.get(t, ()))]
            piece = f"{token}/{tags} "
            if candidates:
                begins.append((offset, candidates))
            pieces.append(piece)
            offset += len(piece)
        return "".join(pieces), begins

    def _unit_tags(self, tokens: Sequence[str]) -> dict[int, str]:
        """Tags of units of several words, given to their first word."""
        found: dict[int, str] = {}
        for index, token in enumerate(tokens):
            if token not in self._heads:
                continue
            for length in (4, 3, 2):
                if tags := self.lexicon.units.get(tuple(tokens[index : index + length])):
                    found[index] = tags
                    break
        return found

    def _look_up(self, token: str) -> tuple[str, list[_Phrase]]:
        if token in self._seen:
            return self._seen[token]
        tags = self._word_tags(token)
        candidates = list(self._exact.get(token, ()))
        candidates += [phrase for stem, phrase in self._stems if token.startswith(stem)]
        for tag in tags:
            candidates += self._tags.get(tag, ())
        if len(self._seen) > 200_000:
            self._seen.clear()
        self._seen[token] = (tags, candidates)
        return tags, candidates

    def _word_tags(self, token: str) -> str:
        if token.isdigit():
            return TAGS["number"]
        tags = self.lexicon.words.get(token, "")
        for stem, tag in self.lexicon.stems:
            if token.startswith(stem):
                tags += tag
        return "".join(sorted(set(tags)))


def _regex(element: str) -> str:
    if element in _GAPS:
        return _GAPS[element]
    if element == "$":
        return r"(?:[.!?,:/]/ )*$"
    if element.startswith("["):
        return f"(?:{_alternatives(element.strip('[]'))})?"
    return f"(?:{_alternatives(element)})"


def _alternatives(text: str) -> str:
    return "|".join(map(_word, text.split("|")))


def _word(word: str) -> str:
    if word == "$":
        return "$"
    if word.startswith("@"):
        return f"[^/ ]+/[a-z]*{TAGS[word[1:]]}[a-z]* "
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"[^/ ]*" + _WORD_END
    return re.escape(word) + _WORD_END
