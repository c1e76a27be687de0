"""Picture 3: how soon the first answer comes, from anyone and from somebody without a tie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from transforms.report import charts
from transforms.report.chains import ANSWERED, FIRST, NUM_WEEKS, STRANGER, Chain
from transforms.report.data import ReleaseData
from transforms.report.disclosure import Sum, Told
from transforms.report.figures import Figure, Key, Sheet
from transforms.report.language import Language
from transforms.report.lines import EPISODES
from transforms.report.margins import share_interval
from transforms.report.public_indicators import edges
from transforms.report.svg import draw

CURVES = {"anyone": FIRST, "stranger": STRANGER}
SQL = "SELECT chain, cell, SUM(people) AS people FROM cells WHERE population = 'calls' AND chain <> 'so_far'"


def figure(data: ReleaseData, words: Language) -> Figure:
    """Answered share at the edges of a few classes of hours, over the week or, where it tells too little, eight."""
    weeks = _weeks(data.told, data.week)
    rows = _rows(data.told, weeks)
    span = words.span(data.week, len(weeks))
    reading = _reading(data, span, rows, words)
    inks = {"anyone": ("accent", "line"), "stranger": ("strong", "dashed")}
    return Figure(
        name="first_response",
        question=words.say("first_response.question"),
        reading=reading,
        svg=_picture(rows, reading, words),
        legend=[Key(*inks[who], words.say(f"first_response.{who}")) for who in rows["who"].unique()],
        sheet=_sheet(span, rows, words),
        notes=[],
        sql=f"{SQL} AND iso_week BETWEEN '{weeks[0]}' AND '{weeks[-1]}' GROUP BY ALL" if weeks else SQL,
        data=pa.Table.from_pandas(rows, preserve_index=False),
    )


def _weeks(told: Told, week: str | None) -> list[str]:
    """The week, or the 8 final ones up to it: the first that tells enough; none where neither does."""
    if week not in told.final:
        return []
    last = told.final.index(week) + 1
    for weeks in (told.final[last - 1 : last], told.final[max(0, last - NUM_WEEKS) : last]):
        if (told.people(weeks, Sum(FIRST, EPISODES)) or 0) >= told.grain.fewest:
            return list(weeks)
    return []


def _rows(told: Told, weeks: Sequence[str]) -> pd.DataFrame:
    columns = {"who": "str", "hours": "float64", "share": "float64", "low": "float64", "high": "float64"}
    rows = [row for who, chain in CURVES.items() if weeks for row in _answered(told, weeks, who, chain)]
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _answered(told: Told, weeks: Sequence[str], who: str, chain: Chain) -> Iterator[tuple[object, ...]]:
    """At the call nobody has answered."""
    below, off = told.people(weeks, Sum(chain, EPISODES)) or 0, told.grain.slack(len(weeks))
    levels = accumulate(told.people(weeks, Sum(chain, (cell,))) or 0 for cell in ANSWERED)
    yield who, 0.0, 0.0, 0.0, 0.0
    for hours, level in zip(edges(told), levels, strict=True):
        yield who, hours, level / below, *share_interval(level, below, 1.0, off)


def _picture(rows: pd.DataFrame, reading: str, words: Language) -> Markup | None:
    if rows.empty:
        return None
    labels = list(rows["who"].unique())
    spec = charts.first_response(rows, labels, words.say("first_response.axis"), words.percent(0).removeprefix("0"))
    return draw(spec, "first_response", words.say("first_response.alt", reading=reading))


def _reading(data: ReleaseData, span: str, rows: pd.DataFrame, words: Language) -> str:
    if data.week is None:
        return words.say("headline.lede_none")
    anyone = rows[rows["who"] == "anyone"].set_index("hours")["share"]
    if anyone.empty:
        return words.say("first_response.reading_none", span=words.span(data.week, NUM_WEEKS))
    end = edges(data.told)[-1]
    told = {"day": words.percent(anyone[24.0]), "end": words.percent(anyone[end]), "hours": words.number(end)}
    return words.say("first_response.reading", span=span, **told)


def _sheet(span: str, rows: pd.DataFrame, words: Language) -> Sheet:
    columns, parts = [words.say("figures.hour")], {str(who): part for who, part in rows.groupby("who", sort=False)}
    for who in parts:
        columns.append(f"{words.say('figures.share')}, {words.say(f'first_response.{who}')}")
        columns.append(words.say("cards.interval"))
    lines = []
    for hour in sorted(set(rows.loc[rows["hours"] > 0, "hours"])):
        line = [words.number(hour) + "\u202fh"]
        for part in parts.values():
            one = part[part["hours"] == hour].iloc[0]
            ends = words.interval(words.percent(one["low"]), words.percent(one["high"]))
            line += [words.percent(one["share"]), ends]
        lines.append(line)
    return Sheet(words.say("first_response.caption", span=span), columns, lines)
