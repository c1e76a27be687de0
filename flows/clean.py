"""Clean: staged runs through the gate and into the tables; cursors last.

Nothing is written before every row and partition has been looked at; a run at fault is set aside, the others go on.
Every write is a merge by key of what is not there yet, computed from looks whose order does not matter, so that doing
it again after a crash at any point, or with the same runs in another order, converges to the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.agreement import refuse_disagreement
from flows.aside import MANIFEST_LOST, AsideRun, set_aside
from flows.blocking import keep_news
from flows.committing import (
    commit_accounts,
    commit_deletions,
    commit_engagements,
    commit_posts,
    settle_named,
    write_news,
)
from flows.counting import Counts, count_posts
from flows.inspection import AtFaultError, Look, counts_of_posts, look, unbalanced
from flows.polls import name_servers
from flows.rejects import rejected_rows
from flows.run_rows import reasons_by_run, run_row
from flows.staged import StagedRun, broken_runs, drop, staged_rows, staged_runs
from passerelle.delta import among
from passerelle.errors import GateError
from passerelle.lake import Lake
from passerelle.tables import RUNS, TABLES
from transforms.merging.keys import last_by_key


@dataclass(slots=True)
class Cleaned:
    """What one clean did: runs committed, their rows of `runs`, counters by run, runs set aside, checks."""

    runs: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    counters: Counts = field(default_factory=dict)
    set_aside: list[AsideRun] = field(default_factory=list)
    checks: int = 0
    failed_checks: int = 0

    def refuse_set_aside(self) -> None:
        """Raises GateError, with the reasons, if this clean set runs aside; the others were committed."""
        if self.set_aside:
            en, fr = told_aside(self.set_aside)
            raise GateError(
                en=f"{en}; other runs committed: {len(self.runs)}",
                fr=f"{fr} ; autres collectes validées : {len(self.runs)}",
            )


def told_aside(runs: Sequence[AsideRun]) -> tuple[str, str]:
    """In English and French, which runs were set aside, why, and what to do."""
    en, fr = ("; ".join(f"{run.run_id}: {getattr(run, lang)}" for run in runs) for lang in ("en", "fr"))
    return (
        f"quality gate: {en}; set aside, see `passerelle runs list`",
        f"contrôle qualité : {fr} ; mis de côté, voir `passerelle runs list`",
    )


def clean(lake: Lake) -> Cleaned:
    """Commit every run that waits in staging and is fit; set the others aside. The caller holds the lake's lock.

    Raises GateError before derived rows are written that do not agree with what they were made from; DamagedError where
    tables that must agree do not.
    """
    refuse_disagreement(lake)
    name_servers(lake)
    done = Cleaned()
    done.set_aside += [set_aside(lake, folder, MANIFEST_LOST) for folder in broken_runs(lake)]
    runs, told = _fit(lake, done)
    if not runs or told is None:
        return done
    done.runs, done.checks, done.failed_checks = [run.run_id for run in runs], told.checks, told.failed
    _commit(lake, runs, told, done)
    return done


def _fit(lake: Lake, done: Cleaned) -> tuple[list[StagedRun], Look | None]:
    """The staged runs that are fit, with what was seen of them; those at fault are set aside until none is."""
    while runs := staged_runs(lake):
        try:
            told = look(runs)
            done.counters = count_posts(lake, runs, told)
            _refuse_unbalanced(runs, done.counters)
            return runs, told
        except AtFaultError as fault:
            bad = [run for run in runs if run.run_id in fault.reasons]
            done.set_aside += [set_aside(lake, run.folder, fault.reasons[run.run_id]) for run in bad]
    return [], None


def _refuse_unbalanced(runs: Sequence[StagedRun], counters: Counts) -> None:
    faults = {}
    for run in runs:
        posts, counts = counts_of_posts(run), counters[run.run_id]
        parts = sum(counts.values()) + posts["quarantined"] + posts["refused"]
        if posts["fetched"] != parts:
            faults[run.run_id] = unbalanced(posts["fetched"], parts)
    if faults:
        raise AtFaultError(faults)


def _commit(lake: Lake, runs: Sequence[StagedRun], told: Look, done: Cleaned) -> None:
    for name in ("handles", "post_names", "polls", "coverage"):
        rows = last_by_key(staged_rows(runs, name), TABLES[name].key)
        write_news(lake, name, rows, _known(lake, name, rows))
    commit_deletions(lake, staged_rows(runs, "deletions"))
    for part, reasons in told.posts:
        commit_posts(lake, runs, part, reasons)
        # Arrow keeps what it was given for later; the merge of the next part asks elsewhere
        pa.default_memory_pool().release_unused()
    settle_named(lake, staged_rows(runs, "post_names"))
    for part, reasons in told.accounts:
        commit_accounts(lake, runs, part, reasons)
    commit_engagements(lake, runs, told.engagements)
    rejected = rejected_rows(runs, told)
    write_news(lake, "quarantine", rejected, _known(lake, "quarantine", rejected))
    _commit_position(lake, runs, done, reasons_by_run(rejected))


def _known(lake: Lake, name: str, rows: pa.Table) -> pa.Table:
    telling = {"handles": "handle_id", "post_names": "name_id", "polls": "post_id"}.get(name, "run_id")
    return lake.read(name, where=among(telling, pc.unique(rows[telling])))


def _commit_position(
    lake: Lake, runs: Sequence[StagedRun], done: Cleaned, rejected: Mapping[str, Mapping[str, int]]
) -> None:
    """Cursors last: position never gets ahead of data, nor back to where an older run was."""
    known = {(row["run_id"], row["source"]): row for row in lake.read("runs").to_pylist()}
    done.rows = [run_row(run, done.counters[run.run_id], rejected.get(run.run_id, {})) for run in runs]
    # the checks were made on all runs of this clean together: they stand with the newest
    done.rows[-1] |= {"checks": done.checks, "failed_checks": done.failed_checks}
    new = [row for row in done.rows if (row["run_id"], row["source"]) not in known or _brings(row)]
    lake.merge("runs", pa.Table.from_pylist(new, schema=RUNS.schema))
    keep_news(lake, runs)
    for run in runs:
        if (state := run.state()) is not None:
            lake.keep_state(run.source, state)
    drop(runs)


def _brings(row: Mapping[str, object]) -> bool:
    """Whether a run that was committed before, under the same name, has brought something new this time."""
    return bool(row["accepted"] or row["updated"])
