"""Accounts: what is known of each one after several looks at it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from passerelle.tables import ACCOUNTS


def merge_accounts(looks: pa.Table, known: pa.Table) -> pa.Table:
    """One row an account that was looked at: words of the newest look, `first_seen_at` of the first.

    `looks` and `known` have the schema of `accounts`. A flag that was once true in the newest look only is
    what counts; a null (a look that did not say) never hides what an older look said.
    """
    seen = known.filter(pc.is_in(known["account_id"], looks["account_id"].combine_chunks()))
    rows = pa.concat_tables([seen, looks]).sort_by([("account_id", "ascending"), ("last_seen_at", "ascending")])
    newest = [c.name for c in ACCOUNTS.columns if c.name not in ("account_id", "first_seen_at")]
    latest_said = pc.ScalarAggregateOptions(skip_nulls=True)
    merged = rows.group_by("account_id", use_threads=False).aggregate(
        [(name, "last", latest_said) for name in newest] + [("first_seen_at", "min")]
    )
    names = {f"{name}_last": name for name in newest} | {"first_seen_at_min": "first_seen_at"}
    return ACCOUNTS.conform(merged.rename_columns([names.get(n, n) for n in merged.column_names]))
