"""Two servers of one campaign that each know a part of it: what one says is not set against the other's."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from flows.clean import clean
from flows.cli.status_command import describe
from flows.job import Job
from flows.rebuild import rebuild
from flows.release_data import num_deleted
from flows.run_lines import run_line
from flows.staged import staged_runs
from passerelle.lake import Lake
from passerelle.records import CoverageRecord, DeletionRecord, EngagementRecord, PollRecord, PostRecord, Record
from passerelle.tables import ENGAGEMENTS, TABLES, UNKNOWN
from pipelines.landing import Landing
from tests.flows.campaigns import START, job
from transforms.report.issue import num_incomplete

ONE, TWO = "one.test", "two.test"
POST, WHO = "https://one.test/1", "acct:b@one.test"


def moment(day: float) -> datetime:
    return START + timedelta(days=day)


def at(day: float, source: str, post: str = POST) -> dict[str, Any]:
    return {"platform": "mastodon", "post": post, "captured_at": moment(day), "source": source}


def shown(day: float, source: str, reposts: int = 0) -> PostRecord:
    return PostRecord(
        author="acct:a@one.test", created_at=START, text="au secours", text_format="plain", reposts=reposts,
        **at(day, source),
    )  # fmt: skip


def polled(day: float, source: str, got: int) -> PollRecord:
    return PollRecord(kind="repost", complete=True, got=got, ended_at=moment(day), **at(day, source))


def reposted(day: float, source: str) -> EngagementRecord:
    return EngagementRecord(account=WHO, kind="repost", **at(day, source))


def read(day: float, source: str, *, complete: bool = True, scope: Any = "timeline") -> CoverageRecord:
    told = {name: value for name, value in at(day, source).items() if name != "post"}
    return CoverageRecord(scope=scope, subject="i4emploi", complete=complete, got=1, **told)


RUNS: list[tuple[float, str, list[Record]]] = [
    (1, TWO, [shown(1, TWO), polled(1, TWO, 0), read(1.1, TWO)]),
    (2, ONE, [shown(2, ONE), polled(2, ONE, 0), read(2.1, ONE)]),
    (3, TWO, [shown(3, TWO, 1), polled(3, TWO, 1), reposted(3, TWO), read(3.1, TWO)]),
]
"""The repost of day 1.5 reaches two at once, and one never: its poll of day 2 shows nobody."""


def stage(work: Job, runs: list[tuple[float, str, list[Record]]]) -> None:
    for day, source, records in runs:
        name = f"{source}-{day}"
        with Landing(work.lake, name, source, work.campaign, work.pseudonyms, moment(day)) as landing:
            landing.add_many(records)
            landing.finish({"number": int(day), "cursors": {}})


def since(lake: Lake) -> list[tuple[datetime, datetime]]:
    return [(row["not_before"], row["first_seen"]) for row in lake.read("engagements").to_pylist()]


TRUE = [(moment(1), moment(3))]


def as_before(rows: pa.Table) -> pa.Table:
    """Rows as they were written before polls and deletions named their server."""
    return rows.drop_columns([name for name in ("source", "ended_at", "by_own") if name in rows.column_names])


@pytest.fixture
def work(tmp_path: Path) -> Job:
    return job(tmp_path)


def test_the_poll_of_one_server_does_not_bound_what_another_showed(work: Job) -> None:
    stage(work, RUNS)
    clean(work.lake)
    assert since(work.lake) == TRUE


def test_an_older_lake_is_told_its_servers_by_the_next_clean_and_one_of_today_is_left_as_it_is(work: Job) -> None:
    stage(work, RUNS)
    clean(work.lake)
    versions = work.lake.versions()
    clean(work.lake)
    assert work.lake.versions() == versions
    make_older(work.lake)
    assert since(work.lake) == [(moment(2), moment(3))]
    assert describe(work.lake)["tables"]["polls"]["rows"] == 3, "it can be read as it is"
    assert set(work.lake.read("polls")["source"].to_pylist()) == {UNKNOWN}
    clean(work.lake)
    assert since(work.lake) == TRUE
    named = {row["polled_at"]: row["source"] for row in work.lake.read("polls").to_pylist()}
    assert named == {moment(1): TWO, moment(2): ONE, moment(3): TWO}
    assert set(rebuild(work.lake).values()) == {0}
    versions = work.lake.versions()
    clean(work.lake)
    assert work.lake.versions() == versions


def make_older(lake: Lake) -> None:
    """The lake as the version before would have left it: no server in `polls`, and its bounds."""
    engagements = [row | {"not_before": moment(2)} for row in lake.read("engagements").to_pylist()]
    lake.overwrite("engagements", pa.Table.from_pylist(engagements, schema=ENGAGEMENTS.schema))
    for name in ("polls", "deletions"):
        if lake.version(name) is not None:
            rows = as_before(lake.read(name))
            write_deltalake(str(lake.path(name)), rows, mode="overwrite", schema_mode="overwrite")


def test_a_rebuild_tells_them_too_and_says_how_many(work: Job) -> None:
    stage(work, RUNS)
    clean(work.lake)
    make_older(work.lake)
    changed = rebuild(work.lake)
    assert (changed["polls"], changed["engagements"]) == (3, 0)
    assert since(work.lake) == TRUE


def test_a_clean_of_an_older_lake_that_was_killed_is_finished_by_the_next(
    work: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(work, RUNS)
    clean(work.lake)
    make_older(work.lake)
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "overwrite", killed)
        with pytest.raises(KeyboardInterrupt):
            clean(work.lake)
    clean(work.lake)
    assert since(work.lake) == TRUE
    assert UNKNOWN not in work.lake.read("polls")["source"].to_pylist()


def killed(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_run_that_the_version_before_staged_has_the_server_of_its_run(work: Job) -> None:
    stage(work, [*RUNS[:2], (3, TWO, [*RUNS[2][2], DeletionRecord(by_own=True, **at(3, TWO, "https://two.test/9"))])])
    for run in staged_runs(work.lake):
        for name in ("polls", "deletions"):
            for file in run.files(name):
                pq.write_table(as_before(pq.read_table(file)), file)
    clean(work.lake)
    assert since(work.lake) == TRUE
    assert set(work.lake.read("polls")["source"].to_pylist()) == {ONE, TWO}
    assert work.lake.read("deletions").select(["source", "by_own"]).to_pylist() == [{"source": TWO, "by_own": True}]


def test_an_older_lake_takes_new_deletions(work: Job) -> None:
    stage(work, [(1, ONE, [shown(1, ONE), read(1, ONE), DeletionRecord(by_own=False, **at(1.5, ONE))])])
    clean(work.lake)
    make_older(work.lake)
    stage(work, [(2, TWO, [shown(2, TWO), read(2, TWO), DeletionRecord(by_own=False, **at(2.5, TWO))])])
    clean(work.lake)
    told = [(row["source"], row["by_own"]) for row in work.lake.read("deletions").to_pylist()]
    assert told == [(TWO, False), (UNKNOWN, True)]
    assert work.lake.read("posts")["deleted_at"].to_pylist() == [moment(1.5)], "what was for good stays so"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_post_that_one_server_dropped_and_another_shows_is_not_deleted(work: Job, order: tuple[int, ...]) -> None:
    runs: list[tuple[float, str, list[Record]]] = [
        (1, TWO, [shown(1, TWO), read(1, TWO)]),
        (2, TWO, [DeletionRecord(by_own=False, **at(2, TWO)), read(2, TWO)]),
        (3, ONE, [shown(3, ONE), read(3, ONE)]),
    ]
    for place in order:
        stage(work, [runs[place]])
        clean(work.lake)
    assert work.lake.read("posts")["deleted_at"].to_pylist() == [None]
    assert work.lake.read("deletions").num_rows == 1
    assert num_deleted(work.lake.read("posts"), work.lake.read("deletions")) == 0
    stage(work, [(4, ONE, [DeletionRecord(by_own=True, **at(4, ONE)), read(4, ONE)])])
    [row] = clean(work.lake).rows
    assert work.lake.read("posts")["deleted_at"].to_pylist() == [moment(4)]
    assert num_deleted(work.lake.read("posts"), work.lake.read("deletions")) == 1
    assert run_line(row, "en").endswith("0 refused; 1 deletion noticed")
    assert run_line(row, "fr").endswith("0 refusée ; 1 suppression constatée")


def test_counts_that_each_server_repeats_are_no_news(work: Job) -> None:
    """Of two servers the one knows more than the other, day after day."""
    runs = [(day + place / 10, source) for day in range(1, 4) for place, source in enumerate((ONE, TWO))]
    for day, source in runs:
        stage(work, [(day, source, [shown(day, source, 5 if source == ONE else 2), read(day, source)])])
    rows = clean(work.lake).rows
    assert [(row["accepted"], row["updated"], row["duplicate"]) for row in rows] == [
        (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1),
    ]  # fmt: skip


def test_a_gap_on_one_server_is_not_filled_by_another(work: Job) -> None:
    stage(work, [(1, ONE, [shown(1, ONE), read(1, ONE, complete=False)]), (2, TWO, [shown(2, TWO), read(2, TWO)])])
    clean(work.lake)
    assert num_incomplete(work.lake.read("coverage"), "timeline") == 1
    stage(work, [(3, ONE, [shown(3, ONE), read(3, ONE)])])
    clean(work.lake)
    assert num_incomplete(work.lake.read("coverage"), "timeline") == 0


def test_a_run_whose_row_was_lost_is_told_its_server_by_its_coverage(work: Job) -> None:
    """Its looks also name the authors' own servers."""
    from_home = shown(1, "home.test")
    stage(work, [(1, ONE, [from_home, read(1, ONE)])])
    clean(work.lake)
    work.lake.overwrite("runs", TABLES["runs"].empty())
    assert rebuild(work.lake)["runs"] == 1
    assert work.lake.read("runs")["source"].to_pylist() == [ONE]
