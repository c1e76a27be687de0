"""The gate: Great Expectations over what is about to be merged. The only module that knows it.

Two looks: rows, each of which passes or goes to quarantine with a reason; and partitions (ISO weeks), where a failure
is the fault of the runs that brought the bad rows. What is made of them is held against what it was made from.
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
from passerelle.wording import english, french
from transforms.merging.agreement import differing_posts

PSEUDONYM = {"post_id": r"^p[0-9a-f]{24}$", "author_id": r"^a[0-9a-f]{24}$", "account_id": r"^a[0-9a-f]{24}$"}
MAX_CLOCK_SKEW_HOURS = 48
MAX_BLANK_SHARE = 0.5
MAX_FAILED_SHARE = 0.2
MIN_PARTITION_ROWS = 20
LIMITS = {
    "blank": (MAX_BLANK_SHARE, "blank texts", "textes vides"),
    "failed": (MAX_FAILED_SHARE, "too many rows failed", "trop de lignes refusées"),
}
"""Of a week's rows: the largest share that passes, and what is said of a larger one."""


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What the gate says of one table: failed rows by position, with the reason; checks made and failed."""

    reasons: Mapping[int, str]
    checks: int
    failed: int


def check_rows(table: pa.Table) -> GateVerdict:
    """Look at every row of a staged table that has posts or accounts in it."""
    frame = _facts(table)
    results = _validate(frame, _row_expectations(frame))
    reasons: dict[int, str] = {}
    for result in results:
        for position in result.result.get("unexpected_index_list") or ():
            reasons.setdefault(position, result.expectation_config.meta["reason"])
    return GateVerdict(reasons, len(results), sum(not result.success for result in results))


def tally_weeks(table: pa.Table, failed: Mapping[int, str]) -> pd.DataFrame:
    """Counts by week and run for :func:`check_partitions`: rows, rows without words, rows that failed."""
    frame = pd.DataFrame({"iso_week": table["iso_week"].to_pandas(), "run_id": table["run_id"].to_pandas(), "rows": 1})
    own_words = table["repost_of_id"].is_null().to_pandas() & ~table["has_media"].to_pandas()
    frame["num_blank"] = own_words & (table["text"].to_pandas().str.strip() == "")
    frame["num_failed"] = frame.index.isin(list(failed))
    tally: pd.DataFrame = frame.groupby(["iso_week", "run_id"]).sum().reset_index()
    return tally


def check_partitions(tallies: Sequence[pd.DataFrame]) -> tuple[GateVerdict, dict[str, tuple[str, str]]]:
    """Look at each ISO week of staged looks, of every run and of all together.

    Also returns the runs at fault with the reason in both languages: those whose own share of bad rows is too large.
    """
    if not tallies:
        return GateVerdict({}, 0, 0), {}
    by_run = _shares(pd.concat(tallies), ["iso_week", "run_id"])
    judged = pd.concat([by_run, _shares(by_run.drop(columns=list(LIMITS)), ["iso_week"])], ignore_index=True)
    judged = judged[judged["rows"] >= MIN_PARTITION_ROWS].reset_index(drop=True)
    results = _validate(judged, _partition_expectations(judged))
    faults: dict[str, set[tuple[str, str]]] = {}
    for result in results:
        column = result.expectation_config.kwargs["column"]
        weeks = judged["iso_week"][list(result.result.get("unexpected_index_list") or ())]
        bad = by_run[by_run["iso_week"].isin(set(weeks)) & (by_run[column] > LIMITS[column][0])]
        for row in bad.itertuples():
            faults.setdefault(str(row.run_id), set()).add((column, str(row.iso_week)))
    verdict = GateVerdict({}, len(results), sum(not result.success for result in results))
    return verdict, {run: _told(found) for run, found in faults.items()}


def _told(found: set[tuple[str, str]]) -> tuple[str, str]:
    weeks = ", ".join(sorted({week for _, week in found}))
    columns = sorted({column for column, _ in found})
    en, fr = (", ".join(str(LIMITS[column][place]) for column in columns) for place in (1, 2))
    return f"{en} in {weeks}", f"{fr} dans {weeks}"


def check_posts(posts: pa.Table, looks: pa.Table, deletions: pa.Table) -> None:
    """Raise GateError, before they are written, if rows of `posts` are not what their looks and deletions say."""
    if differing := differing_posts(posts, looks, deletions).num_rows:
        raise GateError(
            en=f"quality gate: {english(differing, 'row')} of posts not what their versions say; they were not "
            "written, please report this",
            fr=f"contrôle qualité : {french(differing, 'ligne')} de posts sans accord avec leurs versions ; elles "
            "n'ont pas été écrites, merci de le signaler",
        )


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


def _shares(tallies: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Rows by week, or by week and run, with the share that is blank and that failed."""
    weeks = tallies.groupby(by)[["rows", "num_blank", "num_failed"]].sum()
    for column in LIMITS:
        weeks[column] = weeks[f"num_{column}"] / weeks["rows"]
    return weeks.reset_index()


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

    return [
        gxe.ExpectColumnValuesToBeBetween(column=column, max_value=limit, meta={"reason": reason})
        for column, (limit, reason, _) in LIMITS.items()
        if len(frame)
    ]


def _validate(frame: pd.DataFrame, checks: list[Any]) -> list[Any]:
    if frame.empty or not checks:
        return []
    import great_expectations as gx

    suite = gx.ExpectationSuite(name="gate", expectations=checks)
    answer = _whole().get_batch({"dataframe": frame}).validate(suite, result_format={"result_format": "COMPLETE"})
    for result in answer.results:
        if (result.exception_info or {}).get("raised_exception"):
            # Great Expectations says success=False for a check that could not run: that is a failure of ours
            raise RuntimeError(f"check could not run: {result.exception_info['exception_message']}")
    return list(answer.results)


@lru_cache(maxsize=1)
def _whole() -> Any:
    """Great Expectations' name for a whole frame; one for the process, since each makes a temporary folder.

    Its notices are of no use to who runs the job.
    """
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    from great_expectations.data_context.types import base

    base.logger.setLevel(logging.WARNING)  # it sets its own as it is imported
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = base.ProgressBarsConfig(globally=False, metric_calculations=False)
    source = context.data_sources.add_pandas("frame")
    return source.add_dataframe_asset("asset").add_batch_definition_whole_dataframe("whole")
