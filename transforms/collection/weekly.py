"""What was asked of each server in a week, what came, what is known to be missing."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pandas as pd
import pyarrow as pa

from passerelle.tables import WEEKLY_COVERAGE
from passerelle.weeks import iso_weeks

_LISTS = {"timeline": "gaps", "thread": "incomplete_threads", "history": "incomplete_histories"}
"""Scopes, and where it is counted how many of them were not whole when they were last asked for in the week."""


def weekly_coverage(coverage: pa.Table, runs: pa.Table, zone: str) -> pa.Table:
    """The table `weekly_coverage`: a row a week (of asking, in `zone`), platform and source.

    `coverage` and `runs` are the tables of those names. A thing that was asked for several times in a week is whole if
    it was so the last time; what came is counted each time.
    """
    if coverage.num_rows == 0:
        return WEEKLY_COVERAGE.empty()
    frame = coverage.to_pandas()
    frame["iso_week"] = iso_weeks(coverage["asked_at"], zone).to_pylist()
    refused = {row["run_id"]: json.loads(row["reasons"])["refused"] for row in runs.to_pylist()}
    key = ["iso_week", "platform", "source"]
    rows = [dict(zip(key, names, strict=True)) | _row(asked, refused) for names, asked in frame.groupby(key)]
    return WEEKLY_COVERAGE.conform(pa.Table.from_pylist(rows, schema=WEEKLY_COVERAGE.schema))


def _row(asked: pd.DataFrame, refused: dict[str, dict[str, int]]) -> dict[str, Any]:
    announced = asked[asked["expected"].notna()]
    last = asked.sort_values(["asked_at", "run_id"]).drop_duplicates(["scope", "subject_id"], keep="last")
    missing = last[~last["is_complete"]]
    reasons = Counter[str]()
    for run in asked["run_id"].unique():
        reasons.update(refused.get(run, {}))
    return {
        "runs": asked["run_id"].nunique(),
        "asked": len(asked),
        "received": int(asked["got"].sum()),
        "announced": int(announced["expected"].sum()) if len(announced) else None,
        "received_of_announced": int(announced["got"].sum()) if len(announced) else None,
        "threads": int((last["scope"] == "thread").sum()),
        "histories": int((last["scope"] == "history").sum()),
        **{column: int((missing["scope"] == scope).sum()) for scope, column in _LISTS.items()},
        "reasons": _told(Counter(missing["reason"].fillna("unknown"))),
        "refused": _told(reasons),
    }


def _told(counts: Counter[str]) -> str:
    return json.dumps({name: int(counts[name]) for name in sorted(counts)}, separators=(",", ":"))
