"""Collect: one Scrapy process a source, judged by what it leaves behind, never by its exit code alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.job import Job
from flows.staged import staged_runs
from passerelle.campaign import Campaign, Source
from passerelle.errors import ExitCode, PasserelleError, UsageError


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the crawl of one source ended: `run_id` is None where nothing landed; `reason` is empty where all came."""

    source: str
    run_id: str | None
    reason: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether something of this source is missing: then nothing new is called the latest."""
        return bool(self.reason)


def collect(job: Job, hosts: Sequence[str] = ()) -> list[Outcome]:
    """Crawl every source of the campaign, or those of `hosts`, one after the other, into staging.

    Raises PasserelleError if every source was lost, UsageError if there is none or a host is not a source.
    """
    job.settle_key()
    outcomes = [_crawl(job, source) for source in chosen_sources(job.campaign, hosts)]
    if all(outcome.run_id is None for outcome in outcomes):
        reasons = "; ".join(f"{outcome.source}: {outcome.reason}" for outcome in outcomes)
        raise PasserelleError(
            en=f"no source could be collected ({reasons}); nothing was changed",
            fr=f"aucune source n'a pu être collectée ({reasons}) ; rien n'a été modifié",
        )
    return outcomes


def replay(job: Job, vault: Path) -> None:
    """Crawl every run of a vault again, in order, without the network, into staging."""
    job.settle_key()
    finished = _run(job, ["--replay", str(vault)])
    if finished.returncode != 0:
        last = _last_line(finished.stderr)
        raise PasserelleError(en=f"replay of {vault} failed: {last}", fr=f"le rejeu de {vault} a échoué : {last}")


def chosen_sources(campaign: Campaign, hosts: Sequence[str] = ()) -> list[Source]:
    """The campaign's sources, or those whose host is in `hosts`."""
    known = {source.host: source for source in campaign.sources}
    for host in hosts:
        if host not in known:
            raise UsageError(
                en=f"'{host}' is not a source of campaign '{campaign.name}'; its sources are: {', '.join(known)}",
                fr=f"« {host} » n'est pas une source de la campagne « {campaign.name} » ; "
                f"ses sources : {', '.join(known)}",
            )
    if not known:
        raise UsageError(
            en=f"campaign '{campaign.name}' has no [[sources]]; add one, or import files you have",
            fr=f"la campagne « {campaign.name} » n'a pas de [[sources]] ; ajoutez-en une, ou importez vos fichiers",
        )
    return [known[host] for host in hosts] or list(known.values())


def _crawl(job: Job, source: Source) -> Outcome:
    before = _landed(job)
    finished = _run(job, ["--source", source.host])
    new = _landed(job) - before
    if finished.returncode == ExitCode.DONE and new:
        return Outcome(source.host, max(new))
    # a source that was lost midway has landed what came before: it is kept, and said to be partial
    landed = max(new) if finished.returncode == ExitCode.PARTIAL and new else None
    return Outcome(source.host, landed, _last_line(finished.stderr))


def _landed(job: Job) -> set[str]:
    return {run.run_id for run in staged_runs(job.lake)}


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1].removeprefix("passerelle: ")


def _run(job: Job, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the crawl; its progress goes to our stderr as it comes, and is kept to tell why it failed."""
    where = ["--campaign", str(job.campaign_file), "--lake", str(job.lake.root)]
    process = subprocess.Popen(
        [sys.executable, "-m", "spiders.crawl", *where, *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    lines = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        sys.stderr.write(line)
    return subprocess.CompletedProcess(words, process.wait(), "", "".join(lines))
