"""Public and restricted apart: two trees, one for everybody and one for its owner's eyes, both of a release or none."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.analyse import analyse
from flows.clean import clean
from flows.editions import (
    LINES,
    MANIFEST,
    MARK,
    SUMS,
    draft_of,
    keep,
    marked,
    restricted_edition,
    seal,
    supersede,
    superseded_weeks,
)
from flows.intake import import_files
from flows.job import open_job
from flows.publish import Published, publish
from passerelle.key_files import keys_folder
from passerelle.lake import Lake
from tests.flows.campaigns import START, job, posts_file


@pytest.fixture(scope="module", autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A release of a small campaign, made under an open umask."""
    folder = tmp_path_factory.mktemp("issued")
    work = job(folder)
    import_files(work, [posts_file(folder / "a.csv")], clock=START + timedelta(days=60))
    clean(work.lake)
    again = open_job(folder / "campaign.toml", folder / "data", START + timedelta(days=28))
    with again.lake.lock():
        return publish(again.lake, again.campaign, analyse(again.lake, again.campaign, again.pseudonyms))


def root_of(published: Published) -> Path:
    return published.folder.parents[3]


def modes(folder: Path) -> set[int]:
    """Of everything under a folder, itself included."""
    return {stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.rglob("*"))}


def test_what_everybody_may_read_holds_no_person(issued: Published) -> None:
    releases = root_of(issued) / "releases"
    assert (releases / "latest").resolve() == issued.folder.resolve()
    names = {path.name for path in releases.rglob("*")}
    assert {"fr", "en", "data", "index.html", "weekly_indicators.parquet"} <= names
    assert not names & {"restricted", "posts", "mobilisations", "interactions", "episodes", "broker_ranks", "draft"}
    for table in releases.rglob("*.parquet"):
        assert not {"account_id", "author_id", "source_id", "post_id", "text"} & set(pq.read_schema(table).names)


def test_the_restricted_edition_lies_beside_it(issued: Published) -> None:
    assert issued.restricted == root_of(issued) / "restricted" / Path(*issued.folder.parts[-3:])
    assert {"posts", "mobilisations", "weekly_indicators"} <= {path.name for path in issued.restricted.iterdir()}
    assert restricted_edition(Lake(root_of(issued)), issued.folder) == issued.restricted


def test_what_is_not_public_is_its_owners_alone(issued: Published) -> None:
    root = root_of(issued)
    for place in root.iterdir():
        if place.name != "releases":
            assert modes(place) <= {0o700, 0o600}, place
    assert modes(issued.folder) == {0o755, 0o644}
    assert modes(root / "releases") <= {0o755, 0o644, 0o777}, "the link apart"
    assert list(Lake(root).open_to_others()) == []


