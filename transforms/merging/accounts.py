"""Accounts: what is known of each one after several looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import ACCOUNTS
from transforms.merging.keys import in_order_of, same_values

_MOMENTS = ("first_seen_at", "last_seen_at")
_SAID = [column.name for column in ACCOUNTS.columns if column.name not in ("account_id", *_MOMENTS)]


def merge_accounts(looks: pa.Table, known: pa.Table, clocks: Mapping[str, datetime]) -> pa.Table:
    """One row an account that was looked at: words of the newest look, `first_seen_at` of the first.

    `looks` and `known` have the schema of `accounts`, `looks` also the `run` it came with. Of each column the newest
    look that says anything counts, also where it takes a flag back; a null (a look that did not say) hides nothing.
    `clocks`: when an import began, by run. A look that is only assumed to be of that time, and says what is known,
    changes nothing.
    """
    looks = looks.filter(pa.array(~_says_nothing_new(looks, known, clocks), pa.bool_())).drop_columns("run")
    seen = known.filter(pc.is_in(known["account_id"], looks["account_id"].combine_chunks()))
    order = [("account_id", "ascending"), ("last_seen_at", "ascending"), *((name, "ascending") for name in _SAID)]
    rows = pa.concat_tables([seen, looks]).sort_by(order)
    latest_said = pc.ScalarAggregateOptions(skip_nulls=True)
    newest = [*_SAID, "last_seen_at"]
    merged = rows.group_by("account_id", use_threads=False).aggregate(
        [(name, "last", latest_said) for name in newest] + [("first_seen_at", "min")]
    )
    names = {f"{name}_last": name for name in newest} | {"first_seen_at_min": "first_seen_at"}
    return ACCOUNTS.conform(merged.rename_columns([names.get(n, n) for n in merged.column_names]))


def _says_nothing_new(looks: pa.Table, known: pa.Table, clocks: Mapping[str, datetime]) -> pd.Series[bool]:
    """Looks of an account whose moments are all assumed, and whose newest says word for word what is known."""
    rows = looks.select(["account_id", "last_seen_at", "run"]).to_pandas()
    began = pd.to_datetime(rows["run"].map(clocks), utc=True)
    assumed = began.notna() & (rows["last_seen_at"] >= began)
    last = rows.sort_values("last_seen_at", kind="stable").drop_duplicates("account_id", keep="last")
    last = last[last["account_id"].isin(known["account_id"].to_pylist())]
    newest = looks.take(pa.array(last.index, pa.int64()))
    old = in_order_of(known, newest, ["account_id"])
    same = pd.Series(True, index=last.index)
    for name in _SAID:
        same &= same_values(newest[name], old[name]) | newest[name].is_null().to_numpy()
    all_assumed: pd.Series = assumed.groupby(rows["account_id"]).transform("all")
    again: pd.Series[bool] = all_assumed & rows["account_id"].isin(set(last["account_id"][same]))
    return again
