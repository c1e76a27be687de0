"""What a platform offers is told by its class, and README says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from passerelle.platforms import PLATFORMS
from spiders.offered import offered

README = Path(__file__).parents[2] / "README.md"
COLUMNS = {"threads": "thread", "reposts": "engagement", "histories": "history"}


def table() -> dict[str, dict[str, str]]:
    """README's table of platforms: by kind, the cells under their headings."""
    lines = [line.strip("|").split("|") for line in README.read_text("utf-8").splitlines() if line.startswith("|")]
    start = next(place for place, cells in enumerate(lines) if cells[0].strip() == "`kind`")
    names = [cell.strip() for cell in lines[start]]
    rows = [[cell.strip() for cell in cells] for cells in lines[start + 2 :] if len(cells) == len(names)]
    return {re.match(r"`(\w+)`", row[0])[1]: dict(zip(names, row, strict=True)) for row in rows}  # type: ignore[index]


def test_every_platform_has_its_row() -> None:
    assert list(table()) == list(dict.fromkeys([*table(), *PLATFORMS]))
    assert set(table()) == set(PLATFORMS)


@pytest.mark.parametrize("kind", PLATFORMS)
@pytest.mark.parametrize("column", COLUMNS)
def test_readme_says_what_the_platform_offers(kind: str, column: str) -> None:
    is_said = not table()[kind][column].startswith("–")
    assert is_said == (COLUMNS[column] in offered(kind))


@pytest.mark.parametrize("kind", PLATFORMS)
def test_readme_says_where_reposts_have_times(kind: str) -> None:
    is_said = re.search(r"(^|, )timed(,|$)", table()[kind]["reposts"]) is not None
    assert is_said == ("acts" in offered(kind))


def test_what_is_not_said_by_the_class_is_not_offered() -> None:
    assert offered("bluesky") == ("thread", "engagement", "quotes", "acts", "history")
    assert offered("blogger") == ("thread",)
    with pytest.raises(KeyError):
        offered("myspace")
