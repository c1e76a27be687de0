"""What an issue tells everybody, against what the one before told: copied, or moved all one way; nobody to be found."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

from tests.conftest import SHARED_DATA

PROBE = SHARED_DATA.parent / "tools" / "disclosure_probe.py"
Cells = Mapping[tuple[str, str, str, str], int]
"""People by week, population, chain and cell."""


def compare_tellings(before: Cells, now: Cells) -> Iterator[str]:
    """Every told cell is a multiple of five; of one population and week all move one way, or none does."""
    for key, people in now.items():
        if people < 0 or people % 5:
            yield f"{key} is told as {people}"
    moved: dict[tuple[str, str], set[bool]] = {}
    for key, people in before.items():
        if key in now and now[key] != people and key[2] != "so_far":
            moved.setdefault(key[:2], set()).add(now[key] > people)
    for where, ways in moved.items():
        if len(ways) > 1:
            yield f"{where} was told anew, some cells up and some down"
    finals = {key[:2] for key in before if key[2] != "so_far"}
    for key in before:
        if key[:2] in finals and key[2] != "so_far" and key not in now:
            yield f"{key} was told as final and is no more"


def probed(public: Path, exact: Path) -> Iterator[str]:
    """What the simple attacks of the tool beside the repository find; nothing where it is not there, which one test of
    `tests/flows/test_tellings.py` reports.
    """
    if PROBE.exists():
        yield from _tool().probe(public, exact)


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("disclosure_probe", PROBE)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool
