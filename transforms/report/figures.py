"""A picture with everything that goes with it: question, reading, legend, table, data, query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
from markupsafe import Markup

from transforms.report.language import Language
from transforms.report.series import Estimate


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for people: the first cell of each row is its heading."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Key:
    """One line of a legend. `ink`: name of a colour of the style sheet; `mark`: bar, line or dashed."""

    ink: str
    mark: str
    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """`svg` is None where nothing can be shown; `data` stands beside the page as CSV and Parquet under `name`, and the
    tables of `beside` do under theirs.
    """

    name: str
    question: str
    reading: str
    svg: Markup | None
    legend: Sequence[Key]
    sheet: Sheet
    notes: Sequence[str]
    sql: str
    data: pa.Table
    beside: Mapping[str, pa.Table] = field(default_factory=dict)


def cell(value: float | None, status: str, words: Language) -> str:
    """A share in a table, or why it is not there."""
    return words.percent(value) if value is not None else why_not(status, words)


def why_not(status: str, words: Language) -> str:
    """Why there is no value: no data, too few to say, or nothing to divide by."""
    return words.say(f"words.{status if status in ('missing', 'too_few') else 'undefined'}")


def share_interval(reading: Estimate, words: Language) -> str:
    """``12 % (8 % à 17 %)``, or the reason why not."""
    text = cell(reading.value, reading.status, words)
    if reading.value is None or reading.low is None or reading.high is None:
        return text
    interval = words.interval(words.percent(reading.low), words.percent(reading.high))
    return f"{text} ({interval})"
