"""Clean: what comes again changes nothing, what is killed is finished by the next, what is bad is set aside."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import flows.clean
import flows.counting
import passerelle.lake
from flows.agreement import disagreements
from flows.clean import clean
from flows.intake import import_files
from flows.job import Job
from flows.known import last_look
from flows.rebuild import rebuild
from flows.staged import staged_runs
from passerelle.errors import DamagedError, GateError
from passerelle.lake import Lake
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    DeletionRecord,
    EngagementRecord,
    MalformedRecord,
    PollRecord,
    PostRecord,
)
from passerelle.tables import LABELS
from pipelines.landing import Landing
from tests.flows.campaigns import HEAD, START, job, posts_file
from transforms.merging.agreement import differing_posts
from transforms.merging.posts import merge_versions


def count_differing(lake: Lake) -> int:
    """How many rows of `posts` are not what the looks at them and the deletions say: 0 in a lake that is whole."""
    return differing_posts(*(lake.read(name) for name in ("posts", "post_versions", "deletions"))).num_rows


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


def test_the_same_rows_again_are_all_duplicates_and_change_nothing(tmp_path: Path) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv")
    take_in(work, path)
    before = said(work.lake)
    for minute in range(1, 4):
        path.write_bytes(path.read_bytes() + b"\n")  # the same rows in other bytes: else it is the same import
        assert only(take_in(work, path, minute))["duplicate"] == 60
    assert said(work.lake) == before


def said(lake: Lake) -> list[object]:
    """Posts, accounts and versions; not which of several runs that saw the same is named."""
    return [lake.read("posts"), lake.read("accounts"), lake.read("post_versions").drop_columns(["run_id"])]


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
    assert work.lake.read("post_versions").num_rows == 30


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
    for name, at_once in (("whole", 1000), ("parts", 7)):
        monkeypatch.setattr("flows.parts.POSTS_AT_ONCE", at_once)
        monkeypatch.setattr("flows.parts.ACCOUNTS_AT_ONCE", at_once)
        work = job_with_key(tmp_path / name, "22" * 32)
        counters.append([only(take_in(work, path, minute)) for minute, path in enumerate((old, new))])
        hashes.append(dataset(work.lake))
    assert counters[0] == counters[1]
    assert counters[0][0] == {"accepted": 59, "updated": 0, "duplicate": 0, "quarantined": 1}
    assert hashes[0] == hashes[1]


def test_a_clean_killed_at_any_write_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lake as it stands before each write in turn is what a kill leaves of the first try, after an earlier run."""
    begun = job_with_key(tmp_path / "begun", "11" * 32)
    land(begun, 0)
    clean(begun.lake)
    begun.lake.overwrite("labels", LABELS.conform(labels_of(begun.lake)))
    land(begun, 1)
    whole, killed = Lake(shutil.copytree(begun.lake.root, tmp_path / "whole")), tmp_path / "killed"
    with monkeypatch.context() as patch:
        for owner, name in WRITES:
            patch.setattr(owner, name, copying(getattr(owner, name), whole, killed))
        expected = clean(whole).counters
    copy(whole, killed)
    right = whole.dataset_hash(whole.versions())
    assert "news_opinion" not in {row["label"] for row in whole.read("labels").to_pylist()}
    for lake in map(Lake, killed.iterdir()):
        assert clean(lake).counters in (expected, {})
        assert lake.dataset_hash(lake.versions()) == right
        assert staged_runs(lake) == []
        assert lake.state_file("one.test").read_bytes() == whole.state_file("one.test").read_bytes()
        assert list(disagreements(lake)) == []
    assert len(list(killed.iterdir())) > 15


WRITES: tuple[tuple[Any, str], ...] = (
    (Lake, "merge"),
    (Lake, "overwrite"),
    (Lake, "keep_state"),
    (passerelle.lake, "note"),
    (flows.counting, "write_whole"),
    (flows.clean, "drop"),
)


def copying(write: Any, lake: Lake, folder: Path) -> Any:
    """`write`, but that the lake is copied first."""

    def wrapped(*args: Any) -> Any:
        copy(lake, folder)
        return write(*args)

    return wrapped


def copy(lake: Lake, folder: Path) -> None:
    """Keep the lake as it stands, under the next number."""
    folder.mkdir(exist_ok=True)
    shutil.copytree(lake.root, folder / str(len(list(folder.iterdir()))))


def labels_of(lake: Lake) -> pa.Table:
    """A label for every post: `news_opinion` for the one that will be deleted."""
    rows = lake.read("posts", columns=["platform", "post_id", "text"]).to_pylist()
    return pa.table(
        {
            "platform": [row["platform"] for row in rows],
            "post_id": [row["post_id"] for row in rows],
            "label": ["news_opinion" if row["text"] == "post 0" else "call" for row in rows],
            "coder": ["calls-1"] * len(rows),
        }
    )


