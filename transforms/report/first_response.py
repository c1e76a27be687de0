"""Picture 3: how soon the first answer comes, from anyone and from somebody without a tie."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from transforms.report import charts
from transforms.report.data import ReleaseData
from transforms.report.figures import Figure, Key, Sheet
from transforms.report.language import Language
from transforms.report.series import Series
from transforms.report.svg import draw

# Whole hours, so that no step gives away the minute of one person's answer.
HOURS = np.array([*range(49), *range(54, 169, 6)], dtype=float)
TOLD = (1, 3, 6, 12, 24, 48, 72, 120, 168)
SQL = "SELECT indicator, value, low, high FROM weekly_indicators WHERE indicator LIKE '%_to_first%'"


def figure(data: ReleaseData, series: Series, words: Language) -> Figure:
    """Answered share by hour, 1 − S(t) of Kaplan–Meier; nothing where the week's response rate is suppressed."""
    is_shown = series.at(data.week, "response_rate").status != "suppressed"
    curves = {"anyone": data.survival, "stranger": data.survival_stranger} if is_shown else {}
    rows = _rows(curves)
    reading = _reading(data.week, rows, words)
    inks = {"anyone": ("accent", "line"), "stranger": ("strong", "dashed")}
    return Figure(
        name="first_response",
        question=words.say("first_response.question"),
        reading=reading,
        svg=_picture(rows, reading, words),
        legend=[Key(*inks[who], words.say(f"first_response.{who}")) for who in rows["who"].unique()],
        sheet=_sheet(data.week, rows, words),
        notes=[],
        sql=f"{SQL} AND iso_week = '{data.week}'",
        data=pa.Table.from_pandas(rows, preserve_index=False),
    )


def _rows(curves: dict[str, pa.Table]) -> pd.DataFrame:
    parts = [_answered(table.to_pandas(), who) for who, table in curves.items() if table.num_rows]
    columns = {"who": "str", "hours": "float64", "share": "float64", "low": "float64", "high": "float64"}
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns)).astype(columns)


def _answered(curve: pd.DataFrame, who: str) -> pd.DataFrame:
    """The curve read at `HOURS`: before its first step nobody has an answer."""
    curve = curve.sort_values("hours", kind="stable")
    step = np.searchsorted(curve["hours"].to_numpy(), HOURS, side="right")
    read = {name: np.append(1.0, curve[name].to_numpy(float))[step] for name in ("survival", "low", "high")}
    frame = pd.DataFrame({"who": who, "hours": HOURS, "share": 1 - read["survival"]})
    return frame.assign(low=1 - read["high"], high=1 - read["low"])


def _picture(rows: pd.DataFrame, reading: str, words: Language) -> Markup | None:
    if rows.empty:
        return None
    labels = list(rows["who"].unique())
    spec = charts.first_response(rows, labels, words.say("first_response.axis"), words.percent(0).removeprefix("0"))
    return draw(spec, "first_response", words.say("first_response.alt", reading=reading))


def _reading(week: str | None, rows: pd.DataFrame, words: Language) -> str:
    if week is None:
        return words.say("headline.lede_none")
    anyone = rows[rows["who"] == "anyone"].set_index("hours")["share"]
    if anyone.empty:
        return words.say("tie_mix.reading_none", week=words.week_number(week))
    told = {f"at{hour}": words.percent(anyone[hour]) for hour in (24, 168)}
    return words.say("first_response.reading", week=words.week_number(week), **told)


def _sheet(week: str | None, rows: pd.DataFrame, words: Language) -> Sheet:
    columns = [words.say("figures.hour")]
    told = rows[rows["hours"].isin(TOLD)]
    parts = {str(who): part for who, part in told.groupby("who", sort=False)}
    for who in parts:
        columns.append(f"{words.say('figures.share')}, {words.say(f'first_response.{who}')}")
        columns.append(words.say("cards.interval"))
    lines = []
    for hour in TOLD if parts else ():
        line = [words.number(hour) + "\u202fh"]
        for part in parts.values():
            one = part[part["hours"] == hour].iloc[0]
            line += [words.percent(one["share"]), _interval(one["low"], one["high"], words)]
        lines.append(line)
    return Sheet(words.say("first_response.caption", week=words.week_number(week) if week else ""), columns, lines)


def _interval(low: float, high: float, words: Language) -> str:
    if np.isnan(low) or np.isnan(high):
        return "–"
    return words.interval(words.percent(low), words.percent(high))
