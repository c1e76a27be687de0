"""Column mappings that come with the program, for what platforms without a public search give their users."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from passerelle.campaign import Mapping
from spiders.archives.columns import MappedRow, has, needed

_FOLDER = "mappings"


@cache
def shipped_mappings() -> dict[str, Mapping]:
    """Each by its name, as it would stand in a campaign file."""
    folder = files("spiders.archives") / _FOLDER
    texts = (one.read_text("utf-8") for one in sorted(folder.iterdir(), key=lambda one: one.name))
    tables = (tomllib.loads(text)["mappings"] for text in texts)
    return {name: Mapping.model_validate(told) for table in tables for name, told in table.items()}


def fitting(row: MappedRow) -> str:
    """Names of the mappings that could read a file whose first object, or header, is `row`."""
    return " / ".join(name for name, mapping in shipped_mappings().items() if _fits(mapping, row))


def _fits(mapping: Mapping, row: MappedRow) -> bool:
    return bool(mapping.rows and has(row, mapping.rows)) or all(has(row, column) for column in needed(mapping))
