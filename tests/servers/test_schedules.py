"""`prefect.yaml` on a real server and worker: what is due runs, an overlap is cancelled, what is cancelled ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from passerelle.lake import SHIPPED, Lake
from tests.flows.test_weekly import CAMPAIGN
from tests.sandbox.faults import Fault
from tests.sandbox.parameters import Parameters
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import simulate
from tests.servers.orchestra import Orchestra, orchestra, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A server over a small world, with a rate limit that nobody reaches."""
    played = simulate(Parameters(num_weeks=3, prior_weeks=14, num_active=60, num_quiet=12, num_seekers=30))
    with Sandbox(played.world, played.parameters.as_of, limit=1_000_000) as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """The folder of a campaign that collects from the sandbox, with what ships for Prefect."""
    folder = tmp_path_factory.mktemp("campaign")
    source = f'[[sources]]\nkind = "mastodon"\nhost = "{sandbox.address}"\n'
    patient = CAMPAIGN.format(as_of=sandbox.now.isoformat()).replace("timeout_seconds = 5", "timeout_seconds = 120")
    (folder / "campaign.toml").write_text(patient + source, "utf-8")
    (folder / "prefect.yaml").write_bytes((SHIPPED / "prefect.yaml").read_bytes())
    return folder


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Orchestra]:
    """A server and a worker, and the campaign deployed."""
    with orchestra(tmp_path_factory.mktemp("prefect")) as one:
        done = one.prefect("deploy", "--all", folder=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        yield one


def crawls(folder: Path) -> list[str]:
    """Processes that crawl into the lake of this folder, by id."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode("utf-8", "replace")
            home = (process / "cwd").resolve()
        except OSError:
            continue
        if "spiders.crawl" in words and home == folder.resolve():
            found.append(process.name)
    return found


def test_what_is_due_runs_and_an_overlap_of_it_is_cancelled(played: Orchestra, folder: Path, sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("slow", times=2, match="/timelines/", seconds=5))  # time for another to come
    played.make_due("weekly/weekly", seconds=10)
    (run, *_) = wait_for("a run that nobody asked for", lambda: played.runs("weekly"))
    wait_for("its crawl", lambda: crawls(folder))
    overlap = played.start("weekly/weekly")
    wait_for("the overlap's end", lambda: played.state(overlap) in ENDED)
    assert played.state(overlap) == "CANCELLED"
    wait_for("the run's end", lambda: played.state(run["id"]) in ENDED)
    assert played.state(run["id"]) == "COMPLETED", "\n".join(played.log(run["id"]))
    assert run["auto_scheduled"]
    lake = Lake(folder / "data" / "vallons")
    named = lake.latest_release()
    assert named is not None
    assert (named / "fr" / "index.html").exists()
    for said in (f"{sandbox.address}: collected as ", f"published {named.relative_to(folder)}; latest is "):
        wait_for(f"'{said}' in its log", lambda said=said: said in "\n".join(played.log(run["id"])))
    assert all(played.planned(name) for name in ("daily", "weekly")), "what prefect.yaml says is planned too"


def test_a_cancelled_run_ends_its_crawl_frees_the_lake_and_the_next_works(
    played: Orchestra, folder: Path, sandbox: Sandbox
) -> None:
    hang = Fault("hang", times=10_000, seconds=600)
    sandbox.faults.append(hang)
    run = played.start("collect/daily")
    wait_for("a crawl that hangs", lambda: hang.struck and crawls(folder))
    played.cancel(run)
    wait_for("the cancelled run's end", lambda: played.state(run) in ENDED)
    assert played.state(run) == "CANCELLED"
    wait_for("the crawl's end", lambda: not crawls(folder))
    lake = Lake(folder / "data" / "vallons")
    with lake.lock():
        pass
    sandbox.faults.clear()
    again = played.start("collect/daily")
    wait_for("the next run's end", lambda: played.state(again) in ENDED)
    assert played.state(again) == "COMPLETED", "\n".join(played.log(again))


def test_deploying_from_a_folder_without_the_campaign_file_is_refused(played: Orchestra, tmp_path: Path) -> None:
    (tmp_path / "prefect.yaml").write_bytes((SHIPPED / "prefect.yaml").read_bytes())
    done = played.prefect("deploy", "--all", folder=tmp_path)
    assert done.returncode != 0
    assert "has no campaign.toml" in " ".join((done.stdout + done.stderr).split())
