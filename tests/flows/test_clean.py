"""Clean: what comes again changes nothing, what is killed is finished by the next, what is bad is set aside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.clean import clean
from flows.intake import import_files
from flows.job import Job
from flows.staged import staged_runs
from passerelle.errors import GateError
from passerelle.lake import Lake
from tests.flows.campaigns import HEAD, START, job, posts_file


def take_in(work: Job, path: Path, minutes: int = 0) -> dict[str, dict[str, int]]:
    import_files(work, [path], clock=START + timedelta(days=60, minutes=minutes))
    return clean(work.lake).counters


def only(counters: dict[str, dict[str, int]]) -> dict[str, int]:
    (counts,) = counters.values()
    return counts


def dataset(lake: Lake) -> str:
    versions = {name: v for name, v in lake.versions().items() if name not in ("runs", "coverage")}
    return lake.dataset_hash(versions)


def test_every_row_is_counted_once(tmp_path: Path) -> None:
    work = job(tmp_path)
    counts = only(take_in(work, posts_file(tmp_path / "a.csv")))
    assert counts == {"accepted": 60, "updated": 0, "duplicate": 0, "quarantined": 0}
    assert work.lake.read("posts").num_rows == 60
    (run,) = work.lake.read("runs").to_pylist()
    assert run["fetched"] == run["accepted"] == 60


def test_the_same_file_again_is_all_duplicates_and_changes_nothing(tmp_path: Path) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv")
    take_in(work, path)
    before = dataset(work.lake)
    for minute in range(1, 4):
        assert only(take_in(work, path, minute))["duplicate"] == 60
    assert dataset(work.lake) == before


def test_newer_counts_are_updates_and_the_newest_shows(tmp_path: Path) -> None:
    work = job(tmp_path)
    take_in(work, posts_file(tmp_path / "a.csv"))
    later = posts_file(tmp_path / "b.csv", replies=3, seen=START + timedelta(days=50))
    assert only(take_in(work, later, 1))["updated"] == 60
    assert set(work.lake.read("posts")["replies"].to_pylist()) == {3}
    assert work.lake.read("post_versions").num_rows == 120


def test_counts_that_go_back_are_the_newest_again(tmp_path: Path) -> None:
    work = job(tmp_path)
    for minute, (replies, day) in enumerate([(1, 41), (5, 42), (1, 43)]):
        path = posts_file(tmp_path / f"{minute}.csv", rows=10, replies=replies, seen=START + timedelta(days=day))
        take_in(work, path, minute)
    assert set(work.lake.read("posts")["replies"].to_pylist()) == {1}
    assert set(work.lake.read("posts")["captured_at"].to_pandas().dt.date) == {(START + timedelta(days=43)).date()}
    assert work.lake.read("post_versions").num_rows == 20


def test_order_of_files_does_not_matter(tmp_path: Path) -> None:
    old = posts_file(tmp_path / "a.csv")
    new = posts_file(tmp_path / "b.csv", replies=3, seen=START + timedelta(days=50))
    lakes = []
    for name, order in (("one", (old, new)), ("two", (new, old))):
        (tmp_path / name).mkdir()
        work = job(tmp_path / name)
        work.lake.root.mkdir(parents=True)
        work.lake.key_file.write_text("00" * 32)
        for minute, path in enumerate(order):
            take_in(work, path, minute)
        rows = work.lake.read("posts").drop_columns(["captured_at", "first_captured_at", "source"])
        lakes.append(rows.to_pylist())
    assert lakes[0] == lakes[1]


def test_cleaning_in_small_parts_gives_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weeks larger than a part are cut by pseudonym: no row is lost between the cuts, none comes twice."""
    bad = (f"p7,h7,{(START + timedelta(hours=63)).isoformat()}", "p7,h7,2031-01-01")
    old, new = tmp_path / "a.csv", posts_file(tmp_path / "b.csv", replies=3, seen=START + timedelta(days=50))
    posts_file(old).write_text(old.read_text().replace(*bad))
    hashes, counters = [], []
    for name, at_once in (("whole", 1000), ("parts", 4)):
        monkeypatch.setattr("flows.parts.POSTS_AT_ONCE", at_once)
        monkeypatch.setattr("flows.parts.ACCOUNTS_AT_ONCE", at_once)
        work = job_with_key(tmp_path / name, "22" * 32)
        counters.append([only(take_in(work, path, minute)) for minute, path in enumerate((old, new))])
        hashes.append(dataset(work.lake))
    assert counters[0] == counters[1]
    assert counters[0][0] == {"accepted": 59, "updated": 0, "duplicate": 0, "quarantined": 1}
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("killed_at", range(1, 8))
def test_a_clean_killed_at_any_write_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    """Every merge in turn is the last thing that the first try does."""
    work = job(tmp_path)
    work.lake.root.mkdir(parents=True)
    work.lake.key_file.write_text("11" * 32)
    whole = job_with_key(tmp_path / "whole", "11" * 32)
    assert only(take_in(whole, posts_file(tmp_path / "a.csv")))["accepted"] == 60

    import_files(work, [tmp_path / "a.csv"], clock=START + timedelta(days=60))
    merge, calls = Lake.merge, [0]

    def dies(self: Lake, *args: object) -> None:
        calls[0] += 1
        if calls[0] >= killed_at:
            raise KeyboardInterrupt
        merge(self, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "merge", dies)
        with pytest.raises(KeyboardInterrupt):
            clean(work.lake)
    assert work.lake.read("runs").num_rows == 0
    assert only(clean(work.lake).counters)["accepted"] == 60
    assert dataset(work.lake) == dataset(whole.lake)
    assert staged_runs(work.lake) == []


def job_with_key(folder: Path, key: str) -> Job:
    folder.mkdir()
    work = job(folder)
    work.lake.root.mkdir(parents=True)
    work.lake.key_file.write_text(key)
    return work


def test_a_post_dated_after_its_capture_is_quarantined_with_its_reason(tmp_path: Path) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv")
    path.write_text(path.read_text().replace(f"p7,h7,{(START + timedelta(hours=63)).isoformat()}", "p7,h7,2031-01-01"))
    counts = only(take_in(work, path))
    assert (counts["accepted"], counts["quarantined"]) == (59, 1)
    (row,) = work.lake.read("quarantine").to_pylist()
    assert row["reason"] == "dated after its capture"
    assert row["place"].startswith("post p")


def test_a_blank_field_stops_everything_and_keeps_the_run_waiting(tmp_path: Path) -> None:
    work = job(tmp_path)
    take_in(work, posts_file(tmp_path / "a.csv"))
    before = work.lake.versions()
    when = (START + timedelta(days=1)).isoformat()
    blank = tmp_path / "b.csv"
    blank.write_text(HEAD + "".join(f"q{n},h{n},{when},,i4emploi,,,,,,0,{when}\n" for n in range(25)))
    import_files(work, [blank], clock=START + timedelta(days=61))
    with pytest.raises(GateError) as caught:
        clean(work.lake)
    assert "blank texts in 2026-W" in caught.value.en
    assert caught.value.exit_code == 3
    assert work.lake.versions() == before
    assert len(staged_runs(work.lake)) == 1
