"""Collect: one Scrapy process a source, judged by what it leaves behind, never by its exit code alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.crawls import Ended, run_crawls
from flows.job import Job
from flows.staged import staged_runs
from passerelle.campaign import Campaign, Source
from passerelle.errors import ExitCode, PasserelleError, ReplayError, UsageError
from passerelle.identity import ascii_domain


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


def collect(job: Job, hosts: Sequence[str] = ()) -> list[Outcome]:
    """Crawl every source of the campaign, or those of `hosts`, side by side, into staging.

    Raises PasserelleError if every source was lost, UsageError if there is none or a host is not a source.
    """
    sources = chosen_sources(job.campaign, hosts)
    job.may_take_in()
    outcomes = _crawl(job, sources, job.campaign.collect.at_once)
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


def hear_sources(job: Job, sources: Sequence[Source], seconds: float, *, goes_on: bool) -> list[Outcome]:
    """Hear the streams of sources for some seconds, or less unless it `goes_on` at the present, into staging.

    Told to end, we tell them so, and what came lands; told again, they are cut.
    """
    words = ("--stream", "--for", str(seconds), *(("--on",) if goes_on else ()))
    return _crawl(job, sources, len(sources), *words)


def replay(job: Job, vault: Path) -> None:
    """Crawl every run of a vault again, in order, without the network, into staging.

    Raises UsageError for a folder without recordings, ReplayError for a replay that failed.
    """
    job.may_take_in(asks=False)
    ended = run_crawls(job, {"replay": ["--replay", str(vault)]}, at_once=1)["replay"]
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


def _crawl(job: Job, sources: Sequence[Source], at_once: int, *words: str) -> list[Outcome]:
    commands = {source.host: ["--source", source.host, *words] for source in sources}
    ended = run_crawls(job, commands, at_once=at_once, are_told_to_end="--stream" in words)
    waiting = {run.run_id for run in staged_runs(job.lake)}
    return [_outcome(source, ended.get(source.host), waiting) for source in sources]


def _outcome(source: Source, ended: Ended | None, waiting: Collection[str]) -> Outcome:
    if ended is None:
        return Outcome(source.host, None, is_interrupted=True)
    # a source that was lost midway has landed what came before: it is kept, and said to be partial
    landed = [told["run_id"] for told in ended.verdicts if told["run_id"] in waiting]
    why = ("", "") if landed and ended.is_whole else ended.why
    return Outcome(
        source.host,
        landed[-1] if landed else None,
        *why,
        is_interrupted=ended.code == ExitCode.INTERRUPTED,
        is_behind=any(told.get("is_behind") for told in ended.verdicts),
    )
