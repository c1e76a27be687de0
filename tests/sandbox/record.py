"""Record the embedded campaign: the real spiders collect the invented town, run after run, on simulated clocks.

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
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from tests.sandbox.server import Sandbox
from tests.sandbox.town import Quarter, town
from tests.sandbox.truth import truth

DEMO = Path(__file__).parents[2] / "campaigns" / "demo"
# the embedded campaign hides nobody: its key is public, so that its pseudonyms are the same everywhere
PUBLIC_KEY = bytes(range(32)).hex()
MAX_RUNS, MAX_TIMELINES, MAX_ENGAGEMENT, MAX_BYTES = 90, 1500, 2500, 10_000_000
_TIMELINES = ("/timelines/", "searchPosts", "getAuthorFeed", "/wp/v2/tags", "/wp/v2/posts")
_ENGAGEMENT = ("/statuses/", "getPostThread", "getRepostedBy", "getQuotes", "listRecords", "/wp/v2/comments")


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
        kind = "engagement" if any(mark in path for mark in _ENGAGEMENT) else "other"
        found["timelines" if any(mark in path for mark in _TIMELINES) or path.endswith("/statuses") else kind] += 1
    return found


def due(quarter: Quarter, clock: datetime) -> bool:
    """Whether that part of the town is collected at that moment."""
    return quarter.twice_a_week or clock.weekday() == 0


def crawl(campaign: Path, lake: Path, host: str, sandbox: Sandbox, clock: datetime) -> None:
    """One run of the spider as anyone would start it, its requests led to the sandbox."""
    sandbox.now = clock
    command = [sys.executable, "-m", "spiders.crawl", "--campaign", str(campaign), "--lake", str(lake)]
    command += ["--source", host, "--clock", f"{clock:%Y-%m-%dT%H:%M:%SZ}", "--connect", sandbox.address]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"{host}, run of {clock}: exit code {done.returncode}\n{done.stderr[-3000:]}")


def within_bounds(num_runs: int, counts: Counter[str], num_bytes: int) -> bool:
    """Whether the vault is small enough to ship."""
    return (
        num_runs <= MAX_RUNS
        and counts["timelines"] <= MAX_TIMELINES
        and counts["engagement"] <= MAX_ENGAGEMENT
        and num_bytes <= MAX_BYTES
    )


def serving(quarter: Quarter) -> Sandbox:
    """The server of a part of the town, whose clock moves only when it is told."""
    world, begin = quarter.played.world, quarter.played.parameters.start
    return Sandbox(world, begin, limit=20_000, host=quarter.host, home=quarter.host, frozen=True, speaks=quarter.speaks)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=DEMO, help="Folder of the campaign file.")
def main(out: Path) -> None:
    """Simulate, collect, and put vault, truth and key beside the campaign file."""
    quarters = town()
    usual = quarters[0].played.parameters
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        lake, num_runs = Path(folder), 0
        sandboxes = {quarter.host: stack.enter_context(serving(quarter)) for quarter in quarters}
        for moment in clocks(usual.start, usual.as_of):
            for quarter in (quarter for quarter in quarters if due(quarter, moment)):
                crawl(out / "campaign.toml", lake, quarter.host, sandboxes[quarter.host], moment)
                num_runs += 1
            click.echo(f"{moment:%Y-%m-%d} {[len(sandbox.log) for sandbox in sandboxes.values()]}", err=True)
        counts = kinds([line for sandbox in sandboxes.values() for line in sandbox.log])
        num_bytes = sum(path.stat().st_size for path in (lake / "vault").iterdir())
        click.echo(json.dumps({"runs": num_runs, "bytes": num_bytes, **counts}))
        if not within_bounds(num_runs, counts, num_bytes):
            raise click.ClickException("the vault is larger than what may ship")
        shutil.rmtree(out / "vault", ignore_errors=True)
        shutil.copytree(lake / "vault", out / "vault")
    (out / "key").write_text(PUBLIC_KEY + "\n", "ascii")
    (out / "truth.json").write_text(
        json.dumps(truth([quarter.played for quarter in quarters]), ensure_ascii=False, indent=1) + "\n", "utf-8"
    )


if __name__ == "__main__":
    main()
