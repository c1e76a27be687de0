"""One small page: what the headline would be under each alternative definition of a tie."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from transforms.report.figures import Sheet, cell
from transforms.report.language import Language, language
from transforms.report.page import environment, frame

GRID = pa.schema(
    [("iso_week", pa.string()), ("window_days", pa.int64()), ("strong_days", pa.int64())]
    + [(name, pa.float64()) for name in ("value", "low", "high")]
    + [("status", pa.string()), ("is_chosen", pa.bool_())]
)


def render_sensitivity(grid: pa.Table, code: str) -> str:
    """The page over a table of schema `GRID`: a row a week, window and threshold. `code` is ``fr`` or ``en``."""
    words = language(code)
    rows = grid.cast(GRID).to_pylist()
    shown = [row["value"] for row in rows if row["value"] is not None and row["status"] != "suppressed"]
    if shown:
        ends = {"low": words.percent(min(shown)), "high": words.percent(max(shown))}
        reading = words.say("sensitivity.reading", **ends)
    else:
        reading = words.say("sensitivity.none")
    return (
        environment()
        .get_template("sensitivity.html.j2")
        .render(**frame(words), reading=reading, table=_sheet(rows, words))
    )


def _sheet(rows: list[dict[str, Any]], words: Language) -> Sheet:
    columns = [words.say(f"sensitivity.{name}") for name in ("week", "window", "days", "value", "interval")]
    return Sheet(words.say("sensitivity.caption"), [*columns, ""], [_line(row, words) for row in rows])


def _line(row: dict[str, Any], words: Language) -> list[str]:
    ends = [row["low"], row["high"]]
    is_hidden = row["status"] == "suppressed"
    share = cell(None if is_hidden else row["value"], str(row["status"]), words)
    interval = "–" if is_hidden or None in ends else words.interval(*(words.percent(end) for end in ends))
    chosen = words.say("sensitivity.chosen") if row["is_chosen"] else ""
    return [str(row["iso_week"]), str(row["window_days"]), str(row["strong_days"]), share, interval, chosen]
