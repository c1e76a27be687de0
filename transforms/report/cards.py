"""The four cards: value, change on the final week before, 8-week median, 95 % interval, sparkline."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from passerelle.weeks import week_after
from transforms.report import charts
from transforms.report.changes import Change, Direction
from transforms.report.data import ReleaseData
from transforms.report.figures import Sheet
from transforms.report.language import Language
from transforms.report.measures import CARDS, HeadlineMeasure
from transforms.report.series import Series
from transforms.report.svg import draw

FEWEST_FOR_A_LINE = 3
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Card:
    """All of it as text; `change` is None where there is nothing to compare with."""

    key: str
    name: str
    unit: str
    value: str | None
    why_not: str
    interval: str
    change: str | None
    direction: Direction | None
    median: str | None
    spark: Markup | None


def cards(data: ReleaseData, series: Series, words: Language) -> list[Card]:
    """The cards of the newest final week; none while there is no such week."""
    return [_card(measure, data.week, series, words) for measure in CARDS] if data.week else []


def sheet(data: ReleaseData, series: Series, words: Language) -> Sheet:
    """The same four week by week, newest first: what the sparklines show."""
    rows = []
    for week in reversed(series.shown(data.week)):
        readings = [(measure, series.at(week, measure.indicator)) for measure in CARDS]
        rows.append([week, *(_cell(measure, reading.value, words) for measure, reading in readings)])
    names = [measure.name(words) for measure in CARDS]
    return Sheet(words.say("cards.table"), [words.say("figures.week"), *names], rows)


def table(data: ReleaseData, series: Series) -> pa.Table:
    """The four indicators of the weeks shown, with their intervals."""
    rows = [
        {
            "iso_week": week,
            "indicator": one.indicator,
            "value": r.value,
            "low": r.low,
            "high": r.high,
            "status": r.status,
        }
        for week in series.shown(data.week)
        for one in CARDS
        for r in [series.at(week, one.indicator)]
    ]
    numbers = [(name, pa.float64()) for name in ("value", "low", "high")]
    schema = pa.schema([("iso_week", pa.string()), ("indicator", pa.string()), *numbers, ("status", pa.string())])
    return pa.Table.from_pylist(rows, schema=schema)


def _card(measure: HeadlineMeasure, week: str, series: Series, words: Language) -> Card:
    reading = series.at(week, measure.indicator)
    moved = measure.change(reading, series.at(week_after(week, -1), measure.indicator))
    middle = series.median(week, measure.indicator)
    why = reading.status if reading.status in ("suppressed", "missing") else "undefined"
    return Card(
        key=measure.key,
        name=measure.name(words),
        unit=words.say(f"cards.{measure.key}_unit"),
        value=None if reading.value is None else measure.text(reading.value, words),
        why_not=words.say(f"cards.{why}"),
        interval=NOTHING if reading.value is None else measure.interval(reading, words),
        change=_change(measure, moved, words),
        direction=moved.direction if moved else None,
        median=None if middle is None else measure.text(middle, words),
        spark=_spark(measure, week, series, words),
    )


def _change(measure: HeadlineMeasure, moved: Change | None, words: Language) -> str | None:
    if moved is None:
        return None
    return f"{measure.difference(moved.value, words)} ({measure.difference_interval(moved, words)})"


def _spark(measure: HeadlineMeasure, week: str, series: Series, words: Language) -> Markup | None:
    weeks = series.shown(week)
    frame = pd.DataFrame({"order": range(len(weeks)), "value": [series.at(w, measure.indicator).value for w in weeks]})
    frame["is_last"] = [w == week for w in weeks]
    known = frame["value"].dropna()
    if len(known) < FEWEST_FOR_A_LINE:
        return None
    ends = {"first": known.iloc[0], "last": known.iloc[-1], "low": known.min(), "high": known.max()}
    texts = {name: measure.text(float(value), words) for name, value in ends.items()}
    alt = words.say("cards.spark", name=measure.name(words), count=len(known), **texts)
    return draw(charts.sparkline(frame), f"spark-{measure.key}", alt)


def _cell(measure: HeadlineMeasure, value: float | None, words: Language) -> str:
    return NOTHING if value is None else measure.text(value, words)
