"""What the headline would be under other definitions, on one page."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from lxml import html

from transforms.report import GRID, render_sensitivity


def line(window: int, days: int, value: float | None, **more: Any) -> dict[str, Any]:
    ends = {"low": None if value is None else value - 0.05, "high": None if value is None else value + 0.05}
    fixed = {"iso_week": "2026-W46", "window_days": window, "strong_days": days, "value": value, "status": "final"}
    return {**fixed, **ends, "is_chosen": False, **more}


def test_the_page_says_how_far_the_figure_goes() -> None:
    rows = [
        line(28, 3, 0.31),
        line(84, 4, 0.43, is_chosen=True),
        line(168, 6, 0.52),
        line(56, 4, 0.9, status="suppressed"),
    ]
    root = html.fromstring(render_sensitivity(pa.Table.from_pylist(rows, schema=GRID), "fr"))
    assert "de 31\u202f% à 52\u202f%" in root.text_content()
    cells = [[cell.text_content() for cell in row] for row in root.xpath("//tbody/tr")]
    assert cells[1] == ["2026-W46", "84", "4", "43\u202f%", "38\u00a0à\u00a048\u202f%", "définition retenue"]
    assert cells[3][3:5] == ["masqué", "–"]


def test_an_empty_grid_says_that_there_is_nothing() -> None:
    assert "No definition gives a figure" in render_sensitivity(GRID.empty_table(), "en")
