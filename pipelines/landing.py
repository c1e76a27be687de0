"""The one way in: records -> policy -> pseudonyms -> batches in staging, and counters that balance.

Spiders reach it through `pipelines/landing_pipeline.py`, archives directly: the same functions behind two doors.
"""

from __future__ import annotations

import gc
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from passerelle.campaign import Campaign
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    MalformedRecord,
    PollRecord,
    PostRecord,
    Record,
)
from passerelle.standing import NEWS, standing_blocks
from passerelle.values import UnkeptError
from pipelines.absence import Absence
from pipelines.admission import Admission
from pipelines.counters import Counters
from pipelines.profile import profile_reader
from pipelines.rows import Row, Rows
from pipelines.soundness import sound
from pipelines.staging import StagingFolder

Manifest = dict[str, Any]

BATCH_ROWS = 20_000
_KINDS = {
    PostRecord: "post",
    AccountRecord: "account",
    EngagementRecord: "engagement",
    PollRecord: "poll",
    DeletionRecord: "deletion",
    CoverageRecord: "coverage",
    MalformedRecord: "malformed",
}


class Landing:
    """Lands one run in ``staging/<run_id>/``.

    Give it every record that came (`add`, `add_many`); `finish` writes the manifest, without which nothing counts. As a
    context manager it aborts when an error leaves it. What a profile asks for holds for the posts of the same batch, in
    whatever order they came, and for later ones; a source should yield an account before its posts. Who stands in the
    lake's blocks is refused, and so is who is in `opted_out` (pseudonyms).
    """

    def __init__(
        self,
        lake: Lake,
        run_id: str,
        source: str,
        campaign: Campaign,
        pseudonyms: Pseudonyms,
        clock: datetime,
        *,
        opted_out: Container[str] = frozenset(),
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self.counters = Counters()
        self._head = {
            "schema": 1,
            "run_id": run_id,
            "source": source,
            "clock": clock.astimezone(UTC).isoformat(),
            "campaign_hash": campaign.sha256,
        }
        self._absence = Absence(pseudonyms, standing_blocks(lake, pseudonyms.key), opted_out)
        self._admission = Admission(campaign, self._absence)
        self._rows = Rows(run_id, pseudonyms, profile_reader(campaign.hashtags, campaign.name), self._absence)
        self._batch_rows = batch_rows
        self._waiting: list[Record] = []
        self._fresh_names: dict[str, list[Row]] = {"handles": [], "post_names": []}
        self._known_names: set[tuple[Any, ...]] = set()
        self._folder = StagingFolder(lake.staging / run_id)
        self._folder.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.abort()

    def add(self, record: Record) -> None:
        """Take one record. Raises PasserelleError when a full batch cannot be written."""
        self.counters.fetched[kind_of(record)] += 1
        self._waiting.append(record)
        if len(self._waiting) >= self._batch_rows:
            self._flush()

    def add_many(self, records: Iterable[Record]) -> None:
        """Take many records, one after the other."""
        with _no_cycles():
            for record in records:
                self.add(record)

    def finish(self, state: Mapping[str, Any] | None, status: str = "complete") -> Manifest:
        """Write what waits, the crawl `state` (None: there is none) and the manifest, which is returned.

        Raises GateError if the counters do not balance, PasserelleError if the disk does not take it.
        """
        self._flush()
        self.counters.check()
        manifest = {
            **self._head,
            "status": status,
            "tables": self._folder.tables,
            "counters": self.counters.as_json(),
        }
        if news := self._absence.news():
            manifest[NEWS] = news
        self._folder.close(manifest, state)
        return manifest

    def abort(self) -> None:
        """Leave nothing behind."""
        self._waiting.clear()
        self._folder.discard()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        rows: dict[str, list[Row]] = {}
        rows["accounts"] = self._accounts((r for r in waiting if isinstance(r, AccountRecord)), rows)
        self._admission.note_posts(r for r in waiting if isinstance(r, PostRecord))
        for record in waiting:
            if not isinstance(record, AccountRecord):
                self._land(record, rows)
        for name, batch in rows.items():
            self._folder.write(name, batch)
        for name, fresh in self._fresh_names.items():
            self._folder.write(name, fresh)
            self._fresh_names[name] = []

    def _note_names(self, name: str, rows: Iterable[Row]) -> None:
        """Keep each name that a landed record brings to the table `name`, once a run."""
        for row in rows:
            values = (name, *row.values())
            if values not in self._known_names:
                self._known_names.add(values)
                self._fresh_names[name].append(row)

    def _accounts(self, records: Iterable[AccountRecord], rows: dict[str, list[Row]]) -> list[Row]:
        """One row an account of the batch: its newest look decides, over its other looks too."""
        looks: dict[str, list[AccountRecord]] = {}
        for record in records:
            looks.setdefault(record.account, []).append(record)
        return [row for same in looks.values() if (row := self._account(same, rows))]

    def _account(self, looks: list[AccountRecord], rows: dict[str, list[Row]]) -> Row | None:
        newest = max(looks, key=lambda look: look.captured_at)
        if reason := self._admission.refuses_account(newest):
            self.counters.refused["account", reason] += len(looks)
            return None
        try:
            kept, left_out = sound(newest)
        except UnkeptError as error:
            for look in looks:
                self._set_aside(look, error.reason, rows)
            return None
        assert isinstance(kept, AccountRecord)
        self.counters.land("account", left_out, len(looks))
        self._note_names("handles", self._rows.handles(kept))
        return self._rows.account(kept, min(look.captured_at for look in looks))

    def _land(self, record: Record, rows: dict[str, list[Row]]) -> None:
        kind = kind_of(record)
        if reason := self._admission.refuses(record):
            self.counters.refused[kind, reason] += 1
            return
        if isinstance(record, MalformedRecord):
            self._set_aside(record, record.reason, rows)
            return
        try:
            kept, left_out = sound(record)
        except UnkeptError as error:
            self._set_aside(record, error.reason, rows)
            return
        self.counters.land(kind, left_out)
        if isinstance(kept, PostRecord):
            self._note_names("handles", self._rows.handles(kept))
            self._note_names("post_names", self._rows.post_names(kept))
        if isinstance(kept, CoverageRecord):
            self.counters.note_coverage(kept)
        name, row = self._row(kept)
        rows.setdefault(name, []).append(row)

    def _set_aside(self, record: Record, reason: str, rows: dict[str, list[Row]]) -> None:
        row = self._rows.quarantine(record, reason)
        self.counters.quarantined[kind_of(record), row["reason"]] += 1
        rows.setdefault("quarantine", []).append(row)

    def _row(self, record: Record) -> tuple[str, Row]:
        match record:
            case PostRecord():
                return "post_versions", self._rows.post(record)
            case EngagementRecord():
                return "engagements", self._rows.engagement(record)
            case PollRecord():
                return "polls", self._rows.poll(record)
            case DeletionRecord():
                return "deletions", self._rows.deletion(record)
            case CoverageRecord():
                return "coverage", self._rows.coverage(record)
        raise TypeError(f"{type(record).__name__} is no record that can land")


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Records hold no cycles, so that looking for some among the many that wait is a sixth of the time for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def kind_of(record: Record) -> str:
    """Name of the record's class in the counters; posts seen only inside others are counted apart."""
    kind = _KINDS[type(record)]
    return "embedded_post" if kind == "post" and record.embedded else kind  # type: ignore[union-attr]
