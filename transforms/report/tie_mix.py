"""Picture 1: which ties carry the mobilisations, week by week."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from transforms.report import charts
from transforms.report.data import ReleaseData
from transforms.report.figures import Figure, Key, Sheet, cell, share_interval
from transforms.report.language import Language
from transforms.report.series import Series
from transforms.report.svg import draw

DRAWN = ("strong", "moderately_weak", "weak", "absent")
TOLD = (*DRAWN, "dormant", "new", "unknown")
SQL = "SELECT iso_week, stratum, value, low, high, n, status FROM weekly_indicators WHERE indicator = 'tie_mix'"


def figure(data: ReleaseData, series: Series, words: Language) -> Figure:
    """Stacked bars, a week each, up to the newest final one."""
    weeks = series.shown(data.week)
    table = _table(weeks, series)
    reading = _reading(data.week, series, words)
    return Figure(
        name="tie_mix",
        question=words.say("tie_mix.question"),
        reading=reading,
        svg=_picture(table, weeks, reading, words),
        legend=_legend(weeks, data.week, series, words),
        sheet=_sheet(weeks, series, words),
        notes=[],
        sql=f"{SQL} AND iso_week BETWEEN '{weeks[0]}' AND '{weeks[-1]}'" if weeks else SQL,
        data=table,
    )


def _table(weeks: list[str], series: Series) -> pa.Table:
    rows = [(week, name, series.at(week, "tie_mix", name)) for week in weeks for name in TOLD]
    return pa.table(
        {
            "iso_week": pa.array([week for week, _, _ in rows], pa.string()),
            "tie_class": pa.array([name for _, name, _ in rows], pa.string()),
            "share": pa.array([one.value for _, _, one in rows], pa.float64()),
            "low": pa.array([one.low for _, _, one in rows], pa.float64()),
            "high": pa.array([one.high for _, _, one in rows], pa.float64()),
            "status": pa.array([one.status for _, _, one in rows], pa.string()),
        }
    )


def _picture(table: pa.Table, weeks: list[str], reading: str, words: Language) -> Markup | None:
    rows = table.to_pandas().rename(columns={"iso_week": "week", "tie_class": "tie"})
    rows = rows[rows["tie"].isin(DRAWN) & rows["share"].notna()]
    if rows.empty:
        return None
    told = table.filter(pc.and_(pc.is_in(table["tie_class"], pa.array(DRAWN)), pc.equal(table["status"], "too_few")))
    # a week of too few is a hatched bar, not a gap: a gap would say that nobody came
    whole = sorted({*rows["week"], *told["iso_week"].to_pylist()})
    shown = rows.groupby("week")["share"].sum().reindex(whole, fill_value=0.0)
    rest = pd.DataFrame({"week": shown.index, "tie": "too_few", "share": (1 - shown).round(9).to_numpy()})
    rows = pd.concat([rows[["week", "tie", "share"]], rest[rest["share"] > 0]], ignore_index=True)
    labels = {week: words.say("words.week_short", number=int(week[-2:])) for week in weeks}
    rows["label"] = rows["week"].map(labels)
    spec = charts.tie_mix(rows, list(labels.values()), words.percent(0).removeprefix("0"))
    return draw(spec, "tie_mix", words.say("tie_mix.alt", count=len(shown), reading=reading))


def _legend(weeks: list[str], week: str | None, series: Series, words: Language) -> list[Key]:
    keys = []
    for name in DRAWN:
        share = share_interval(series.at(week, "tie_mix", name), words)
        keys.append(Key(name, "bar", words.say("tie_mix.key", name=words.say(f"ties.{name}"), share=share)))
    if any(series.at(one, "tie_mix", name).status == "too_few" for one in weeks for name in DRAWN):
        keys.append(Key("too_few", "bar", words.say("ties.too_few")))
    return keys


def _reading(week: str | None, series: Series, words: Language) -> str:
    if week is None:
        return words.say("headline.lede_none")
    known = {name: series.at(week, "tie_mix", name).value for name in DRAWN}
    parts = [_part(name, value, words) for name, value in known.items() if value is not None]
    key = "reading" if parts else "reading_none"
    return words.say(f"tie_mix.{key}", week=words.week_number(week), parts=", ".join(parts))


def _part(name: str, share: float, words: Language) -> str:
    """``24 had a weak tie``, with the grammar that none and one ask for."""
    count = round(100 * share)
    number = {0: "_none", 1: "_one"}.get(count, "")
    kind = "part_absent" if name == "absent" else "part"
    return words.say(f"tie_mix.{kind}{number}", count=words.number(count), name=words.say(f"ties.{name}"))


def _sheet(weeks: list[str], series: Series, words: Language) -> Sheet:
    rows = []
    for week in reversed(weeks):
        readings = [series.at(week, "tie_mix", name) for name in TOLD]
        rows.append([week, *(cell(one.value, one.status, words) for one in readings)])
    columns = [words.say("figures.week"), *(words.say(f"ties.{name}") for name in TOLD)]
    return Sheet(words.say("tie_mix.caption"), columns, rows)
