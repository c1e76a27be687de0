"""The weekly flow on a live server: what is published, and when `latest` stays where it was."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from flows.aside import AsideRun
from flows.clean import Cleaned
from flows.cli import run
from flows.cli.language import asked_language
from flows.collect import Outcome
from flows.freshness import refuse_collapse
from flows.job import Job, open_job
from passerelle.errors import ExitCode, GateError, LockedError, PasserelleError
from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]

CAMPAIGN = """name = "vallons"
title = "Emploi des Vallons"
hashtags = ["EmploiDesVallons"]
purpose = "essai sur des personnes inventées"
legal_basis = "données inventées"
retention_days = 30
contact = "contact@vallons.test"
as_of = {as_of}
[analysis]
bootstrap_draws = 100
null_draws = 99
[collect]
first_days = 3000
delay_seconds = 0
share_of_limit = 1.0
timeout_seconds = 5
history_max_pages = 2
"""


def job(folder: Path, sandbox: Sandbox, *more: str, hashtag: str = "EmploiDesVallons") -> Job:
    """A campaign that collects from the sandbox, and from `more` hosts."""
    sources = "".join(f'[[sources]]\nkind = "mastodon"\nhost = "{h}"\n' for h in (sandbox.address, *more))
    path = folder / "campaign.toml"
    text = CAMPAIGN.format(as_of=sandbox.now.isoformat()).replace("EmploiDesVallons", hashtag)
    path.write_text(text + sources, "utf-8")
    return open_job(path, folder / "data")


def weekly(work: Job):  # type: ignore[no-untyped-def]
    from flows.weekly import weekly as flow

    return flow(campaign=str(work.campaign_file), lake=str(work.campaign.lake))


def test_the_whole_job_then_a_lost_source_then_none(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.weekly

    # the spider tries again by itself; the task's own retries, half a minute apart, are Prefect's to test
    monkeypatch.setattr(flows.weekly, "collect_task", flows.weekly.collect_task.with_options(retries=0))
    monkeypatch.setenv("PASSERELLE_CLOCK", sandbox.now.isoformat())  # its waits for who is lost pass at once
    work = job(tmp_path, sandbox)
    published = weekly(work)
    assert published.is_latest
    assert (work.lake.releases / "latest").resolve() == published.folder.resolve()
    for tongue, page in published.pages.items():
        text = page.read_text("utf-8")
        assert f'<html lang="{tongue}"' in text
        assert not re.search(r'(src|href)="https?://(?!creativecommons)', text.replace("data:", ""))
    assert work.lake.read("episodes").num_rows > 10

    again = weekly(work)
    assert again.is_latest, "a run that finds nothing new still publishes the week"

    partial = weekly(job(tmp_path, sandbox, "127.0.0.1:9"))
    assert not partial.is_latest
    assert (work.lake.releases / "latest").resolve() == again.folder.resolve()
    assert "127.0.0.1:9" in partial.pages["en"].read_text("utf-8")

    sandbox.faults.append(Fault("unavailable", times=10_000))
    with pytest.raises(PasserelleError) as lost:
        weekly(work)
    assert sandbox.address in lost.value.en
    assert (work.lake.releases / "latest").resolve() == again.folder.resolve()


def test_a_run_that_is_set_aside_costs_the_report_its_own_data_only(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    monkeypatch.setenv("PASSERELLE_LANG", "en")
    asked_language.cache_clear()
    work = job(tmp_path, sandbox)
    words = ["-c", str(work.campaign_file), "--lake", str(work.campaign.lake)]
    work.may_take_in()
    broken = work.lake.staging / "import-broken"
    broken.mkdir(parents=True)
    (broken / "manifest.json").write_text("{")
    assert run(["weekly", *words]) == ExitCode.PARTIAL
    said = capsys.readouterr()
    assert "quality gate: import-broken: its manifest cannot be read; set aside, see `passerelle runs list`" in said.err
    assert "partial, without import-broken: 'latest' stays at -" in said.err
    [page] = [Path(line) for line in said.out.splitlines() if line.endswith("en/index.html")]
    assert "import-broken" in page.read_text("utf-8")
    assert run(["runs", "retry", "import-broken", *words]) == ExitCode.GATE
    assert "import-broken: its manifest cannot be read" in capsys.readouterr().err
    assert run(["runs", "discard", "import-broken", *words]) == ExitCode.DONE
    assert run(["report", *words]) == ExitCode.DONE
    assert work.lake.latest_release() is not None, "once it is settled, the report is whole"


def test_where_no_run_passed_nothing_is_published(tmp_path: Path, sandbox: Sandbox) -> None:
    from flows.weekly import _missing

    done = Cleaned()
    done.set_aside = [AsideRun(tmp_path / "x", "why", "pourquoi", "", {"source": "pont.test"})]
    assert _missing([Outcome("pont.test", None, "lost", "perdu")], done) == ("pont.test",)
    with pytest.raises(GateError, match="other runs committed: 0"):
        done.refuse_set_aside()


def test_an_empty_collection_is_never_published(tmp_path: Path, sandbox: Sandbox) -> None:
    work = job(tmp_path, sandbox, hashtag="PersonneNeLEcrit")
    with pytest.raises(GateError) as empty:
        weekly(work)
    assert "empty" in empty.value.en
    assert empty.value.exit_code == ExitCode.GATE
    assert not (work.lake.releases / "latest").exists()


def test_the_daily_collect_gives_way_to_another_run(tmp_path: Path, sandbox: Sandbox) -> None:
    work = job(tmp_path, sandbox)
    script = (
        "import sys; from pathlib import Path; from passerelle.lake import Lake\n"
        "with Lake(Path(sys.argv[1])).lock(): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(work.lake.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    from flows.daily import daily

    try:
        with pytest.raises(LockedError):
            daily(campaign=str(work.campaign_file), lake=str(work.campaign.lake))
    finally:
        holder.kill()
        holder.wait()
    assert not work.lake.exists()


def posts_by_week(usual: int, last: int) -> SimpleNamespace:
    """Only what the check looks at, over eight weeks and the one just ended: campaign posts, as-of, zone."""
    weeks = [f"2026-W{n:02d}" for n in range(10, 18) for _ in range(usual)] + ["2026-W18"] * last
    rows = pa.table({"iso_week": pa.array(weeks, pa.string())})
    study = SimpleNamespace(campaign_posts=rows, as_of=datetime(2026, 5, 4, 6, tzinfo=UTC), zone="Europe/Paris")
    return SimpleNamespace(study=study)


def test_a_week_that_collapses_is_refused() -> None:
    with pytest.raises(GateError, match="2026-W18 has 1 campaign post, usually there are 10"):
        refuse_collapse(posts_by_week(10, 1))  # type: ignore[arg-type]


def test_a_quiet_week_of_a_small_campaign_is_published() -> None:
    refuse_collapse(posts_by_week(9, 0))  # type: ignore[arg-type]
