"""Collect: one Scrapy process a source, judged by what it leaves behind, never by its exit code alone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.job import Job
from flows.staged import staged_runs
from passerelle.campaign import Campaign, Source
from passerelle.errors import ExitCode, PasserelleError, ReplayError, UsageError
from passerelle.identity import ascii_domain

_SECONDS_TO_END = 15.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the crawl of one source ended: `run_id` is None where nothing landed.

    `reason` says what is missing and why, in French in `reason_fr`; both are empty where all came. `is_interrupted`:
    a stream was told to end, and what came before has landed. `is_behind`: it is not at the present yet.
    """

    source: str
    run_id: str | None
    reason: str = ""
    reason_fr: str = ""
    is_interrupted: bool = False
    is_behind: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether something of this source is missing: then nothing new is called the latest."""
        return bool(self.reason)


@dataclass(frozen=True, slots=True)
class _Ended:
    """A crawl's process that ended: exit code, what it wrote to stderr, and the verdict on each of its runs."""

    code: int
    said: str
    verdicts: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether nothing of what its runs should have brought is missing."""
        done = (ExitCode.DONE, ExitCode.INTERRUPTED)
        return self.code in done and all(told["outcome"] == "complete" for told in self.verdicts)

    @property
    def why(self) -> tuple[str, str]:
        """In English and French, what the verdicts say went wrong; without any, the last thing that was said."""
        told = [told["errors"] for told in self.verdicts if told["errors"]["en"]]
        if told:
            return told[-1]["en"][-1], told[-1]["fr"][-1]
        lines = self.said.strip().splitlines()
        if lines:
            return lines[-1].removeprefix("passerelle: "), lines[-1].removeprefix("passerelle: ")
        return (
            f"the crawl ended with exit code {self.code} and said nothing",
            f"la collecte a fini avec le code de sortie {self.code}, sans rien dire",
        )


def collect(job: Job, hosts: Sequence[str] = ()) -> list[Outcome]:
    """Crawl every source of the campaign, or those of `hosts`, one after the other, into staging.

    Raises PasserelleError if every source was lost, UsageError if there is none or a host is not a source.
    """
    job.settle_key()
    outcomes = [_crawl(job, source) for source in chosen_sources(job.campaign, hosts)]
    if all(outcome.run_id is None for outcome in outcomes):
        raise none_collected(outcomes)
    return outcomes


def none_collected(outcomes: Sequence[Outcome]) -> PasserelleError:
    """What to say where every source was lost."""
    en = "; ".join(f"{outcome.source}: {outcome.reason}" for outcome in outcomes)
    fr = " ; ".join(f"{outcome.source} : {outcome.reason_fr}" for outcome in outcomes)
    return PasserelleError(
        en=f"no source could be collected ({en}); nothing was changed",
        fr=f"aucune source n'a pu être collectée ({fr}) ; rien n'a été modifié",
    )


def hear_source(job: Job, source: Source, seconds: float, *, goes_on: bool) -> Outcome:
    """Hear the stream of a source for some seconds, or less unless it `goes_on` at the present, into staging.

    Told to end, we tell it so, and what came lands; told again, it is cut.
    """
    return _crawl(job, source, "--stream", "--for", str(seconds), *(("--on",) if goes_on else ()))


def replay(job: Job, vault: Path) -> None:
    """Crawl every run of a vault again, in order, without the network, into staging.

    Raises UsageError for a folder without recordings, ReplayError for a replay that failed.
    """
    job.settle_key()
    ended = _run(job, ["--replay", str(vault)])
    if ended.code not in (ExitCode.DONE, ExitCode.PARTIAL):
        en, fr = ended.why
        kind = UsageError if ended.code == ExitCode.USAGE else ReplayError
        raise kind(en=f"replay of {vault} failed: {en}", fr=f"le rejeu de {vault} a échoué : {fr}")


def chosen_sources(campaign: Campaign, hosts: Sequence[str] = ()) -> list[Source]:
    """The campaign's sources, or those whose host is in `hosts`."""
    known = {source.host: source for source in campaign.sources}
    hosts = [ascii_domain(host) for host in hosts]
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


def _crawl(job: Job, source: Source, *words: str) -> Outcome:
    ended = _run(job, ["--source", source.host, *words])
    waiting = {run.run_id for run in staged_runs(job.lake)}
    # a source that was lost midway has landed what came before: it is kept, and said to be partial
    landed = [told["run_id"] for told in ended.verdicts if told["run_id"] in waiting]
    is_interrupted = ended.code == ExitCode.INTERRUPTED
    is_behind = any(told.get("is_behind") for told in ended.verdicts)
    why = ("", "") if landed and ended.is_whole else ended.why
    return Outcome(
        source.host, landed[-1] if landed else None, *why, is_interrupted=is_interrupted, is_behind=is_behind
    )


def _run(job: Job, words: Sequence[str]) -> _Ended:
    """Run the crawl under our lock; its progress goes to our stderr as it comes, and is kept to tell why it failed.

    It ends with us: by the pipe that is its standard input, which is closed when we are gone, however that comes.
    """
    where = ["--campaign", str(job.campaign_file), "--lake", str(job.lake.root), "--json"]
    with job.lake.lock(), tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        lock = job.lake.held_lock()
        process = subprocess.Popen(
            [sys.executable, "-m", "spiders.crawl", *where, "--lock", str(lock), *words],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdout=told,
            pass_fds=[lock],
            text=True,
        )
        try:
            said = _passed_on(process, told_to_end="--stream" in words)
            code = process.wait()
        finally:
            _end(process)
        told.seek(0)
        return _Ended(code, said, [json.loads(line) for line in told])


def _passed_on(process: subprocess.Popen[str], *, told_to_end: bool) -> str:
    """What it says, as it says it. Where we are `told_to_end`, so is it, and it is heard out."""
    kept: list[str] = []
    while True:
        try:
            for line in process.stderr or ():
                kept.append(line)
                sys.stderr.write(line)
            return "".join(kept)
        except KeyboardInterrupt:
            if not told_to_end:
                raise
            told_to_end = False
            process.send_signal(signal.SIGTERM)


def _end(process: subprocess.Popen[str]) -> None:
    """Have the crawl end, also when it is we who were told to: it is never left alone."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
