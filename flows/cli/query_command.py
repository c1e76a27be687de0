"""`passerelle query`: SQL over the tables."""

from __future__ import annotations

import csv
import math
import re
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, lake_option, opened, print_json

if TYPE_CHECKING:
    import pyarrow as pa

    from passerelle.lake import Lake

Tables = Mapping[str, Callable[[], "pa.Table"]]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command(
    "query",
    help=both(
        "Ask the tables in SQL (DuckDB). Every table is a view of its current version; see docs/data_dictionary.md.",
        "Interroger les tables en SQL (DuckDB). Chaque table est une vue de sa version actuelle ; "
        "voir docs/dictionnaire_des_donnees.md.",
    ),
)
@click.argument("sql")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help=both("Form of the answer.", "Forme de la réponse."),
)
@click.option(
    "--public",
    "is_public",
    is_flag=True,
    help=both(
        "Ask the tables of the latest public edition, which may be passed on, in place of the lake's own.",
        "Interroger les tables de la dernière édition publique, qui peut être transmise, au lieu de celles du lac.",
    ),
)
@campaign_option
@lake_option
def command(sql: str, form: str, is_public: bool, campaign_file: Path, lake_folder: Path | None) -> None:
    """Print the rows that `sql` selects."""
    from passerelle.lake import open_lake

    _, lake = opened(campaign_file, lake_folder)
    rows = answer(sql, public_tables(lake) if is_public else lake_tables(open_lake(lake.root)))
    {"table": _print_table, "csv": _print_csv, "json": _print_json}[form](rows)


def lake_tables(lake: Lake) -> Tables:
    """Every table of a lake, by name: restricted data."""
    from passerelle.tables import TABLES

    return {name: partial(lake.read, name) for name in TABLES}


def public_tables(lake: Lake) -> Tables:
    """Every table of the public edition that `latest` names. Raises UsageError without one."""
    import pyarrow.parquet as pq

    from passerelle.errors import UsageError
    from passerelle.lake import BESIDE

    release = lake.latest_release()
    if release is None:
        raise UsageError(
            en=f"{lake.root}: nothing was published yet; `passerelle weekly` or `passerelle report` does",
            fr=f"{lake.root} : rien n'a encore été publié ; `passerelle weekly` ou `passerelle report` le fait",
        )
    return {path.stem: partial(pq.read_table, path) for path in sorted(release.glob(f"{BESIDE}/*.parquet"))}


def answer(sql: str, tables: Tables) -> pa.Table:
    """The answer to `sql` as an Arrow table. Raises UsageError for SQL that DuckDB refuses."""
    import duckdb

    from passerelle.errors import UsageError

    base = duckdb.connect(config={"enable_external_access": "false"})
    for name, read in tables.items():
        if re.search(rf"\b{name}\b", sql, re.IGNORECASE):
            base.register(name, read())
    try:
        found: pa.Table = base.sql(sql).to_arrow_table()
        return found
    except (duckdb.Error, AttributeError) as error:
        reason = "it selects nothing" if isinstance(error, AttributeError) else str(error).splitlines()[0]
        raise UsageError(
            en=f"query: {reason}; the tables are {', '.join(tables)}",
            fr=f"requête : {reason} ; les tables sont {', '.join(tables)}",
        ) from None


def _print_table(rows: pa.Table) -> None:
    cells = [rows.column_names, *([_cell(v) for v in row.values()] for row in rows.to_pylist())]
    widths = [max(len(row[i]) for row in cells) for i in range(rows.num_columns)]
    for place, row in enumerate(cells):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if place == 0:
            click.echo("  ".join("-" * width for width in widths))


def _print_csv(rows: pa.Table) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(rows.column_names)
    for row in rows.to_pylist():
        out.writerow([_harmless(value) for value in row.values()])


def _print_json(rows: pa.Table) -> None:
    print_json("passerelle.query/1", columns=rows.column_names, rows=[_plain(row) for row in rows.to_pylist()])


def _plain(value: Any) -> Any:
    """`value` as JSON says it: DuckDB's sums are decimals, its blobs bytes, and infinity has no number in JSON."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value.hex() if isinstance(value, bytes) else value


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("\n", " ")


def _harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
