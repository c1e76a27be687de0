"""The four cards: value, change on the final week before, 8-week median, 95 % interval, sparkline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from transforms.indicators.catalogue import EIGHT
from transforms.report import charts
from transforms.report.changes import Change, Direction
from transforms.report.data import ReleaseData
from transforms.report.figures import Sheet
from transforms.report.language import Language
from transforms.report.measures import CARDS, HeadlineMeasure
from transforms.report.series import Estimate, Series
from transforms.report.svg import draw

FEWEST_FOR_A_LINE = 3
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Card:
    """All of it as text; `change` is None where there is nothing to compare with."""

    key: str
    name: str
    unit: str
    window: str
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
    columns = [(measure, _window(measure, data.week, series)) for measure in CARDS]
    rows = [
        [week, *(_cell(measure, read(week, measure.indicator).value, words) for measure, read in columns)]
        for week in reversed(series.shown(data.week))
    ]
    names = [_named(measure, data.week, series, words) for measure in CARDS]
    return Sheet(words.say("cards.table"), [words.say("figures.week"), *names], rows)


def _named(measure: HeadlineMeasure, week: str | None, series: Series, words: Language) -> str:
    is_eight = measure.reading(week, series).num_weeks > 1
    return words.say("cards.named_8w", name=measure.name(words)) if is_eight else measure.name(words)


def _window(measure: HeadlineMeasure, week: str | None, series: Series) -> Callable[[str, str], Estimate]:
    """How the weeks beside `week` are read: each alone or with the seven before it, as `week` itself is."""
    return series.at if measure.reading(week, series).num_weeks == 1 else series.over_eight


def table(data: ReleaseData, series: Series) -> pa.Table:
    """The four indicators of the weeks shown, each alone and over 8 weeks, with their intervals."""
    rows = [
        {
            "iso_week": week,
            "indicator": name,
            "value": r.value,
            "low": r.low,
            "high": r.high,
            "status": r.status,
        }
        for week in series.shown(data.week)
        for one in CARDS
        for name in (one.indicator, f"{one.indicator}{EIGHT}")
        for r in [series.at(week, name)]
    ]
    numbers = [(name, pa.float64()) for name in ("value", "low", "high")]
    schema = pa.schema([("iso_week", pa.string()), ("indicator", pa.string()), *numbers, ("status", pa.string())])
    return pa.Table.from_pylist(rows, schema=schema)


def _card(measure: HeadlineMeasure, week: str, series: Series, words: Language) -> Card:
    reading, moved = measure.reading(week, series), measure.moved(week, series)
    middle = series.median(week, measure.indicator) if reading.num_weeks == 1 else None
    why = reading.status if reading.status in ("too_few", "missing") else "undefined"
    return Card(
        key=measure.key,
        name=measure.name(words),
        unit=words.say(f"cards.{measure.key}_unit"),
        window=words.say("cards.window" if reading.num_weeks == 1 else "cards.window_8w", week=words.week_number(week)),
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
    weeks, read = series.shown(week), _window(measure, week, series)
    frame = pd.DataFrame({"order": range(len(weeks)), "value": [read(w, measure.indicator).value for w in weeks]})
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
