"""Calls that nobody answered: how many, and how old they are; who they are is for the restricted edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from transforms.report.data import CALLS
from transforms.report.disclosure import K, is_small
from transforms.report.figures import Sheet
from transforms.report.language import Language

EDGES = (0, 14, 28, 84)
"""Ages in days at which a class begins."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A sentence, and a table by age where it would show no small cell."""

    text: str
    sheet: Sheet | None


def mature_calls(episodes: pa.Table, mobilisations: pa.Table, as_of: datetime) -> pa.Table:
    """One row a mature episode (schema `CALLS`): its age at `as_of`, and whether anybody but organisers answered it."""
    rows = _mature(episodes, mobilisations)
    age = (pd.Timestamp(as_of) - rows["t_call"].to_pandas()).dt.total_seconds() / 86_400
    return pa.table({"age_days": age.to_numpy(float), "is_answered": rows["is_answered"]}, schema=CALLS)


def unanswered_episodes(episodes: pa.Table, mobilisations: pa.Table) -> pa.Table:
    """Mature episodes that nobody but organisers and bots answered, oldest call first (columns of `episodes`)."""
    rows = _mature(episodes, mobilisations)
    return rows.filter(pc.invert(rows["is_answered"])).select(episodes.column_names)


def _mature(episodes: pa.Table, mobilisations: pa.Table) -> pa.Table:
    """Mature episodes, oldest call first, with `is_answered`: by a person."""
    people = mobilisations.filter(pc.equal(mobilisations["role"], "person"))
    mature = episodes.filter(episodes["is_mature"]).sort_by([("t_call", "ascending"), ("episode_id", "ascending")])
    return mature.append_column("is_answered", pc.is_in(mature["episode_id"], pc.unique(people["episode_id"])))


def unanswered(calls: pa.Table, words: Language) -> Unanswered:
    """What the page says of them."""
    frame = calls.to_pandas()
    total, open_ = len(frame), frame.loc[~frame["is_answered"].astype(bool), "age_days"]
    if total == 0:
        return Unanswered(words.say("unanswered.no_calls"), None)
    if open_.empty:
        return Unanswered(words.say("unanswered.none"), None)
    if is_small(len(open_)):
        return Unanswered(words.say("unanswered.few", k=K), None)
    text = words.say("unanswered.text", count=words.number(len(open_)), total=words.number(total))
    columns = [words.say("unanswered.age"), words.say("unanswered.count")]
    return Unanswered(text, Sheet(words.say("unanswered.title"), columns, list(_lines(list(open_), words))))


def merged_ages(ages: Sequence[float]) -> list[tuple[int, int | None, int]]:
    """Counts by age: (first day, day after the last or None, count).

    Neighbouring ages are joined until no count is 1 to k − 1.
    """
    ends: list[int | None] = [*EDGES[1:], None]
    bins: list[tuple[int, int | None, int]] = []
    for first, after in zip(EDGES, ends, strict=True):
        count = sum(first <= age and (after is None or age < after) for age in ages)
        if bins and is_small(bins[-1][2]):
            start, _, held = bins.pop()
            bins.append((start, after, held + count))
        else:
            bins.append((first, after, count))
    while len(bins) > 1 and is_small(bins[-1][2]):
        (start, _, held), (_, after, count) = bins[-2:]
        bins[-2:] = [(start, after, held + count)]
    return bins


def _lines(ages: Sequence[float], words: Language) -> Iterator[list[str]]:
    for first, after, count in merged_ages(ages):
        if after is None:
            label = words.say("unanswered.from", days=first)
        elif first == 0:
            label = words.say("unanswered.up_to", days=after)
        else:
            label = words.say("unanswered.between", first=first, last=after - 1)
        yield [label, words.number(count)]
