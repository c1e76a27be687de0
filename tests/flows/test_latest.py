"""`latest` goes forward only; what is published of an older week is written all the same, and said."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from flows.analyse import analyse
from flows.clean import clean
from flows.cli import run
from flows.cli.language import asked_language
from flows.intake import import_files
from flows.job import open_job
from flows.latest import MISSING, move_latest
from flows.publish import Published, publish
from passerelle.lake import Lake
from tests.flows.campaigns import START, job, posts_file


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PASSERELLE_LANG", "en")
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    asked_language.cache_clear()
    yield
    asked_language.cache_clear()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a campaign and its lake of sixty posts in four weeks."""
    folder = tmp_path_factory.mktemp("world")
    work = job(folder)
    import_files(work, [posts_file(folder / "a.csv")], clock=START + timedelta(days=60))
    clean(work.lake)
    return folder


@pytest.fixture
def folder(world: Path, tmp_path: Path) -> Path:
    """That folder for one test alone, without a release."""
    shutil.copytree(world, tmp_path / "world")
    return tmp_path / "world"


def issue(folder: Path, days: float, lost: tuple[str, ...] = ()) -> Published:
    """The release as of so many days after the start."""
    work = open_job(folder / "campaign.toml", folder / "data", START + timedelta(days=days))
    with work.lake.lock():
        return publish(work.lake, work.campaign, analyse(work.lake, work.campaign, work.pseudonyms), lost=lost)


def names(published: Published) -> str:
    """Week and revision of a release."""
    return "/".join(published.folder.parts[-2:])


def latest(folder: Path) -> str:
    return "/".join((folder / "data" / "essai" / "releases" / "latest").resolve().parts[-2:])


@pytest.mark.slow
def test_latest_goes_forward_by_week_and_by_revision(folder: Path) -> None:
    partial = issue(folder, 28, lost=("pont.test",))
    assert (names(partial), partial.is_latest, partial.latest) == ("W13/r1", False, None)
    assert names(issue(folder, 28)) == latest(folder) == "W13/r2", "whole, it is another revision"
    older = issue(folder, 21)
    assert (names(older), older.is_latest, latest(folder)) == ("W12/r1", False, "W13/r2")
    assert older.pages["en"].exists()
    again = issue(folder, 28)
    assert (names(again), again.is_latest, latest(folder)) == ("W13/r2", True, "W13/r2"), "nothing new, no new revision"
    assert names(issue(folder, 35)) == latest(folder) == "W14/r1"
    assert not issue(folder, 42, lost=("pont.test",)).is_latest
    assert latest(folder) == "W14/r1"
    shutil.rmtree(folder / "data" / "essai" / "releases" / "2026" / "W14")
    assert names(issue(folder, 21)) == "W12/r1"
    assert latest(folder) == "W13/r2", "of what was not erased the newest whole one, not the one just asked for"


@pytest.mark.slow
def test_the_command_says_that_an_older_issue_is_not_the_latest(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    newest = issue(folder, 28)
    assert run(["report", "--as-of", (START + timedelta(days=21)).isoformat()]) == 0
    shown = capsys.readouterr()
    written = Path(shown.out.splitlines()[0])
    assert written.parts[-3:] == ("2026", "W12", "r1")
    assert (written / "fr" / "index.html").exists()
    assert shown.err.startswith("passerelle: this is an earlier issue: 'latest' stays at ")
    assert shown.err.count("\n") == 1
    assert run(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["latest_release"] == str(newest.folder.resolve())


def release(lake: Lake, week: str, revision: int, missing: tuple[str, ...] = ()) -> Path:
    folder = lake.release(week) / f"r{revision}"
    folder.mkdir(parents=True)
    (folder / "release.json").write_text(json.dumps({MISSING: missing}))
    return folder


def test_weeks_and_revisions_are_numbers(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    ninth, tenth = (release(lake, "2026-W09", number) for number in (9, 10))
    assert move_latest(lake, ninth) == tenth, "also one that a killed run had not got to name"
    assert move_latest(lake, release(lake, "2026-W53", 1)) == lake.release("2026-W53") / "r1"
    after = release(lake, "2027-W01", 1)
    assert move_latest(lake, after) == after
    assert lake.latest_release() == after


def test_a_partial_release_is_never_the_latest(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    whole = release(lake, "2026-W10", 1)
    release(lake, "2026-W11", 1, missing=("pont.test",))
    assert move_latest(lake, whole) == whole


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert run([*words, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.slow
def test_a_report_as_of_the_past_leaves_the_present_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    now = shown(capsys, "report")
    before = shown(capsys, "status")
    lake = Lake(folder / "data" / "essai")
    for days in (21, 39.9):  # an earlier week, and the same week seen some hours earlier
        past = shown(capsys, "report", "--as-of", (START + timedelta(days=days)).isoformat())
        assert (past["is_latest"], past["latest"]) == (False, now["latest"])
        kept = pq.read_table(Path(str(past["restricted"])) / "interactions")
        assert 0 < kept.num_rows <= lake.read("interactions").num_rows
        posts = pq.read_table(Path(str(past["restricted"])) / "posts")
        assert pc.max(posts["created_at"]).as_py() <= START + timedelta(days=days)
    assert shown(capsys, "status") == before
    assert shown(capsys, "analyse", "--as-of", (START + timedelta(days=21)).isoformat())["weekly_indicators"]
    assert shown(capsys, "status") == before
    again = shown(capsys, "report")
    assert (again["is_latest"], again["key_points"]) == (True, now["key_points"])


@pytest.mark.slow
@pytest.mark.parametrize("command", ["report", "analyse"])
def test_a_moment_that_has_not_come_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PASSERELLE_CLOCK", (START + timedelta(days=45)).isoformat())
    assert run([command, "--as-of", (START + timedelta(days=46)).isoformat()]) == 2
    told = capsys.readouterr().err
    assert (told.count("\n"), "that moment has not come" in told) == (1, True)
    assert not list((folder / "data" / "essai" / "releases").glob("2*"))
    assert run([command, "--as-of", (START + timedelta(days=44)).isoformat()]) == 0, "a quiet time after the last look"
    (folder / "campaign.toml").write_text("as_of = 2026-04-20T00:00:00Z\n" + (folder / "campaign.toml").read_text())
    assert run([command]) == 2