def land(work: Job, number: int) -> None:
    """Stage a crawl, number 0 or 1, with something for every table; the second sees an edit and a deletion."""
    clock = START + timedelta(days=30 + number)
    when = {"captured_at": clock, "source": "one.test"}
    plain = {"platform": "mastodon", "text_format": "plain", "author": "acct:a@one.test", "created_at": START, **when}
    with Landing(work.lake, f"run{number}", "one.test", work.campaign, work.pseudonyms, clock) as landing:
        landing.add(AccountRecord(platform="mastodon", account="acct:a@one.test", handle="a", followers=number, **when))
        for n in range(5):
            words = f"post {n}" + (" edited" if number and n == 3 else "")
            landing.add(PostRecord(post=f"u{n}", text=words, replies=n, **plain))
        for n in range(2 + number):
            who = f"acct:b{n}@one.test"
            landing.add(EngagementRecord(platform="mastodon", post="u1", account=who, kind="repost", **when))
        poll = {"platform": "mastodon", "post": "u1", "kind": "repost", "complete": True, "got": 2 + number, **when}
        landing.add(PollRecord(**poll))
        coverage = {"platform": "mastodon", "scope": "timeline", "subject": "i4emploi", "complete": True, "got": 5}
        landing.add(CoverageRecord(**coverage, **when))
        for _ in range(2):
            landing.add(MalformedRecord(source="one.test", where="status", reason="no author", captured_at=clock))
        if number:
            landing.add(DeletionRecord(platform="mastodon", post="u0", **when))
        landing.finish({"number": number + 1, "cursors": {"tag": {"until": str(number)}}})


def test_all_orders_of_overlapping_runs_give_the_same_tables(tmp_path: Path) -> None:
    """A thousand posts seen three times, the words of some going there and back; in any order, at once or in steps."""
    files = [
        posts_file(tmp_path / f"{day}.csv", rows=1_000, replies=replies, seen=START + timedelta(days=day))
        for day, replies in ((400, 1), (401, 5), (402, 1))
    ]
    hashes = set()
    for name, order in (("one", (0, 1, 2)), ("two", (2, 0, 1)), ("three", (1, 2, 0, 2, 1))):
        work = job_with_key(tmp_path / name, "33" * 32)
        for place in order:
            clock = START + timedelta(days=500, minutes=place)  # the same file lands under the same name
            import_files(work, [files[place]], clock=clock)
            if name != "three":
                clean(work.lake)
        clean(work.lake)
        assert count_differing(work.lake) == 0
        assert set(work.lake.read("posts")["replies"].to_pylist()) == {1}
        hashes.add(dataset(work.lake))
    assert len(hashes) == 1
    versions = {name: version for name, version in work.lake.versions().items() if name != "runs"}
    import_files(work, files[:1], clock=START + timedelta(days=500))
    clean(work.lake)
    assert {name: version for name, version in work.lake.versions().items() if name != "runs"} == versions
    assert last_look(work.lake) == work.lake.read("posts")["captured_at"].to_pandas().max()


def test_a_known_file_that_does_not_say_when_changes_nothing(tmp_path: Path) -> None:
    work, path = job(tmp_path), posts_file(tmp_path / "a.csv", rows=1_200)
    path.write_text("".join(line.rsplit(",", 1)[0] + ",\n" if n else HEAD for n, line in enumerate(path.open())))
    assert only(take_in(work, path, 60 * 24 * 500))["accepted"] == 1_200
    before = {name: version for name, version in work.lake.versions().items() if name != "runs"}
    path.write_bytes(path.read_bytes() + b"\n")  # the same rows in other bytes: else it is the same import
    assert only(take_in(work, path, 60 * 24 * 501))["duplicate"] == 1_200
    assert {name: version for name, version in work.lake.versions().items() if name != "runs"} == before


def test_looks_that_show_nothing_new_move_the_last_look(tmp_path: Path) -> None:
    work = job(tmp_path)
    for day in (41, 42):
        take_in(work, posts_file(tmp_path / "a.csv", rows=10, seen=START + timedelta(days=day)), day)
        assert last_look(work.lake).date() == (START + timedelta(days=day)).date()  # type: ignore[union-attr]


def test_a_lake_whose_posts_are_wrong_is_rebuilt_from_their_versions(tmp_path: Path) -> None:
    work = job(tmp_path)
    take_in(work, posts_file(tmp_path / "a.csv", rows=1_000, seen=START + timedelta(days=400)), 500 * 1440)
    right = dataset(work.lake)
    posts = work.lake.read("posts")
    wrong = posts.set_column(posts.schema.get_field_index("language"), "language", pa.array(["zz"] * 1_000))
    work.lake.overwrite("posts", wrong.slice(10))
    assert count_differing(work.lake) == 1_000
    assert rebuild(work.lake)["posts"] == 1_000
    assert count_differing(work.lake) == 0
    assert dataset(work.lake) == right
    assert set(rebuild(work.lake).values()) == {0}


