"""Collect: one Scrapy process a source, judged by what it leaves behind, never by its exit code alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from passerelle.campaign import Campaign, Source
from passerelle.errors import PasserelleError, UsageError
from passerelle.lake import Lake


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the crawl of one source ended. `reason` is empty where it ended well."""

    source: str
    run_id: str | None
    reason: str = ""

    @property
    def is_lost(self) -> bool:
        """Whether nothing of this source can be used."""
        return bool(self.reason)


def collect(
    campaign_file: Path, campaign: Campaign, lake: Lake, hosts: Sequence[str] = (), *, quiet: bool = False
) -> list[Outcome]:
    """Crawl every source of the campaign, or those of `hosts`, one after the other, into staging.

    Raises PasserelleError if every source was lost, UsageError if there is none or a host is not a source.
    """
    outcomes = [_crawl(campaign_file, lake, source, quiet) for source in chosen_sources(campaign, hosts)]
    if all(outcome.is_lost for outcome in outcomes):
        reasons = "; ".join(f"{outcome.source}: {outcome.reason}" for outcome in outcomes)
        raise PasserelleError(
            en=f"no source could be collected ({reasons}); nothing was changed",
            fr=f"aucune source n'a pu être collectée ({reasons}) ; rien n'a été modifié",
        )
    return outcomes


def replay(campaign_file: Path, lake: Lake, vault: Path) -> None:
    """Crawl every run of a vault again, in order, without the network, into staging."""
    finished = _run(["--campaign", str(campaign_file), "--lake", str(lake.root), "--replay", str(vault)], quiet=False)
    if finished.returncode != 0:
        last = (finished.stderr.strip().splitlines() or ["no reason given"])[-1].removeprefix("passerelle: ")
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


def _crawl(campaign_file: Path, lake: Lake, source: Source, quiet: bool) -> Outcome:
    before = {path.parent.name for path in lake.staging.glob("*/manifest.json")}
    words = ["--campaign", str(campaign_file), "--lake", str(lake.root), "--source", source.host]
    finished = _run(words, quiet)
    landed = {path.parent.name for path in lake.staging.glob("*/manifest.json")} - before
    if finished.returncode != 0 or not landed:
        last = (finished.stderr.strip().splitlines() or ["it left no manifest"])[-1]
        return Outcome(source.host, None, last.removeprefix("passerelle: "))
    run_id = max(landed)
    stats = orjson.loads((lake.staging / run_id / "stats.json").read_bytes())
    return Outcome(source.host, run_id, str(stats.get("failure") or ""))


def _run(words: Sequence[str], quiet: bool) -> subprocess.CompletedProcess[str]:
    """Run the crawl; its progress goes to our stderr as it comes, and is kept to tell why it failed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "spiders.crawl", *words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    lines = []
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line)
        if not quiet:
            sys.stderr.write(line)
    return subprocess.CompletedProcess(words, process.wait(), "", "".join(lines))
