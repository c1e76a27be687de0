"""`passerelle runs`: a run that did not pass is told of, tried again, discarded; the lake goes on without it."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows.cli import run
from flows.cli.language import asked_language
from flows.intake import import_files
from passerelle.lake import Lake
from tests.flows.campaigns import HEAD, START, job, posts_file


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """A lake in whose staging one run of blank texts, one whose file is cut, one without manifest and a good one."""
    monkeypatch.setenv("PASSERELLE_LANG", "en")
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    monkeypatch.chdir(tmp_path)
    asked_language.cache_clear()
    work = job(tmp_path)
    whens = [(START + timedelta(days=1, minutes=n)).isoformat() for n in range(25)]
    blank = tmp_path / "blank.csv"
    blank.write_text(HEAD + "".join(f"q{n},h{n},{when},,i4emploi,,,,,,0,{whens[-1]}\n" for n, when in enumerate(whens)))
    files = [blank, *(posts_file(tmp_path / f"good{number}.csv", rows=30) for number in range(3))]
    imports = [import_files(work, [path], clock=START + timedelta(days=60, minutes=n)) for n, path in enumerate(files)]
    _, first, second, _ = (work.lake.staging / one.run_id for one in imports)
    cut = next(first.glob("post_versions*"))
    cut.write_bytes(cut.read_bytes()[:500])
    (second / "manifest.json").write_text("{")
    return work.lake


def passerelle(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run([*words, "-c", "campaign.toml", "--lake", "data"]) == code
    return capsys.readouterr().out


def test_bad_runs_are_set_aside_told_of_tried_again_and_discarded(
    lake: Lake, capsys: pytest.CaptureFixture[str]
) -> None:
    passerelle(capsys, "clean", code=3)
    assert lake.read("posts").num_rows == 30
    runs = json.loads(passerelle(capsys, "runs", "list", "--json"))["runs"]
    aside = {one["run_id"]: one["reason"]["en"] for one in runs if one["state"] == "aside"}
    assert [one["state"] for one in runs] == ["aside"] * 3 + ["committed"]
    assert sorted(aside.values())[0].startswith("blank texts in 2026-W")
    assert sorted(aside.values())[1:] == ["its files in staging are damaged", "its manifest cannot be read"]
    said = passerelle(capsys, "status")
    assert all(name in said and why in said for name, why in aside.items())
    blank = next(name for name, why in aside.items() if why.startswith("blank texts"))
    assert "blank texts" in passerelle(capsys, "runs", "show", blank)
    passerelle(capsys, "runs", "retry", blank, code=3)
    assert sorted(path.name for path in lake.aside.iterdir()) == sorted(aside)
    for name in aside:
        passerelle(capsys, "runs", "discard", name)
    assert json.loads(passerelle(capsys, "status", "--json"))["set_aside"] == []
    kept = [row for row in lake.read("quarantine").to_pylist() if row["place"] == "run"]
    assert {row["run_id"] for row in kept} == set(aside)
    passerelle(capsys, "runs", "discard", blank, code=2)
    passerelle(capsys, "clean")
    assert lake.read("posts").num_rows == 30


def test_a_mended_run_that_is_tried_again_is_committed(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    passerelle(capsys, "clean", code=3)
    good = lake.read("runs")["run_id"].to_pylist()
    aside = json.loads(passerelle(capsys, "status", "--json"))["set_aside"]
    [blank] = [one["run_id"] for one in aside if "blank texts" in str(one)]
    import flows.gate

    limits = {**flows.gate.LIMITS, "blank": (1.0, "blank texts", "textes vides")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.gate, "LIMITS", limits)
        passerelle(capsys, "runs", "retry", blank)
    assert sorted(lake.read("runs")["run_id"].to_pylist()) == sorted([*good, blank])
    assert lake.read("posts").num_rows == 55
