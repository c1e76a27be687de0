"""A picture with everything that goes with it: question, reading, legend, table, data, query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """`svg` is None where nothing can be shown; `data` stands beside the page as CSV and Parquet under `name`."""

    name: str
    question: str
    reading: str
    svg: Markup | None
    legend: Sequence[Key]
    sheet: Sheet
    notes: Sequence[str]
    sql: str
    data: pa.Table


def cell(value: float | None, status: str, words: Language) -> str:
    """A share in a table, or why it is not there."""
    if value is not None:
        return words.percent(value)
    return words.say("words.masked" if status == "suppressed" else f"words.{_absence(status)}")


def share_interval(reading: Estimate, words: Language) -> str:
    """``12 % (8 % à 17 %)``, or the reason why not."""
    text = cell(reading.value, reading.status, words)
    if reading.value is None or reading.low is None or reading.high is None:
        return text
    interval = words.interval(words.percent(reading.low), words.percent(reading.high))
    return f"{text} ({interval})"


def _absence(status: str) -> str:
    return "missing" if status == "missing" else "undefined"
