"""One small page: what the headline would be under other definitions of a tie, and with less history."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from transforms.report.figures import Sheet, cell
from transforms.report.language import Language, language
from transforms.report.page import environment, page_context
from transforms.report.thinning import coverage_sheet, thinning_figure

GRID = pa.schema(
    [("iso_week", pa.string()), ("window_days", pa.int64()), ("strong_days", pa.int64())]
    + [(name, pa.float64()) for name in ("value", "low", "high")]
    + [("status", pa.string()), ("is_chosen", pa.bool_())]
)


def render_sensitivity(grid: pa.Table, thinning: pa.Table, history: pa.Table, code: str) -> str:
    """The page in the language `code` (``fr`` or ``en``).

    `grid`: schema `GRID`, a row a week, window and threshold. `thinning`: schema `THINNING`, a row a share of contacts
    kept and stratum. `history`: schema `HISTORY`, a row a week. All three are what the public edition may show.
    """
    words = language(code)
    rows = grid.cast(GRID).to_pylist()
    shown = {
        "reading": _reading(rows, words),
        "table": _sheet(rows, words),
        "thinning": thinning_figure(thinning, words),
        "coverage": coverage_sheet(history, words),
    }
    return environment().get_template("sensitivity.html.j2").render(**page_context(words), **shown)


def _reading(rows: list[dict[str, Any]], words: Language) -> str:
    shown = [row["value"] for row in rows if row["value"] is not None and row["status"] != "suppressed"]
    if not shown:
        return words.say("sensitivity.none")
    return words.say("sensitivity.reading", low=words.percent(min(shown)), high=words.percent(max(shown)))


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
