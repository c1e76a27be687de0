"""The gate: Great Expectations over what is about to be merged. The only module that knows it.

Two looks: rows, each of which passes or goes to quarantine with a reason; and partitions (ISO weeks), any of
which failing keeps the whole clean from being committed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa

from passerelle.errors import GateError

PSEUDONYM = {"post_id": r"^p[0-9a-f]{24}$", "author_id": r"^a[0-9a-f]{24}$", "account_id": r"^a[0-9a-f]{24}$"}
MAX_CLOCK_SKEW_HOURS = 48
MAX_BLANK_SHARE = 0.5
MAX_FAILED_SHARE = 0.2
MIN_PARTITION_ROWS = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one table: failed rows by position, with the reason; checks made and failed."""

    reasons: Mapping[int, str]
    checks: int
    failed: int


def check_rows(table: pa.Table) -> Verdict:
    """Look at every row of a staged table that has posts or accounts in it."""
    frame = _facts(table)
    results = _validate(frame, _row_expectations(frame))
    reasons: dict[int, str] = {}
    for result in results:
        for position in result.result.get("unexpected_index_list") or ():
            reasons.setdefault(position, result.expectation_config.meta["reason"])
    return Verdict(reasons, len(results), sum(not result.success for result in results))


def tally_weeks(table: pa.Table, failed: Mapping[int, str]) -> pd.DataFrame:
    """What :func:`check_partitions` needs of some staged post versions: rows, blank and failed ones, by week."""
    frame = pd.DataFrame({"iso_week": table["iso_week"].to_pandas(), "rows": 1})
    own_words = table["repost_of_id"].is_null().to_pandas() & ~table["has_media"].to_pandas()
    frame["blank"] = own_words & (table["text"].to_pandas().str.strip() == "")
    frame["failed"] = frame.index.isin(list(failed))
    tally: pd.DataFrame = frame.groupby("iso_week").sum().reset_index()
    return tally


def check_partitions(tallies: Sequence[pd.DataFrame]) -> Verdict:
    """Look at each ISO week of staged post versions. Raises GateError, naming the weeks, if one is not fit."""
    weeks = _partitions(pd.concat(tallies)) if tallies else pd.DataFrame()
    results = _validate(weeks, _partition_expectations(weeks))
    bad = sorted({weeks["iso_week"][i] for r in results for i in r.result.get("unexpected_index_list") or ()})
    if bad:
        why = sorted({r.expectation_config.meta["reason"] for r in results if not r.success})
        raise GateError(
            en=f"quality gate: {', '.join(why)} in {', '.join(bad)}; nothing was committed, the run stays in staging",
            fr=f"contrôle qualité : {', '.join(why)} dans {', '.join(bad)} ; rien n'a été validé, "
            "la collecte reste en attente",
        )
    return Verdict({}, len(results), 0)


def _facts(table: pa.Table) -> pd.DataFrame:
    """The columns that checks look at, plus the skew between stated and captured time (hours)."""
    wanted = [c for c in ("post_id", "author_id", "account_id", "source", "text") if c in table.column_names]
    frame: pd.DataFrame = table.select(wanted).to_pandas().reset_index(drop=True)
    if {"created_at", "captured_at"} <= set(table.column_names):
        ahead = table["created_at"].cast(pa.int64()).to_pandas() - table["captured_at"].cast(pa.int64()).to_pandas()
        frame["hours_ahead"] = ahead / 3_600e6
    if "text" in frame:
        frame["length"] = frame.pop("text").str.len()
    return frame


def _partitions(tallies: pd.DataFrame) -> pd.DataFrame:
    """Weeks of enough rows to be judged, with the share of rows that are blank and that failed."""
    weeks = tallies.groupby("iso_week").sum()
    for column in ("blank", "failed"):
        weeks[column] = weeks[column] / weeks["rows"]
    fit: pd.DataFrame = weeks[weeks["rows"] >= MIN_PARTITION_ROWS].reset_index()
    return fit


def _row_expectations(frame: pd.DataFrame) -> list[Any]:
    from great_expectations import expectations as gxe

    checks: list[Any] = []
    for column, pattern in PSEUDONYM.items():
        if column in frame:
            checks.append(gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"reason": f"no {column}"}))
            checks.append(
                gxe.ExpectColumnValuesToMatchRegex(
                    column=column, regex=pattern, meta={"reason": f"{column} is no pseudonym"}
                )
            )
    if "hours_ahead" in frame:
        checks.append(
            gxe.ExpectColumnValuesToBeBetween(
                column="hours_ahead", max_value=MAX_CLOCK_SKEW_HOURS, meta={"reason": "dated after its capture"}
            )
        )
    if "length" in frame:
        checks.append(
            gxe.ExpectColumnValuesToBeBetween(column="length", max_value=200_000, meta={"reason": "text too long"})
        )
    return checks


def _partition_expectations(frame: pd.DataFrame) -> list[Any]:
    from great_expectations import expectations as gxe

    limits = {"blank": (MAX_BLANK_SHARE, "blank texts"), "failed": (MAX_FAILED_SHARE, "too many rows failed")}
    return [
        gxe.ExpectColumnValuesToBeBetween(column=column, max_value=limit, meta={"reason": reason})
        for column, (limit, reason) in limits.items()
        if len(frame)
    ]


def _validate(frame: pd.DataFrame, checks: list[Any]) -> list[Any]:
    if frame.empty or not checks:
        return []
    import great_expectations as gx

    context = _context()
    batch = (
        context.data_sources.add_or_update_pandas("frame")
        .add_dataframe_asset("asset")
        .add_batch_definition_whole_dataframe("whole")
    )
    suite = gx.ExpectationSuite(name="gate", expectations=checks)
    answer = batch.get_batch({"dataframe": frame}).validate(suite, result_format={"result_format": "COMPLETE"})
    for result in answer.results:
        if (result.exception_info or {}).get("raised_exception"):
            # Great Expectations says success=False for a check that could not run: that is a failure of ours
            raise RuntimeError(f"check could not run: {result.exception_info['exception_message']}")
    return list(answer.results)


@lru_cache(maxsize=1)
def _context() -> Any:
    """One for the process: each makes a temporary folder. Its notices are of no use to who runs the job."""
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types import base

    base.logger.setLevel(logging.WARNING)  # it sets its own as it is imported
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = base.ProgressBarsConfig(globally=False, metric_calculations=False)
    return context
