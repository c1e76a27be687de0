"""Tables that a command writes into a page that is otherwise written by hand."""

from __future__ import annotations

from pathlib import Path

METHODS = Path(__file__).resolve().parents[1] / "docs" / "methods.md"


def rewrite(page: Path, name: str, text: str) -> None:
    """Put `text` between ``<!-- name: begin -->`` and ``<!-- name: end -->``; ValueError unless both stand once."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = page.read_text("utf-8")
    if old.count(begin) != 1 or old.count(end) != 1 or old.index(begin) > old.index(end):
        raise ValueError(f"{page} has no place for '{name}': write {begin} and, further down, {end}, once each")
    before, after = old.split(begin)[0], old.split(end)[1]
    page.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", "utf-8")
