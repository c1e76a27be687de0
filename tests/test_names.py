"""A class name says what it is: no two modules of the program define the same one."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PACKAGES = ("passerelle", "spiders", "pipelines", "transforms", "flows")


def classes(root: Path) -> dict[str, list[str]]:
    """Names of the public classes at the top of modules under `root`, each with the files that define it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(path for package in PACKAGES for path in (root / package).rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(root).as_posix())
    return found


def doubled(root: Path) -> dict[str, list[str]]:
    """Those that more than one file defines."""
    return {name: files for name, files in classes(root).items() if len(files) > 1}


def test_no_class_name_means_two_things() -> None:
    assert len(classes(HERE)) > 100
    assert doubled(HERE) == {}


@pytest.mark.parametrize(("text", "is_told"), [("class Row: ...", True), ("class _Row: ...", False)])
def test_a_name_that_two_modules_define_is_told(tmp_path: Path, text: str, is_told: bool) -> None:
    for package in ("flows", "spiders"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "rows.py").write_text(text, "utf-8")
    assert doubled(tmp_path) == ({"Row": ["flows/rows.py", "spiders/rows.py"]} if is_told else {})
