"""The indicators of the restricted edition: the rows of the public table with the figures as they were computed."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from transforms.report.public_indicators import PUBLIC_INDICATORS

TAKEN = ("value", "low", "high", "n")


def exact_indicators(told: pa.Table, computed: pa.Table) -> pa.Table:
    """`told` from exact cells (schema `PUBLIC_INDICATORS`), with values and intervals of `weekly_indicators` where that
    has the row: its times are to the minute, its intervals go by episodes and people.
    """
    exact = {_key(row): row for row in computed.to_pylist()}
    rows = [row | _taken(exact.get(_key(row))) for row in told.to_pylist()]
    return pa.Table.from_pylist(rows, schema=PUBLIC_INDICATORS)


def _key(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["iso_week"], row["indicator"], row["stratum"]


def _taken(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {}
    status = {"status": "undefined"} if row["value"] is None else {}
    return {name: row[name] for name in TAKEN} | status
