"""Polls of lakes from before polls named their server: the runs tell it, and what they bound is bounded anew."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from flows.committing import settle_engagements
from flows.known import IMPORT
from passerelle.lake import Lake
from passerelle.tables import ENGAGEMENTS, POLLS, UNKNOWN
from transforms.merging.keys import first_by_key
from transforms.merging.polls import with_sources


def name_servers(lake: Lake) -> int:
    """Name the server of each poll that names none, where the runs tell it. Returns how many rows changed.

    The caller holds the lock. Engagements go first: a kill between the two leaves everything to be done again.
    """
    if UNKNOWN not in lake.read("polls", columns=["source"])["source"].unique().to_pylist():
        return 0
    polls = lake.read("polls")
    told = first_by_key(with_sources(polls, _crawls(lake), _moments(lake)), POLLS.key)
    changed = _nameless(polls) - _nameless(told)
    if changed:
        settle_engagements(lake, ENGAGEMENTS.empty(), lake.read("engagements"), told)
        lake.overwrite("polls", told)
    return changed


def _nameless(polls: pa.Table) -> int:
    return int(pc.sum(pc.equal(polls["source"], UNKNOWN)).as_py() or 0)


def _crawls(lake: Lake) -> pa.Table:
    runs = lake.read("runs", columns=["run_id", "source", "started_at"])
    return runs.filter(pc.not_equal(runs["source"], IMPORT))


def _moments(lake: Lake) -> pa.Table:
    """When each run looked at something: run_id, at."""
    looks = [("post_versions", "captured_at"), ("coverage", "asked_at")]
    rows = [lake.read(name, columns=["run_id", column]).rename_columns(["run_id", "at"]) for name, column in looks]
    return pa.concat_tables(rows)
