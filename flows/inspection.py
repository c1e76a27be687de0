"""What is looked at before anything is written: every staged run by itself, then all rows together.

A run at fault is named, so that it can be set aside and the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from flows import gate
from flows.parts import Part, account_parts, post_parts
from flows.staged import StagedRun, rows_with_run, staged_rows
from passerelle.tables import TABLES
from passerelle.wording import english, french, number

Reason = tuple[str, str]
"""Why a run is at fault, in English and French."""
POST_CLASSES = ("post", "embedded_post", "malformed")
MIN_RECORDS = 10
"""So many records have to come before the share of those that cannot be read says anything of the run."""


class AtFaultError(Exception):
    """Some runs are not fit to be committed: `reasons` by run."""

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


@dataclass(slots=True)
class Look:
    """Rows that fail, by part of a table, with their reasons; checks made and failed."""

    posts: list[tuple[Part, Mapping[int, str]]] = field(default_factory=list)
    accounts: list[tuple[Part, Mapping[int, str]]] = field(default_factory=list)
    engagements: Mapping[int, str] = field(default_factory=dict)
    checks: int = 0
    failed: int = 0

    def note(self, verdict: gate.GateVerdict) -> Mapping[int, str]:
        """Add a verdict's checks to the tally; the reasons it gives."""
        self.checks += verdict.checks
        self.failed += verdict.failed
        return verdict.reasons


def look(runs: Sequence[StagedRun]) -> Look:
    """Look at everything that `runs` bring. Raises AtFaultError, naming the runs, if some are not fit."""
    _refuse({run.run_id: reason for run in runs if (reason := _fault(run)) is not None})
    try:
        return _look(runs)
    except (pa.ArrowException, OSError):
        _refuse({run.run_id: DAMAGED for run in runs if not _is_readable(run)})
        raise


DAMAGED = ("its files in staging are damaged", "ses fichiers en attente sont endommagés")


def _refuse(faults: Mapping[str, Reason]) -> None:
    if faults:
        raise AtFaultError(faults)


def _look(runs: Sequence[StagedRun]) -> Look:
    told = Look()
    tallies: list[pd.DataFrame] = []
    for part in post_parts(runs):
        rows = staged_rows(runs, "post_versions", where=part.where)
        told.posts.append((part, told.note(gate.check_rows(rows))))
        tallies.append(gate.tally_weeks(rows, told.posts[-1][1]))
    verdict, faults = gate.check_partitions(tallies)
    _refuse(faults)
    told.note(verdict)
    for part in account_parts(runs):
        rows, _ = rows_with_run(runs, "accounts", part.where)
        told.accounts.append((part, told.note(gate.check_rows(rows))))
    told.engagements = told.note(gate.check_rows(staged_rows(runs, "engagements")))
    return told


def _fault(run: StagedRun) -> Reason | None:
    """What is wrong with a run as a whole, told by its manifest and the ends of its files."""
    try:
        return _unbalanced(run) or _unread(run) or _damaged(run)
    except (KeyError, TypeError, AttributeError):
        return "its manifest lacks counters", "il manque des compteurs à son manifeste"


def _unbalanced(run: StagedRun) -> Reason | None:
    counts = run.manifest["counters"]
    parts = counts["landed"] + counts["refused"] + counts["quarantined"]
    return None if counts["fetched"] == parts else unbalanced(counts["fetched"], parts)


def unbalanced(fetched: int, parts: int) -> Reason:
    """The reason to set a run aside of which fewer records are accounted for than came."""
    return (
        f"{english(fetched, 'record')} came but {number(parts, 'en')} are accounted for; collect it again",
        f"{french(fetched, 'enregistrement reçu')} mais {french(parts, 'expliqué')} ; recommencez la collecte",
    )


def counts_of_posts(run: StagedRun) -> dict[str, int]:
    """What came as posts, also inside others or too malformed to be one: fetched, refused, quarantined."""
    by_class = run.manifest["counters"]["by_class"]
    classes = [by_class[name] for name in POST_CLASSES if name in by_class]
    return {fate: sum(counts[fate] for counts in classes) for fate in ("fetched", "refused", "quarantined")}


def _unread(run: StagedRun) -> Reason | None:
    """Too many lines or records that could not be read: the format is another than was thought."""
    counts = counts_of_posts(run)
    if counts["fetched"] < MIN_RECORDS or counts["quarantined"] <= gate.MAX_FAILED_SHARE * counts["fetched"]:
        return None
    return (
        f"{number(counts['quarantined'], 'en')} of {english(counts['fetched'], 'record')} could not be read",
        f"{french(counts['quarantined'], 'enregistrement illisible')} sur {number(counts['fetched'], 'fr')}",
    )


def _damaged(run: StagedRun) -> Reason | None:
    tables = run.manifest["tables"]
    try:
        sound = all(sum(pq.read_metadata(file).num_rows for file in run.files(n)) == run.rows(n) for n in tables)
    except (pa.ArrowException, OSError):
        sound = False
    return None if sound and tables.keys() <= TABLES.keys() else DAMAGED


def _is_readable(run: StagedRun) -> bool:
    try:
        for name in run.manifest["tables"]:
            staged_rows([run], name)
    except (pa.ArrowException, OSError):
        return False
    return True
