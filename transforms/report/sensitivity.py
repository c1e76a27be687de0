"""One small page: what the headline would be under other definitions of a tie, and with less history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from transforms.report.doubts import GRID
from transforms.report.figures import Sheet, cell
from transforms.report.headline import capital
from transforms.report.language import Language, language
from transforms.report.page import environment, page_context, rounding_note
from transforms.report.thinning import coverage_sheet, thinning_figure


def render_sensitivity(doubts: Mapping[str, pa.Table], code: str, *, is_public: bool = True) -> str:
    """The page in the language `code` (``fr`` or ``en``). `doubts`: what `sensitivity_tables` gives."""
    words = language(code)
    rows = doubts["sensitivity"].cast(GRID).to_pylist()
    shown = {
        "reading": _reading(rows, words),
        "span": _span(rows, words),
        "table": _sheet(rows, words),
        "thinning": thinning_figure(doubts["thinning"], words),
        "coverage": coverage_sheet(doubts["history_coverage"], words),
        "rounding": rounding_note(is_public, words),
    }
    return environment().get_template("sensitivity.html.j2").render(**page_context(words), **shown)


def _reading(rows: list[dict[str, Any]], words: Language) -> str:
    shown = [row["value"] for row in rows if row["value"] is not None]
    if not shown:
        return words.say("sensitivity.none")
    return words.say("sensitivity.reading", low=words.percent(min(shown)), high=words.percent(max(shown)))


def _span(rows: list[dict[str, Any]], words: Language) -> str:
    """Which weeks these figures are of."""
    return capital(words.span(rows[0]["iso_week"], rows[0]["num_weeks"])) if rows else ""


def _sheet(rows: list[dict[str, Any]], words: Language) -> Sheet:
    columns = [words.say(f"sensitivity.{name}") for name in ("week", "window", "days", "value", "interval")]
    return Sheet(words.say("sensitivity.caption"), [*columns, ""], [_line(row, words) for row in rows])


def _line(row: dict[str, Any], words: Language) -> list[str]:
    ends = [row["low"], row["high"]]
    share = cell(row["value"], str(row["status"]), words)
    interval = "–" if None in ends else words.interval(*(words.percent(end) for end in ends))
    chosen = words.say("sensitivity.chosen") if row["is_chosen"] else ""
    return [str(row["iso_week"]), str(row["window_days"]), str(row["strong_days"]), share, interval, chosen]
