"""Writes what is generated from the code: the data dictionary in two languages, the methods' table of indicators, the
campaign's JSON Schema, and the French words of the command line's library.

`python -m docs.generate` writes; with ``--check`` it only says what would change, and exits 1 if anything would.
"""

from __future__ import annotations

import json
import re
import struct
import sys
from pathlib import Path

from docs.indicators import indicators, methods
from passerelle.campaign import Campaign
from passerelle.tables import TABLES, Column, Table

ROOT = Path(__file__).parent.parent
METHODS = ROOT / "docs" / "methods.md"
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
    entries = re.findall(r'^msgid "(.*)"\nmsgstr "(.*)"$', source.read_text("utf-8"), re.MULTILINE)
    plurals = re.findall(
        r'^msgid "(.*)"\nmsgid_plural "(.*)"\nmsgstr\[0\] "(.*)"\nmsgstr\[1\] "(.*)"$',
        source.read_text("utf-8"),
        re.MULTILINE,
    )
    entries += [(f"{one}\0{many}", f"{un}\0{plusieurs}") for one, many, un, plusieurs in plurals]
    pairs = sorted((_plain(key), _plain(value)) for key, value in entries)
    keys, values = (b"".join(part + b"\0" for part in side) for side in zip(*pairs, strict=True))
    start = 28 + 16 * len(pairs)
    tables = _offsets([key for key, _ in pairs], start) + _offsets([v for _, v in pairs], start + len(keys))
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables + keys + values


def _plain(text: str) -> bytes:
    return text.replace("\\n", "\n").replace('\\"', '"').encode()


def _offsets(texts: list[bytes], start: int) -> bytes:
    table = b""
    for text in texts:
        table += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    return table


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
