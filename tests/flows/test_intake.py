"""An import is known by its input: repeated it is one and changes nothing; too many unread lines refuse it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from flows.clean import clean
from flows.intake import import_files
from flows.job import Job
from flows.staged import staged_runs
from passerelle.errors import ExitCode, GateError
from pipelines.landing import Landing
from tests.flows.campaigns import START, job, posts_file

LATER = START + timedelta(days=60)


def tables(work: Job) -> dict[str, object]:
    return {name: work.lake.read(name).to_pylist() for name in work.lake.versions()}


def test_the_same_import_again_changes_nothing_at_1200_rows(tmp_path: Path) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv", rows=1200, seen=START + timedelta(days=500))
    first = import_files(work, [path], clock=LATER + timedelta(days=500))
    clean(work.lake)
    before, versions = tables(work), work.lake.versions()
    again = import_files(work, [path], clock=LATER + timedelta(days=501))
    assert again.run_id == first.run_id
    assert again.known
    assert (again.known["accepted"], again.known["duplicate"]) == (0, 1200)
    assert clean(work.lake).runs == []
    assert tables(work) == before
    assert work.lake.versions() == versions


@pytest.mark.parametrize("killed_in", ["landing", "staging"])
def test_an_import_that_was_killed_and_repeated_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv")
    if killed_in == "landing":

        def dies(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Landing, "finish", dies)
            patch.setattr(Landing, "abort", lambda _: None)  # nothing is tidied up by a process that is killed
            with pytest.raises(KeyboardInterrupt):
                import_files(work, [path], clock=LATER)
    else:
        import_files(work, [path], clock=LATER)
    import_files(work, [path], clock=LATER + timedelta(minutes=5))
    (run,) = staged_runs(work.lake)
    clean(work.lake)
    (row,) = work.lake.read("runs").to_pylist()
    assert (row["run_id"], row["accepted"]) == (run.run_id, 60)
    assert run.clock == LATER + timedelta(minutes=5 if killed_in == "landing" else 0)


def test_other_input_or_options_are_other_imports(tmp_path: Path) -> None:
    work = job(tmp_path)
    one, other = posts_file(tmp_path / "a.csv"), posts_file(tmp_path / "b.csv", replies=1)
    ids = {
        import_files(work, paths, captured_at=seen, clock=LATER).run_id
        for paths, seen in (([one], None), ([other], None), ([one, other], None), ([one], LATER))
    }
    assert len(ids) == 4


@pytest.mark.parametrize(("bad", "refused"), [(11, True), (3, True), (2, False)])
def test_more_than_a_fifth_of_lines_unread_refuses_the_import(tmp_path: Path, bad: int, refused: bool) -> None:
    work = job(tmp_path)
    rows = [
        json.dumps({"id": f"p{n}", "who": f"h{n % 5}", "when": (START + timedelta(hours=n)).isoformat(), "text": "mot"})
        for n in range(12)
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(row[:-3] if n < bad else row for n, row in enumerate(rows)), "utf-8")
    if not refused:
        assert import_files(work, [path], clock=LATER).manifest["counters"]["quarantined_by"] == {"not valid JSON": bad}
        return
    with pytest.raises(GateError, match=rf"a\.jsonl, line 1: not valid JSON; {bad} of 12 lines") as caught:
        import_files(work, [path], clock=LATER)
    assert caught.value.exit_code == ExitCode.GATE
    assert "JSON incorrect" in caught.value.fr
    assert staged_runs(work.lake) == []
    assert not list(work.lake.staging.glob("*"))
