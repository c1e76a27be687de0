"""A platform is known in its row and its spider, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from passerelle.platforms import PLATFORMS
from spiders.platforms.mastodon.names import FediverseNames
from tests.conftest import REPOSITORY

NEUTRAL = ("passerelle", "spiders", "pipelines", "transforms", "flows", "docs")
# its row, its spider, and what knows files that people already have, whoever made them
KNOWS = ("passerelle/platforms.py", "spiders/platforms/", "spiders/archives/", "flows/cli/import_command.py")


SPELT = {"threads": r"\bthreads\.(?:net|com)\b|threads_"}  # a name that is a word of ours is told by its addresses


@pytest.mark.parametrize("name", PLATFORMS)
def test_no_neutral_file_names_a_platform(name: str) -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in _neutral_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(SPELT.get(name, rf"(?<![a-z]){name}"), line.lower())  # not within a word, as in Poisson
    ]
    assert found == []


def test_the_search_would_find_one() -> None:
    assert any("mastodon" in path.read_text("utf-8").lower() for path in (REPOSITORY / "spiders").rglob("names.py"))
    assert len(_neutral_files()) > 150


def test_scrapy_lists_the_platforms() -> None:
    settings = Settings()
    settings.setmodule("spiders.settings")
    assert sorted(SpiderLoader.from_settings(settings).list()) == sorted(PLATFORMS)


def test_a_hosted_platform_completes_names() -> None:
    assert FediverseNames("ville.test", "ville.test").identity({"acct": "Anne"}) == "acct:anne@ville.test"


def _neutral_files() -> list[Path]:
    files = [path for folder in NEUTRAL for path in sorted((REPOSITORY / folder).rglob("*.py"))]
    return [path for path in files if not str(path.relative_to(REPOSITORY)).startswith(KNOWS)]
