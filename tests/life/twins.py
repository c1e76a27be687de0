"""Two lakes that were lived alike, but for a kill: tables, crawl states and releases must be the same."""

from __future__ import annotations

from pathlib import Path

from tests.life.lake_rows import differences

_SHOWN = 8


def twin_differences(one: Path, other: Path) -> list[str]:
    """Table, key and column, or the file, by which they differ."""
    lines = differences(one, other)
    for pattern in ("state/*", "releases/*/*/r*/**/*", "restricted/*/*/r*/**/*"):
        lines += _other_files(one, other, pattern)[:_SHOWN]
    return lines


def _other_files(one: Path, other: Path, pattern: str) -> list[str]:
    files = [
        {str(path.relative_to(lake)): path.read_bytes() for path in lake.glob(pattern) if path.is_file()}
        for lake in (one, other)
    ]
    names = sorted(files[0].keys() | files[1].keys())
    return [f"file {name}" for name in names if files[0].get(name) != files[1].get(name)]