def test_tables_that_disagree_are_refused_and_agree_after_a_rebuild(tmp_path: Path) -> None:
    work = job(tmp_path)
    take_in(work, posts_file(tmp_path / "a.csv", rows=30))
    for name in ("posts", "post_versions", "runs"):
        work.lake.overwrite(name, work.lake.read(name).slice(0, 0))
        with pytest.raises(DamagedError, match="--rebuild"):
            clean(work.lake)
        rebuild(work.lake)
        assert list(disagreements(work.lake)) == []
        take_in(work, tmp_path / "a.csv", 1)
        assert count_differing(work.lake) == 0
        assert work.lake.read("posts").num_rows == 30


def test_rows_that_are_not_what_they_were_made_from_are_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = job(tmp_path)

    def wrong(looks: pa.Table, deletions: pa.Table) -> pa.Table:
        made = merge_versions(looks, deletions)
        return made.set_column(
            made.schema.get_field_index("replies"), "replies", made["replies"].combine_chunks()[::-1]
        )

    monkeypatch.setattr("flows.committing.merge_versions", wrong)
    import_files(work, [posts_file(tmp_path / "a.csv")], clock=START + timedelta(days=60))
    frame = tmp_path / "b.csv"
    posts_file(frame, rows=1, replies=9)
    frame.write_text(frame.read_text().replace("p0,", "extra,"))
    import_files(work, [frame], clock=START + timedelta(days=60, minutes=1))
    with pytest.raises(GateError, match="not what their versions say"):
        clean(work.lake)
    assert work.lake.read("posts").num_rows == 0


def job_with_key(folder: Path, key: str) -> Job:
    folder.mkdir()
    work = job(folder)
    work.lake.root.mkdir(parents=True)
    work.lake.key_file.write_text(key)
    return work


def test_another_key_keeps_the_same_looks_of_files_that_say_different_things_of_one_moment(tmp_path: Path) -> None:
    """Only pseudonyms differ: neither a hidden name in a text nor a digest decides which of two looks counts."""
    told = []
    for key in "0123":
        work = job_with_key(tmp_path / key, key * 64)
        seen = START + timedelta(days=40)
        for number, name in enumerate(("lea", "tom", "zoe")):
            path = posts_file(work.campaign_file.parent / f"{name}.csv", seen=seen)
            text = path.read_text().replace("Bon courage", f"@{name} bon courage").replace("i4emploi,,", "i4emploi,@x,")
            path.write_text(text)
            import_files(work, [path], clock=START + timedelta(days=60 - number))
        clean(work.lake)
        names = {work.pseudonyms.handle(f"forum:@{name}"): name for name in ("lea", "tom", "zoe")}
        rows = work.lake.read("post_versions").to_pylist()
        said = sorted(
            (row["created_at"], row["captured_at"], row["run_id"], _named(row["text"], names)) for row in rows
        )
        posts = work.lake.read("posts").sort_by("created_at").to_pylist()
        told.append((said, [(row["created_at"], _named(row["text"], names)) for row in posts]))
    assert told[0][0]
    assert all(one == told[0] for one in told[1:])


def _named(text: str, names: dict[str, str]) -> str:
    for hidden, name in names.items():
        text = text.replace(hidden, name)
    return text


def test_a_post_dated_after_its_capture_is_quarantined_with_its_reason(tmp_path: Path) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv")
    path.write_text(path.read_text().replace(f"p7,h7,{(START + timedelta(hours=63)).isoformat()}", "p7,h7,2031-01-01"))
    counts = only(take_in(work, path))
    assert (counts["accepted"], counts["quarantined"]) == (59, 1)
    (row,) = work.lake.read("quarantine").to_pylist()
    assert row["reason"] == "dated after its capture"
    assert row["place"].startswith("post p")


def test_a_run_of_blank_fields_is_set_aside_and_the_others_are_committed(tmp_path: Path) -> None:
    work = job(tmp_path)
    times = [(START + timedelta(days=1, minutes=n)).isoformat() for n in range(25)]
    blank = tmp_path / "b.csv"
    blank.write_text(HEAD + "".join(f"q{n},h{n},{when},,i4emploi,,,,,,0,{when}\n" for n, when in enumerate(times)))
    import_files(work, [blank], clock=START + timedelta(days=61))
    import_files(work, [posts_file(tmp_path / "a.csv")], clock=START + timedelta(days=62))
    done = clean(work.lake)
    assert only(done.counters)["accepted"] == 60
    assert work.lake.read("posts").num_rows == 60
    (bad,) = done.set_aside
    assert "blank texts in 2026-W" in bad.en
    with pytest.raises(GateError) as caught:
        done.refuse_set_aside()
    assert caught.value.exit_code == 3
    assert bad.run_id in caught.value.en
    assert staged_runs(work.lake) == []
    assert clean(work.lake).set_aside == []
