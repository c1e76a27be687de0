"""Our stubs of pyarrow say less than pyarrow has, and nothing that it has not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
LESS = re.compile(r"is not present in stub|stub does not have|is not keyword-only|is a disjoint base at runtime")


def faults(stubs: Path) -> list[str]:
    """What stubtest finds in `stubs` against the installed package, but for what is left out of them."""
    command = [sys.executable, "-m", "mypy.stubtest", "pyarrow", "--concise", "--ignore-missing-stub"]
    done = subprocess.run(
        command, cwd=HERE, env=os.environ | {"MYPYPATH": str(stubs)}, capture_output=True, text=True, check=False
    )
    told = done.stdout.splitlines() + done.stderr.splitlines()
    assert told, command
    return [line for line in told if line.startswith(("pyarrow", "error")) and not LESS.search(line)]


@pytest.mark.slow
def test_the_stubs_agree_with_what_is_installed() -> None:
    assert faults(HERE / "typings") == []


@pytest.mark.slow
def test_what_pyarrow_has_not_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyarrow").mkdir()
    (tmp_path / "pyarrow" / "__init__.pyi").write_text("def nulls(size: int, colour: str) -> None: ...\n", "utf-8")
    assert {line.split()[0] for line in faults(tmp_path)} == {"pyarrow.nulls"}
