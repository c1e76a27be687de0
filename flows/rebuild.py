"""Derived tables made anew from what they come from: mends lakes that an older version or a damaged file left wrong."""

from __future__ import annotations

import pyarrow as pa

from flows import gate
from flows.committing import forget_deleted, settle_engagements
from flows.known import IMPORT
from flows.polls import name_servers
from flows.staged import staged_runs
from passerelle.lake import Lake
from passerelle.soundness import MADE_ANEW
from passerelle.stepping_back import damage, renew_ledger, step_back
from passerelle.tables import ENGAGEMENTS, POSTS, RUNS
from transforms.merging.keys import news
from transforms.merging.names import named
from transforms.merging.posts import merge_versions


def rebuild(lake: Lake) -> dict[str, int]:
    """Make posts, the bounds of engagements and labels anew, servers of polls and rows of `runs` that were lost.

    The caller holds the lock.
    Returns how many rows changed, by table: rows other than they were, new ones, and those that nothing speaks for.
    What analysis makes (interactions, episodes...) follows with the next `passerelle analyse`.
    """
    renew_ledger(lake)
    for name in MADE_ANEW:
        if damage(lake, name) is not None:
            step_back(lake, name)
    changed = {"posts": settle_all_posts(lake), "runs": _regain_runs(lake)}
    changed["polls"] = name_servers(lake)
    changed["engagements"] = settle_engagements(lake, ENGAGEMENTS.empty(), lake.read("engagements"))
    changed["labels"] = forget_deleted(lake)
    return changed


def _regain_runs(lake: Lake) -> int:
    """A row for each run whose looks are here but that `runs` lost: partial, with what its looks still tell."""
    looks = lake.read("post_versions", columns=[*POSTS.key, "captured_at", "run_id"]).to_pandas()
    # looks name the home servers that were asked too; of every crawl there is coverage, of an import there is none
    crawls = lake.read("coverage", columns=["run_id", "source"]).to_pandas().groupby("run_id")["source"].first()
    looks["is_first"] = ~looks.sort_values("captured_at", kind="stable").duplicated(list(POSTS.key)).reindex(
        looks.index
    )
    waiting = {run.run_id for run in staged_runs(lake)}
    lost = looks[~looks["run_id"].isin({*lake.read("runs")["run_id"].to_pylist(), *waiting})]
    rows = [
        {
            "run_id": run_id,
            "source": crawls.get(run_id, IMPORT),
            "started_at": told["captured_at"].min(),
            "finished_at": told["captured_at"].max(),
            "status": "partial",
            "campaign_hash": "",
            "fetched": len(told),
            "accepted": int(told["is_first"].sum()),
            "updated": int((~told["is_first"]).sum()),
            "reasons": '{"refused":{},"quarantined":{}}',
            "cursors": "{}",
            **dict.fromkeys(("duplicate", "quarantined", "refused", "checks", "failed_checks"), 0),
        }
        for run_id, told in lost.groupby("run_id")
    ]
    # what a column that came later holds of a run that nobody remembers is what it holds of those before it
    lake.merge("runs", RUNS.brought_up(pa.Table.from_pylist(rows, schema=RUNS.schema)))
    return len(rows)


def settle_all_posts(lake: Lake) -> int:
    """Make all posts anew from all looks at them and the deletions. Returns how many rows changed."""
    deletions = lake.read("deletions")
    old = lake.read("posts")
    made = _made(lake, deletions)
    changed = news(made, old, POSTS.key).num_rows
    gone = old.num_rows + news(made.select(list(POSTS.key)), old.select(list(POSTS.key)), POSTS.key).num_rows
    gone -= made.num_rows
    if changed or gone:
        lake.overwrite("posts", made)
    return int(changed + gone)


def _made(lake: Lake, deletions: pa.Table) -> pa.Table:
    looks = named(lake.read("post_versions"), lake.read("post_names"))
    made = merge_versions(looks, deletions)
    gate.check_posts(made, looks, deletions)
    return made
