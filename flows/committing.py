"""The writes of a clean: each a merge by key of what is not there yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from flows import gate
from flows.known import IMPORT, about_posts, known_looks, names_of, pointing_to
from flows.parts import Part
from flows.rejects import split
from flows.staged import StagedRun, rows_with_run, staged_rows
from passerelle.delta import among
from passerelle.lake import Lake
from passerelle.tables import DELETIONS, POST_VERSIONS, TABLES
from transforms.merging.accounts import merge_accounts
from transforms.merging.engagements import bound_engagements
from transforms.merging.keys import first_by_key, news
from transforms.merging.names import named
from transforms.merging.posts import merge_versions
from transforms.merging.versions import kept_looks


def write_news(lake: Lake, name: str, rows: pa.Table, known: pa.Table) -> int:
    """Merge those of `rows` that do not stand in `known` exactly so; nothing is written where all do."""
    fresh = news(TABLES[name].conform(rows), known, TABLES[name].key)
    lake.merge(name, fresh)
    return int(fresh.num_rows)


def commit_posts(lake: Lake, runs: Sequence[StagedRun], part: Part, reasons: Mapping[int, str]) -> None:
    """Looks at posts, then the posts as all looks at them say."""
    staged, _ = split(staged_rows(runs, "post_versions", where=part.where), reasons)
    known = known_looks(lake, staged)
    fresh = kept_looks(staged, known, import_clocks(runs), _beginnings(lake, runs))
    lake.merge("post_versions", fresh)
    looks = first_by_key(pa.concat_tables([fresh, known]), POST_VERSIONS.key)
    settle_posts(lake, looks)


def settle_posts(lake: Lake, looks: pa.Table) -> int:
    """Make the posts that `looks` (all there are at them) and the deletions say. Returns how many rows changed."""
    deletions, looks = about_posts(lake, "deletions", looks), named(looks, names_of(lake, looks))
    made = merge_versions(looks, deletions)
    gate.check_posts(made, looks, deletions)
    return write_news(lake, "posts", made, about_posts(lake, "posts", looks))


def settle_named(lake: Lake, names: pa.Table) -> None:
    """Make those posts anew that wait for one of `names` (rows of `post_names`, which the lake has)."""
    if names.num_rows and (waiting := pointing_to(lake, names)).num_rows:
        settle_posts(lake, known_looks(lake, waiting))


def import_clocks(runs: Sequence[StagedRun]) -> dict[str, datetime]:
    """When each import among `runs` began."""
    return {run.run_id: run.clock for run in runs if run.source == IMPORT}


def _beginnings(lake: Lake, runs: Sequence[StagedRun]) -> dict[str, datetime]:
    """When each run began that the lake knows or that is among `runs`."""
    known = lake.read("runs", columns=["run_id", "started_at"]).to_pylist()
    return {row["run_id"]: row["started_at"] for row in known} | {run.run_id: run.clock for run in runs}


def commit_deletions(lake: Lake, staged: pa.Table) -> None:
    """Deletions, the first notice of each by each source; then the posts and labels that they are about."""
    if staged.num_rows == 0:
        return
    known = about_posts(lake, "deletions", staged)
    order = [*((name, "ascending") for name in DELETIONS.key), ("deleted_at", "ascending")]
    gone = first_by_key(pa.concat_tables([staged, known]).sort_by(order), DELETIONS.key)
    write_news(lake, "deletions", gone, known)
    settle_posts(lake, known_looks(lake, gone))
    forget_deleted(lake)


def forget_deleted(lake: Lake) -> int:
    """Take away what was said of posts that are gone. Returns how many labels went."""
    labels, posts = lake.read("labels"), lake.read("posts", columns=["post_id", "deleted_at"])
    gone = posts["post_id"].filter(pc.is_valid(posts["deleted_at"]))
    left = labels.filter(pc.invert(pc.is_in(labels["post_id"], value_set=gone.combine_chunks())))
    if left.num_rows < labels.num_rows:
        lake.overwrite("labels", left)
    return int(labels.num_rows - left.num_rows)


def commit_accounts(lake: Lake, runs: Sequence[StagedRun], part: Part, reasons: Mapping[int, str]) -> None:
    """What is known of each account after these looks."""
    rows, run_ids = rows_with_run(runs, "accounts", part.where)
    looks, _ = split(rows.append_column("run", run_ids), reasons)
    known = lake.read("accounts", where=among("account_id", pc.unique(looks["account_id"])))
    write_news(lake, "accounts", merge_accounts(looks, known, import_clocks(runs)), known)


def commit_engagements(lake: Lake, runs: Sequence[StagedRun], reasons: Mapping[int, str]) -> None:
    """Engagements, bounded anew wherever a look, a poll or the post itself is new."""
    looks, _ = split(staged_rows(runs, "engagements"), reasons)
    changed = [looks, *(staged_rows(runs, name, ["post_id"]) for name in ("polls", "post_versions"))]
    ids = pa.concat_tables([rows.select(["post_id"]) for rows in changed])
    settle_engagements(lake, looks, about_posts(lake, "engagements", ids))


def settle_engagements(lake: Lake, looks: pa.Table, known: pa.Table, polls: pa.Table | None = None) -> int:
    """Make the engagements that `looks`, what is `known`, posts and `polls` (the lake's) say.

    Returns how many rows changed.
    """
    seen = pa.concat_tables([looks, known])
    if seen.num_rows == 0:
        return 0
    posts = about_posts(lake, "posts", seen, ["post_id", "created_at"])
    made = bound_engagements(seen, about_posts(lake, "polls", seen) if polls is None else polls, posts)
    return write_news(lake, "engagements", made, known)
