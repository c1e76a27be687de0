"""What the tie mix would be had less of the history been seen, and for how many mobilisations it was seen."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from transforms.report import charts
from transforms.report.doubts import HISTORY, THINNING
from transforms.report.figures import Sheet, cell
from transforms.report.language import Language
from transforms.report.svg import draw

SHOWN = ("strong", "moderately_weak", "weak", "absent", "unknown")
Row = dict[str, Any]


class Thinning(NamedTuple):
    """`svg` is None where nothing can be shown."""

    reading: str
    svg: Markup | None
    sheet: Sheet


def thinning_figure(table: pa.Table, words: Language) -> Thinning:
    """A panel a class: its share by how much of the contacts is kept. `table` has the schema `THINNING`."""
    rows = [row for row in table.cast(THINNING).to_pylist() if row["stratum"] in SHOWN]
    rows.sort(key=lambda row: (SHOWN.index(row["stratum"]), -row["share_kept"]))
    reading = _reading(rows, words)
    return Thinning(reading, _picture(rows, reading, words), _sheet(rows, words))


def coverage_sheet(table: pa.Table, words: Language) -> Sheet:
    """Share of the mobilisations whose history is known, a row a week. `table` has the schema `HISTORY`."""
    columns = [words.say(f"sensitivity.{name}") for name in ("week", "covered", "mobilisations")]
    lines = [
        [row["iso_week"], cell(row["value"], row["status"], words), "–" if row["n"] is None else words.number(row["n"])]
        for row in table.cast(HISTORY).to_pylist()
    ]
    return Sheet(words.say("sensitivity.coverage_caption"), columns, lines)


def _reading(rows: list[Row], words: Language) -> str:
    absent = {row["share_kept"]: row["value"] for row in rows if row["stratum"] == "absent"}
    whole, half = absent.get(1.0), absent.get(0.5)
    if whole is None or half is None:
        return words.say("sensitivity.thinning_none")
    return words.say("sensitivity.thinning_reading", half=words.percent(half), whole=words.percent(whole))


def _picture(rows: list[Row], reading: str, words: Language) -> Markup | None:
    frame = pd.DataFrame([row for row in rows if row["value"] is not None])
    if frame.empty:
        return None
    frame["group"] = [words.say(f"ties.{name}") for name in frame["stratum"]]
    frame["bin"] = [words.percent(share) for share in frame["share_kept"]]
    frame["order"] = range(len(frame))
    groups = [title for name in SHOWN if (title := words.say(f"ties.{name}")) in set(frame["group"])]
    shown = frame.rename(columns={"value": "share"})[["group", "bin", "order", "share"]]
    shown = shown.assign(low=shown["share"], high=shown["share"])
    spec = charts.yield_dots(shown, groups, words.percent(0).removeprefix("0"))
    return draw(spec, "thinning", words.say("sensitivity.thinning_alt", reading=reading))


def _sheet(rows: list[Row], words: Language) -> Sheet:
    columns = [words.say(f"sensitivity.{name}") for name in ("tie", "kept", "value")]
    return Sheet(words.say("sensitivity.thinning_caption"), columns, [_line(row, words) for row in rows])


def _line(row: Row, words: Language) -> list[str]:
    share = cell(row["value"], row["status"], words)
    return [words.say(f"ties.{row['stratum']}"), words.percent(row["share_kept"]), share]
