"""Writes what is generated from the code: the data dictionary in two languages, the methods' table of indicators, the
campaign's JSON Schema, and the French words of the command line's library.

`python -m docs.generate` writes; with ``--check`` it only says what would change, and exits 1 if anything would.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from docs.indicators import indicators, methods
from passerelle.campaign import Campaign
from passerelle.tables import TABLES, Column, Table

ROOT = Path(__file__).parent.parent
METHODS = ROOT / "docs" / "methods.md"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
LOCALE = ROOT / "flows" / "cli" / "locale" / "fr" / "LC_MESSAGES"
HEAD = {
    "en": (
        (
            "# Data dictionary\n\nMade from `passerelle/tables/` by `make docs`. Times are UTC, in microseconds;"
            " identifiers are keyed pseudonyms.\n"
        ),
        "| column | type | may be null | meaning |\n| --- | --- | --- | --- |\n",
        ("Key", "Partition", "yes", "no"),
    ),
    "fr": (
        (
            "# Dictionnaire des données\n\nTiré de `passerelle/tables/` par `make docs`. Les heures sont en UTC, à la"
            " microseconde ; les identifiants sont des pseudonymes à clé.\n"
        ),
        "| colonne | type | peut être nulle | sens |\n| --- | --- | --- | --- |\n",
        ("Clé", "Partition", "oui", "non"),
    ),
}


def dictionary(language: str) -> str:
    """The data dictionary as Markdown, in ``en`` or ``fr``."""
    tables = (_table(table, language) for table in TABLES.values())
    return "\n".join([HEAD[language][0], *tables, indicators(language)])


def _table(table: Table, language: str) -> str:
    _, columns, (key, partition, yes, no) = HEAD[language]
    colon = " :" if language == "fr" else ":"
    lines = [f"## `{table.name}`\n\n{getattr(table, language)}.\n\n{key}{colon} `{', '.join(table.key)}`."]
    if table.partition:
        lines.append(f"{partition}{colon} `{table.partition}`.")
    rows = "".join(_row(column, language, yes, no) for column in table.columns)
    return " ".join(lines) + "\n\n" + columns + rows


def _row(column: Column, language: str, yes: str, no: str) -> str:
    words = getattr(column, language).replace("|", "\\|")
    if column.values:
        words += (" : " if language == "fr" else ": ") + ", ".join(f"`{value}`" for value in column.values)
    return f"| `{column.name}` | `{column.type}` | {yes if column.nullable else no} | {words} |\n"


def schema() -> str:
    """The JSON Schema of a campaign file."""
    return json.dumps(Campaign.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


def words(source: Path) -> bytes:
    """The French words of the command line's own library, compiled from a `.po` file for gettext."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    catalogue.creation_date = catalogue.revision_date = MADE  # else now: each time other bytes
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def main() -> int:
    """Write or check every generated file."""
    wanted = {
        ROOT / "docs" / "data_dictionary.md": dictionary("en").encode(),
        ROOT / "docs" / "dictionnaire_des_donnees.md": dictionary("fr").encode(),
        METHODS: methods(METHODS.read_text("utf-8")).encode(),
        ROOT / "campaigns" / "campaign.schema.json": schema().encode(),
        LOCALE / "passerelle.mo": words(LOCALE / "passerelle.po"),
    }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_bytes() != text]
    for path in stale:
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is not what the code says: run `make docs`", file=sys.stderr)
        else:
            path.write_bytes(wanted[path])
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
