"""Picture 2: of the ties that could answer, how many did, by strength of the tie."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
from markupsafe import Markup

from transforms.indicators.catalogue import EIGHT
from transforms.report import charts
from transforms.report.chains import SILENT
from transforms.report.data import ReleaseData
from transforms.report.figures import Figure, Sheet, cell
from transforms.report.language import Language
from transforms.report.series import Estimate, Series
from transforms.report.svg import draw

GROUPS = {"yield": "by_class", "yield_by_days": "by_days", "yield_by_mutual": "by_mutual"}
SQL = "SELECT stratum, value, low, high, n, status FROM weekly_indicators WHERE indicator IN ({names})"

STRENGTHS = tuple(reversed(SILENT))
Rows = list[tuple[str, str, Estimate]]


def figure(data: ReleaseData, series: Series, words: Language) -> Figure:
    """Dots with intervals: by class, by days of contact, by mutual neighbours."""
    rows = _rows(data.week, series)
    span = words.span(data.week, max((one.num_weeks for *_, one in rows), default=1))
    reading = _reading(data.week, rows, span, words)
    return Figure(
        name="yield",
        question=words.say("yields.question"),
        reading=reading,
        svg=_picture(rows, reading, words),
        legend=(),
        sheet=_sheet(rows, words.say("yields.caption", span=span), words),
        notes=[words.say("yields.none_absent")],
        sql=_query(data.week, rows),
        data=_table(rows),
    )


def _query(week: str | None, rows: Rows) -> str:
    """What gives the rows: of the week, or over 8."""
    suffix = EIGHT if any(one.num_weeks > 1 for *_, one in rows) else ""
    names = ", ".join(f"'{indicator}{suffix}'" for indicator in GROUPS)
    return f"{SQL.format(names=names)} AND iso_week = '{week}'"


def _rows(week: str | None, series: Series) -> Rows:
    """Of the week or, where a bin of it tells too little, all of the 8 final weeks up to it."""
    alone = _read(week, series, series.at)
    return alone if all(one.value is not None for *_, one in alone) else _read(week, series, series.over_eight)


def _read(week: str | None, series: Series, read: Callable[[str | None, str, str], Estimate]) -> Rows:
    found = []
    for indicator in GROUPS:
        strata = [one for one in series.strata(week, indicator) if indicator != "yield" or one in STRENGTHS]
        strata.sort(key=STRENGTHS.index if indicator == "yield" else _first_number)
        found += [(indicator, stratum, read(week, indicator, stratum)) for stratum in strata]
    return found


def _first_number(stratum: str) -> int:
    """Bins are written ``1``, ``4-6``, ``7+``."""
    match = re.match(r"\d+", stratum)
    if match is None:
        raise ValueError(f"'{stratum}' is no bin of a yield: bins begin with a number")
    return int(match[0])


def _table(rows: Rows) -> pa.Table:
    columns = {"indicator": [one for one, _, _ in rows], "stratum": [one for _, one, _ in rows]}
    readings = [one for _, _, one in rows]
    numbers = {
        name: pa.array([getattr(one, name) for one in readings], pa.float64()) for name in ("value", "low", "high")
    }
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in columns.items()}
        | numbers
        | {
            "n": pa.array([one.n for one in readings], pa.int64()),
            "status": pa.array([one.status for one in readings], pa.string()),
        }
    )


def _picture(rows: Rows, reading: str, words: Language) -> Markup | None:
    titles = {name: words.say(f"yields.{text}") for name, text in GROUPS.items()}
    frame = _table(rows).to_pandas()
    frame["order"] = range(len(frame))
    frame["group"] = frame["indicator"].map(titles)
    frame["bin"] = [_label(stratum, words) for stratum in frame["stratum"]]
    frame = frame[frame["value"].notna()].rename(columns={"value": "share"})
    if frame.empty:
        return None
    groups = [title for title in titles.values() if title in set(frame["group"])]
    shown = frame[["group", "bin", "order", "share", "low", "high"]]
    spec = charts.yield_dots(shown, groups, words.percent(0).removeprefix("0"))
    return draw(spec, "yield", words.say("yields.alt", reading=reading))


def _label(stratum: str, words: Language) -> str:
    return words.say(f"ties.{stratum}") if stratum in STRENGTHS else stratum.replace("-", "–")


def _reading(week: str | None, rows: Rows, span: str, words: Language) -> str:
    if week is None:
        return words.say("headline.lede_none")
    known = {stratum: one.value for indicator, stratum, one in rows if indicator == "yield"}
    strong, weak = known.get("strong"), known.get("weak")
    if strong is None or weak is None:
        return words.say("yields.reading_none", span=span)
    counts = {name: words.number(100 * value, int(value < 0.1)) for name, value in (("strong", strong), ("weak", weak))}
    return words.say("yields.reading", span=span, **counts)


def _sheet(rows: Rows, caption: str, words: Language) -> Sheet:
    columns = [words.say(f"yields.{name}") for name in ("bin", "group")]
    columns += [words.say(f"figures.{name}") for name in ("share", "low", "high")] + [words.say("yields.n")]
    lines = []
    for indicator, stratum, one in rows:
        ends = [words.percent(end) if end is not None else "–" for end in (one.low, one.high)]
        alters = words.number(one.n) if one.n is not None else "–"
        group = words.say(f"yields.{GROUPS[indicator]}")
        lines.append([_label(stratum, words), group, cell(one.value, one.status, words), *ends, alters])
    return Sheet(caption, columns, lines)
