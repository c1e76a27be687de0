"""Nothing under the GPL is needed: igraph, once used for communities and pictures, is not even named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent

CODE = ("passerelle", "spiders", "pipelines", "transforms", "flows", "benchmarks", "docs")
WORKS = """
import sys
sys.modules["igraph"] = None  # to import it is an error
import flows.publish, flows.analyse, transforms.graphs.measure, transforms.report.network
from transforms.report.network import Group, Link, draw_network
draw_network([Group(str(n), n + 5) for n in range(7)], [Link(n, n + 1, "weak", 9) for n in range(5)], 9, "alt")
print(transforms.graphs.measure.measure(["a", "b"], ["b", "c"], None, False)["communities"]["count"])
"""


def test_no_package_of_igraph_is_locked_or_imported() -> None:
    named = re.compile(r"^\s*(import|from) igraph|^igraph|\"igraph", re.MULTILINE)
    files = [REPOSITORY / "pyproject.toml", REPOSITORY / "requirements.lock"]
    files += [path for folder in CODE for path in (REPOSITORY / folder).rglob("*.py")]
    assert [path.name for path in files if named.search(path.read_text("utf-8"))] == []


def test_communities_and_pictures_are_made_without_it() -> None:
    done = subprocess.run([sys.executable, "-c", WORKS], capture_output=True, text=True, cwd=REPOSITORY, check=False)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
