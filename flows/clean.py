"""Clean: staged runs through the gate and into the tables; cursors last.

Nothing is written before every row and partition has been looked at. Every write is a merge by key, and what is
merged is computed from rows that the same runs had not brought, so that doing it again after a crash at any
point converges to the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from flows import gate
from flows.parts import Part, account_parts, post_parts
from flows.staged import StagedRun, drop, staged_rows, staged_runs
from passerelle.errors import GateError
from passerelle.lake import Lake, among
from passerelle.tables import QUARANTINE, RUNS, TABLES
from transforms.accounts import merge_accounts
from transforms.engagements import bound_engagements
from transforms.keys import first_by_key, last_by_key, without_keys
from transforms.posts import merge_versions
from transforms.versions import changes, fates

POST_CLASSES = ("post", "embedded_post", "malformed")
VERSION_KEY = ("platform", "post_id", "version_id")


@dataclass(slots=True)
class Cleaned:
    """What one clean did: runs committed, counters by run, checks made and failed."""

    runs: list[str]
    counters: dict[str, dict[str, int]]
    checks: int = 0
    failed_checks: int = 0
    rejected: list[pa.Table] = field(default_factory=list)

    def note(self, verdict: gate.Verdict) -> None:
        """Add a verdict's checks to the tally."""
        self.checks += verdict.checks
        self.failed_checks += verdict.failed


def clean(lake: Lake) -> Cleaned:
    """Commit every run that waits in staging. The caller holds the lake's lock.

    Raises GateError, before anything is written, if a partition is not fit or a run's counters do not balance.
    """
    runs = staged_runs(lake)
    zero = {"accepted": 0, "updated": 0, "duplicate": 0, "quarantined": 0}
    done = Cleaned([run.run_id for run in runs], {run.run_id: dict(zero) for run in runs})
    if not runs:
        return done
    for run in runs:
        _refuse_unbalanced(run)
    posts = _look_at_posts(runs, done)
    accounts = [(part, _look(staged_rows(runs, "accounts", where=part.where), done)) for part in account_parts(runs)]
    engagements = _fit(runs, "engagements", done)
    for part, reasons in posts:
        _commit_posts(lake, runs, part, reasons, done)
        # Arrow keeps what it was given for later; the merge of the next part asks elsewhere
        pa.default_memory_pool().release_unused()
    for part, reasons in accounts:
        _commit_accounts(lake, runs, part, reasons, done)
    _commit_logs(lake, runs)
    _commit_engagements(lake, engagements)
    rejected = pa.concat_tables([staged_rows(runs, "quarantine"), *done.rejected])
    lake.merge("quarantine", first_by_key(rejected, QUARANTINE.key))
    _commit_position(lake, runs, done)
    return done


def _refuse_unbalanced(run: StagedRun) -> None:
    counts = run.manifest["counters"]
    parts = counts["landed"] + counts["refused"] + counts["quarantined"]
    if counts["fetched"] != parts:
        raise _unbalanced(run, counts["fetched"], parts)


def _unbalanced(run: StagedRun, fetched: int, parts: int) -> GateError:
    return GateError(
        en=f"run {run.run_id}: {fetched} records came but {parts} are accounted for; collect it again",
        fr=f"collecte {run.run_id} : {fetched} enregistrements reçus mais {parts} expliqués ; recommencez-la",
    )


def _look_at_posts(runs: Sequence[StagedRun], done: Cleaned) -> list[tuple[Part, Mapping[int, str]]]:
    """Every part of the staged posts, with the reasons of the rows that fail."""
    verdicts, tallies = [], []
    for part in post_parts(runs):
        rows = staged_rows(runs, "post_versions", where=part.where)
        verdicts.append((part, _look(rows, done)))
        tallies.append(gate.tally_weeks(rows, verdicts[-1][1]))
    done.note(gate.check_partitions(tallies))
    return verdicts


def _look(rows: pa.Table, done: Cleaned) -> Mapping[int, str]:
    verdict = gate.check_rows(rows)
    done.note(verdict)
    return verdict.reasons


def _fit(runs: Sequence[StagedRun], name: str, done: Cleaned) -> pa.Table:
    """Staged rows of `name` that pass the gate; the others are noted for quarantine."""
    rows = staged_rows(runs, name)
    return _passed(rows, _look(rows, done), name, done)


def _passed(rows: pa.Table, reasons: Mapping[int, str], name: str, done: Cleaned) -> pa.Table:
    fit, bad = _split(rows, reasons)
    done.rejected.append(_quarantine(bad, reasons, name, done.runs[-1]))
    return fit


def _split(rows: pa.Table, reasons: Mapping[int, str]) -> tuple[pa.Table, pa.Table]:
    bad = sorted(reasons)
    good = pa.array([i for i in range(rows.num_rows) if i not in reasons], pa.int64())
    return rows.take(good) if bad else rows, rows.take(pa.array(bad, pa.int64()))


def _quarantine(bad: pa.Table, reasons: Mapping[int, str], name: str, run_id: str) -> pa.Table:
    columns = set(bad.column_names)
    place = "post_id" if "post_id" in columns else "account_id"
    when = next(c for c in ("captured_at", "first_seen", "last_seen_at") if c in columns)
    rows = {
        "run_id": bad["run_id"] if "run_id" in columns else [run_id] * bad.num_rows,
        "source": bad["source"] if "source" in columns else bad["platform"],
        "place": pc.binary_join_element_wise(name, bad[place], " "),
        "reason": [reasons[i] for i in sorted(reasons)],
        "stage": ["clean"] * bad.num_rows,
        "quarantined_at": bad[when],
    }
    return QUARANTINE.conform(pa.table({name: pa.chunked_array(_chunks(column)) for name, column in rows.items()}))