@pytest.mark.parametrize("edition", ["public", "restricted"])
def test_each_says_what_it_is_and_what_it_holds(issued: Published, edition: Any) -> None:
    folder = issued.folder if edition == "public" else issued.restricted
    told = json.loads((folder / MANIFEST).read_bytes())
    assert (told["edition"], told["notice"]) == (edition, LINES[edition])
    assert (folder / MARK).read_text("utf-8") == f"{LINES[edition]}\n"
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(told["files"]) == files - {MANIFEST, SUMS}
    for name, digest in told["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    lines = [line for line in (folder / SUMS).read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == [f"{digest}  {name}" for name, digest in sorted(told["files"].items())]


def test_one_manifest_tells_the_other_but_the_public_one_nothing_of_the_restricted(issued: Published) -> None:
    public = (issued.folder / MANIFEST).read_bytes()
    assert (
        json.loads((issued.restricted / MANIFEST).read_bytes())["public_sha256"] == hashlib.sha256(public).hexdigest()
    )
    assert b"mobilisations" not in public


def filled(lake: Lake, week: str, **facts: Any) -> Path:
    """Both editions of a release with a page and a table of people."""
    draft = draft_of(lake, week)
    (draft.public / "index.html").write_text("<!doctype html>\n<p>5")
    seal(draft.public, "public", facts)
    for name in ("index.html", "people.csv", "notes.txt", "graph.svg"):
        (draft.restricted / name).write_text("<?xml version='1.0'?>\n<svg/>" if name == "graph.svg" else "who\nlea\n")
    seal(draft.restricted, "restricted", facts)
    return keep(lake, draft)


def test_restricted_texts_say_so_before_anything_else(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    kept = filled(lake, "2026-W12")
    folder, line = lake.restricted_of(kept), LINES["restricted"]
    first = {path.name: path.read_text("utf-8").splitlines() for path in folder.iterdir() if path.name != MANIFEST}
    assert first["index.html"][:2] == [f"<!-- {line} -->", "who"]
    assert first["people.csv"] == [f"# {line}", "who", "lea"]
    assert first["notes.txt"][0] == first[MARK][0] == line
    assert first["graph.svg"] == ["<?xml version='1.0'?>", f"<!-- {line} -->", "<svg/>"]
    assert first[SUMS][0] == f"# {line}"
    assert (kept / "index.html").read_text("utf-8").startswith("<!doctype html>")
    assert "--" not in line, "a comment would end there"
    assert marked(b"a,b\n", ".csv").count(b"\n") == 2


def test_the_same_again_is_no_new_revision(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    first = filled(lake, "2026-W12")
    assert filled(lake, "2026-W12") == first
    assert filled(lake, "2026-W12", campaign="other").name == "r2"
    assert not (lake.release("2026-W12") / "draft").exists()


@contextmanager
def killed_at_rename(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What goes on inside ends at its rename number `step`."""
    rename, done = Path.rename, 0

    def until(path: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done == step:
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", until)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.parametrize("step", [1, 2])
def test_killed_between_the_trees_neither_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    lake = Lake(tmp_path)
    filled(lake, "2026-W12")
    with killed_at_rename(step, monkeypatch):
        filled(lake, "2026-W12", campaign="other")
    assert sorted(path.name for path in lake.release("2026-W12").glob("r*")) == ["r1"]
    again = filled(lake, "2026-W12", campaign="third")
    assert (again.name, restricted_edition(lake, again)) == ("r2", lake.restricted_of(again))
    assert json.loads((lake.restricted_of(again) / MANIFEST).read_bytes())["campaign"] == "third"


def from_before(lake: Lake, week: str, revision: int) -> Path:
    """A release as they used to be: both editions in one folder that everybody could read."""
    folder = lake.release(week) / f"r{revision}"
    for edition in ("public", "restricted"):
        (folder / edition).mkdir(parents=True)
        (folder / edition / "people.csv").write_text("who\nlea\n")
    (folder / MANIFEST).write_text('{"missing_sources": []}')
    return folder


def files_of(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if path.is_file())


def test_releases_of_an_older_rule_leave_the_public_tree(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    old = [from_before(lake, week, number) for week, number in (("2026-W09", 1), ("2026-W09", 2), ("2026-W10", 1))]
    lake.point_latest(old[-1])
    with lake.lock():
        assert supersede(lake, "nested-5/1") == ["2026-W09", "2026-W10"]
        assert lake.latest_release() is None
        assert list(files_of(lake.releases)) == []
        assert len(list(files_of(lake.superseded))) == 9
        assert modes(lake.restricted) <= {0o700, 0o600}
        assert superseded_weeks(lake) == ["2026-W09", "2026-W10"]
        again = filled(lake, "2026-W09", disclosure={"rule": "nested-5/1"})
        assert again.name == "r3", "a revision that somebody has read is not another one later"
        assert superseded_weeks(lake) == ["2026-W10"]
        assert supersede(lake, "nested-5/1") == []
        assert supersede(lake, "nested-5/2") == ["2026-W09"]
    assert {"public/index.html", "restricted/people.csv"} <= set(files_of(lake.superseded_of(again)))
    assert restricted_edition(lake, again) is None


@pytest.mark.parametrize("step", [1, 2])
def test_killed_while_they_go_nothing_restricted_is_left_in_public(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    lake = Lake(tmp_path)
    kept = filled(lake, "2026-W12")
    with killed_at_rename(step, monkeypatch):
        supersede(lake, "nested-5/1")
    assert "people.csv" not in " ".join(files_of(lake.releases))
    supersede(lake, "nested-5/1")
    assert list(files_of(lake.releases)) == []
    assert {"public/index.html", "restricted/people.csv"} <= set(files_of(lake.superseded_of(kept)))


def test_a_lake_from_before_is_closed_by_the_next_run(tmp_path: Path) -> None:
    lake, elsewhere = Lake(tmp_path / "lake"), tmp_path / "disk"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "deep" / "a.warc.gz").write_text("lea")
    for place in (lake.state, lake.root / "tables" / "posts", lake.releases):
        place.mkdir(parents=True)
        (place / "file").write_text("lea")
    lake.vault.symlink_to(elsewhere)
    lake.key_file.write_text("00")
    (lake.root / "key").chmod(0o644)
    assert len(set(lake.open_to_others())) >= 8
    with lake.lock():
        (lake.state / "new").write_text("lea")
    assert list(lake.open_to_others()) == []
    assert modes(lake.state) == {0o700, 0o600} == modes(elsewhere)
    assert stat.S_IMODE((lake.releases / "file").stat().st_mode) == 0o644
    made = tmp_path / "after"
    made.write_text("")
    assert stat.S_IMODE(made.stat().st_mode) == 0o644, "other files are as the user has them"


def test_a_week_that_was_taken_away_comes_again_whole(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    kept = filled(lake, "2026-W12")
    shutil.rmtree(kept)
    assert restricted_edition(lake, kept) is not None
    again = filled(lake, "2026-W12", campaign="other")
    assert (again, json.loads((lake.restricted_of(again) / MANIFEST).read_bytes())["campaign"]) == (kept, "other")


def test_readers_of_latest_never_see_a_half(tmp_path: Path) -> None:
    """Twenty readers follow `latest` while forty releases are made: always a whole one, with both editions."""
    lake, over, wrong, looks = Lake(tmp_path), threading.Event(), [], [0]
    lake.point_latest(filled(lake, "2026-W01"))

    def read() -> None:
        while not over.is_set():
            release = lake.latest_release()
            if release is None or not (release / MANIFEST).exists() or restricted_edition(lake, release) is None:
                wrong.append(release)
            looks[0] += 1

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    for number in range(40):
        lake.point_latest(filled(lake, f"2026-W{2 + number % 3:02d}", number=number))
    over.set()
    for reader in readers:
        reader.join()
    assert (wrong, looks[0] > 40) == ([], True)


def test_a_key_that_others_could_read_is_closed_when_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = job(tmp_path)
    first = work.pseudonyms
    (kept,) = keys_folder().iterdir()
    kept.chmod(0o644)
    keys_folder().chmod(0o755)
    assert work.pseudonyms == first
    assert modes(keys_folder()) == {0o700, 0o600}
