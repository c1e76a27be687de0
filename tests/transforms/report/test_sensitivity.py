"""What the headline would be under other definitions, and with less history, on one page."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from lxml import html

from transforms.report import GRID, HISTORY, THINNING, render_sensitivity


def line(window: int, days: int, value: float | None, **more: Any) -> dict[str, Any]:
    ends = {"low": None if value is None else value - 0.05, "high": None if value is None else value + 0.05}
    fixed = {"iso_week": "2026-W46", "num_weeks": 1, "window_days": window, "strong_days": days, "value": value}
    return {**fixed, **ends, "n": 60, "status": "final", "is_chosen": False, **more}


def thinned(kept: float, stratum: str, value: float | None) -> dict[str, Any]:
    status, week = "too_few" if value is None else "final", {"iso_week": "2026-W46", "num_weeks": 8}
    return {**week, "share_kept": kept, "stratum": stratum, "value": value, "n": 60, "status": status}


def page(code: str, **rows: list[dict[str, Any]]) -> Any:
    """The page, of which only what is named has rows."""
    schemas = {"sensitivity": GRID, "thinning": THINNING, "history_coverage": HISTORY}
    tables = {name: pa.Table.from_pylist(rows.get(name, []), schema=schema) for name, schema in schemas.items()}
    return html.fromstring(render_sensitivity(tables, code))


def cells(root: Any, section: str) -> list[list[str]]:
    return [
        [cell.text_content() for cell in row]
        for row in root.xpath(f"//section[@aria-labelledby='{section}']//tbody/tr")
    ]


def test_the_page_says_how_far_the_figure_goes() -> None:
    rows = [
        line(28, 3, 0.31),
        line(84, 4, 0.43, is_chosen=True),
        line(168, 6, 0.52),
        line(56, 4, None, status="too_few"),
    ]
    root = page("fr", sensitivity=rows)
    assert "de 31\u202f% à 52\u202f%" in root.text_content()
    told = cells(root, "definitions")
    assert told[1] == ["2026-W46", "84", "4", "43\u202f%", "38\u00a0à\u00a048\u202f%", "définition retenue"]
    assert told[3][3:5] == ["trop peu", "–"]


def test_the_page_says_what_less_history_would_have_done() -> None:
    shares = {1.0: 0.5, 0.75: 0.58, 0.5: 0.66, 0.25: 0.77}
    rows = [thinned(kept, "absent", value) for kept, value in shares.items()]
    rows += [thinned(kept, "strong", None) for kept in shares]
    root = page("en", thinning=rows)
    assert (
        "With half of the contacts, 66% of mobilisers would have no observed tie, instead of 50%."
        in root.text_content()
    )
    told = cells(root, "history")
    assert told[4] == ["no observed tie", "100%", "50%"]
    assert told[6] == ["no observed tie", "50%", "66%"]
    assert {tuple(row[2:]) for row in told[:4]} == {("too few",)}
    (picture,) = root.xpath("//svg")
    drawn = picture.xpath("string()")
    assert "no observed tie" in drawn
    assert "strong" not in drawn
    assert "instead of 50%" in picture.get("aria-label")


def test_the_page_says_how_much_history_was_collected() -> None:
    rows = [
        {"iso_week": "2026-W45", "value": None, "n": 10, "status": "too_few"},
        {"iso_week": "2026-W46", "value": 0.875, "n": 40, "status": "final"},
    ]
    told = cells(page("fr", history_coverage=rows), "coverage")
    assert told == [["2026-W45", "trop peu", "10"], ["2026-W46", "88\u202f%", "40"]]


def test_with_nothing_to_tell_the_page_says_so() -> None:
    root = page("en")
    assert "No definition gives a figure" in root.text_content()
    assert "do not allow it to be said what less history would change" in root.text_content()
    assert not root.xpath("//svg")