def _chunks(column: pa.ChunkedArray | list[str]) -> list[pa.Array]:
    return [pa.array(column, pa.string())] if isinstance(column, list) else [column.combine_chunks()]


def _commit_posts(lake: Lake, runs: Sequence[StagedRun], part: Part, reasons: Mapping[int, str], done: Cleaned) -> None:
    staged, bad = _split(staged_rows(runs, "post_versions", where=part.where), reasons)
    staged = staged.sort_by([("captured_at", "ascending"), ("run_id", "ascending")])
    done.rejected.append(_quarantine(bad, reasons, "post", done.runs[-1]))
    known = lake.read("post_versions", where=part.where)
    _count(staged, bad, known, done)
    fresh = without_keys(first_by_key(staged, VERSION_KEY), known, VERSION_KEY)
    lake.merge("post_versions", fresh)
    known_posts = lake.read("posts", where=part.where)
    about = known.filter(pc.is_in(known["post_id"], pc.unique(staged["post_id"])))
    news = changes(pa.concat_tables([about, staged]))
    lake.merge("posts", merge_versions(news, known_posts, lake.read("deletions")))


def _commit_accounts(
    lake: Lake, runs: Sequence[StagedRun], part: Part, reasons: Mapping[int, str], done: Cleaned
) -> None:
    looks = _passed(staged_rows(runs, "accounts", where=part.where), reasons, "accounts", done)
    lake.merge("accounts", merge_accounts(looks, lake.read("accounts", where=part.where)))


def _count(staged: pa.Table, bad: pa.Table, known: pa.Table, done: Cleaned) -> None:
    """Accepted, updated, duplicate against what other runs brought: the same after a crash and a new try."""
    others = known.filter(pc.invert(pc.is_in(known["run_id"], pa.array(done.runs))))
    for run_id, fate in zip(staged["run_id"].to_pylist(), fates(staged, others), strict=True):
        done.counters[run_id][fate] += 1
    for run_id in bad["run_id"].to_pylist():
        done.counters[run_id]["quarantined"] += 1


def _commit_logs(lake: Lake, runs: Sequence[StagedRun]) -> None:
    for name in ("handles", "polls", "coverage"):
        lake.merge(name, last_by_key(staged_rows(runs, name), TABLES[name].key))
    gone = first_by_key(staged_rows(runs, "deletions"), TABLES["deletions"].key)
    gone = without_keys(gone, lake.read("deletions"), TABLES["deletions"].key)
    if gone.num_rows:
        lake.merge("deletions", gone)
        about = among("post_id", pc.unique(gone["post_id"]))
        versions, posts = lake.read("post_versions", where=about), lake.read("posts", where=about)
        lake.merge("posts", merge_versions(versions, posts, lake.read("deletions")))


def _commit_engagements(lake: Lake, looks: pa.Table) -> None:
    if looks.num_rows == 0:
        return
    about = among("post_id", pc.unique(looks["post_id"]))
    posts = lake.read("posts", columns=["post_id", "created_at"], where=about)
    known, polls = lake.read("engagements", where=about), lake.read("polls", where=about)
    lake.merge("engagements", bound_engagements(looks, known, polls, posts))


def _commit_position(lake: Lake, runs: Sequence[StagedRun], done: Cleaned) -> None:
    """Cursors last: position never gets ahead of data."""
    rows = [_run_row(run, done.counters[run.run_id]) for run in runs]
    # the checks were made on all runs of this clean together: they stand with the newest
    rows[-1] |= {"checks": done.checks, "failed_checks": done.failed_checks}
    lake.merge("runs", pa.Table.from_pylist(rows, schema=RUNS.schema))
    for run in runs:
        if (state := run.state()) is not None:
            lake.keep_state(str(run.manifest["source"]), state)
    drop(runs)


def _run_row(run: StagedRun, counts: Mapping[str, int]) -> dict[str, object]:
    told = run.manifest["counters"]
    posts = _about_posts(told["by_class"])
    quarantined = posts["quarantined"] + counts["quarantined"]
    parts = counts["accepted"] + counts["updated"] + counts["duplicate"] + quarantined + posts["refused"]
    if posts["fetched"] != parts:
        raise _unbalanced(run, posts["fetched"], parts)
    return {
        "run_id": run.run_id,
        "source": run.manifest["source"],
        "started_at": run.clock,
        "finished_at": datetime.fromisoformat(run.manifest.get("finished_at") or run.manifest["clock"]),
        "status": run.manifest["status"],
        "campaign_hash": run.manifest["campaign_hash"],
        "fetched": posts["fetched"],
        **{name: counts[name] for name in ("accepted", "updated", "duplicate")},
        "quarantined": quarantined,
        "refused": posts["refused"],
        "reasons": orjson.dumps({"refused": told["refused_by"], "quarantined": told["quarantined_by"]}).decode(),
        "checks": 0,
        "failed_checks": 0,
        "cursors": orjson.dumps(orjson.loads(run.state() or b"{}").get("cursors", {})).decode(),
    }


def _about_posts(by_class: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """What came as posts, also inside others or too malformed to be one."""
    classes = [by_class[name] for name in POST_CLASSES if name in by_class]
    return {fate: sum(counts[fate] for counts in classes) for fate in ("fetched", "refused", "quarantined")}
