"""Calls that nobody answered: how many, and how old they are; who they are is for the restricted edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.report.chains import FIRST
from transforms.report.disclosure import Sum, Told
from transforms.report.figures import Sheet
from transforms.report.language import Language
from transforms.report.lines import MATURE

EDGES = (0, 2, 4, 12)
"""How many final weeks back an age begins: whole weeks of calls, so that no count is finer than what is told."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A sentence, and a table by age where there are any."""

    text: str
    sheet: Sheet | None


def unanswered_episodes(episodes: pa.Table, mobilisations: pa.Table) -> pa.Table:
    """Mature episodes that nobody but organisers and bots answered, oldest call first (columns of `episodes`)."""
    people = mobilisations.filter(pc.equal(mobilisations["role"], "person"))
    mature = episodes.filter(episodes["is_mature"]).sort_by([("t_call", "ascending"), ("episode_id", "ascending")])
    return mature.filter(pc.invert(pc.is_in(mature["episode_id"], pc.unique(people["episode_id"]))))


def unanswered(told: Told, words: Language) -> Unanswered:
    """What the page says of them: sums of told cells of whole weeks."""
    total, open_ = (told.people(told.final, Sum(FIRST, cells)) or 0 for cells in (MATURE, ("none",)))
    if total == 0:
        return Unanswered(words.say("unanswered.no_calls"), None)
    if open_ == 0:
        return Unanswered(words.say("unanswered.none"), None)
    text = words.say("unanswered.text", count=words.number(open_), total=words.number(total))
    columns = [words.say("unanswered.age"), words.say("unanswered.count")]
    return Unanswered(text, Sheet(words.say("unanswered.title"), columns, list(_lines(told, words))))


def by_age(told: Told) -> Iterator[tuple[int, int | None, int]]:
    """Calls without answer by age in final weeks: (first, last or None, how many)."""
    newest_first = list(reversed(told.final))
    for first, after in zip(EDGES, (*EDGES[1:], None), strict=True):
        weeks = newest_first[first:after]
        if weeks:
            yield first + 1, after, told.people(weeks, Sum(FIRST, ("none",))) or 0


def _lines(told: Told, words: Language) -> Iterator[list[str]]:
    for first, last, count in by_age(told):
        key = "from" if last is None else "up_to" if first == 1 else "between"
        yield [words.say(f"unanswered.{key}", first=first, last=last), words.number(count)]
