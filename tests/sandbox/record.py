"""Record the embedded campaign: the real spider collects the invented world, run after run, on simulated clocks.

``python -m tests.sandbox.record`` writes campaigns/demo/vault/*.warc.gz, truth.json and key. It takes a few minutes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from tests.sandbox.people import HOME
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import simulate
from tests.sandbox.truth import truth

DEMO = Path(__file__).parents[2] / "campaigns" / "demo"
# the embedded campaign hides nobody: its key is public, so that its pseudonyms are the same everywhere
PUBLIC_KEY = bytes(range(32)).hex()
MAX_RUNS, MAX_TIMELINES, MAX_ENGAGEMENT, MAX_BYTES = 60, 1100, 2000, 8_000_000


def clocks(start: datetime, as_of: datetime) -> Iterator[datetime]:
    """After the first week, every Monday and Thursday at six in the morning (Paris); the last one at `as_of`."""
    moment = start + timedelta(days=7, hours=5)
    while moment < as_of - timedelta(days=2):
        yield moment
        moment += timedelta(days=4 if moment.weekday() == 3 else 3)
    yield as_of


def kinds(log: list[tuple[str, int]]) -> Counter[str]:
    """How many requests of each kind a server answered: timelines, engagement, other."""
    found: Counter[str] = Counter()
    for target, _ in log:
        path = urlsplit(target).path
        if "/timelines/" in path or path.endswith("/statuses"):
            found["timelines"] += 1
        else:
            found["engagement" if "/statuses/" in path else "other"] += 1
    return found


def crawl(campaign: Path, lake: Path, sandbox: Sandbox, clock: datetime) -> None:
    """One run of the spider as anyone would start it, its requests led to the sandbox."""
    sandbox.now = clock
    command = [sys.executable, "-m", "spiders.crawl", "--campaign", str(campaign), "--lake", str(lake)]
    command += ["--source", HOME, "--clock", f"{clock:%Y-%m-%dT%H:%M:%SZ}", "--connect", sandbox.address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"run of {clock}: exit code {done.returncode}\n{done.stderr[-3000:]}")


def within_bounds(num_runs: int, counts: Counter[str], num_bytes: int) -> bool:
    """Whether the vault is small enough to ship."""
    return (
        num_runs <= MAX_RUNS
        and counts["timelines"] <= MAX_TIMELINES
        and counts["engagement"] <= MAX_ENGAGEMENT
        and num_bytes <= MAX_BYTES
    )


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=DEMO, help="Folder of the campaign file.")
def main(out: Path) -> None:
    """Simulate, collect, and put vault, truth and key beside the campaign file."""
    played = simulate()
    moments = list(clocks(played.parameters.start, played.parameters.as_of))
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder)
        with Sandbox(played.world, moments[0], limit=20_000, host=HOME, frozen=True) as sandbox:
            for number, moment in enumerate(moments, 1):
                crawl(out / "campaign.toml", lake, sandbox, moment)
                click.echo(f"{number}/{len(moments)} {moment:%Y-%m-%d} {dict(kinds(sandbox.log))}", err=True)
            counts = kinds(sandbox.log)
        num_bytes = sum(path.stat().st_size for path in (lake / "vault").iterdir())
        click.echo(json.dumps({"runs": len(moments), "bytes": num_bytes, **counts}))
        if not within_bounds(len(moments), counts, num_bytes):
            raise click.ClickException("the vault is larger than what may ship")
        shutil.rmtree(out / "vault", ignore_errors=True)
        shutil.copytree(lake / "vault", out / "vault")
    (out / "key").write_text(PUBLIC_KEY + "\n", "ascii")
    (out / "truth.json").write_text(json.dumps(truth(played), ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
