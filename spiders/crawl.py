"""Run one live crawl, or replay a whole vault, in this process.

``python -m spiders.crawl --campaign FILE --lake ROOT --source HOST [--run ID] [--clock ISO]`` collects;
``python -m spiders.crawl --campaign FILE --lake ROOT --replay VAULT`` replays every run of a vault, in order, without
network or waiting. Each run stages its records in ``ROOT/staging/<run>/`` with ``stats.json`` beside them.
``--connect 127.0.0.1:PORT`` sends a recording's requests to a server on this machine under the source's name.

A crawl writes under the lake's lock: its own, or (``--lock``) the one that the process which started it hands on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import click
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from passerelle import clock as clocks
from passerelle.campaign import Campaign, Source, load_campaign
from passerelle.errors import ExitCode, PasserelleError, UsageError
from passerelle.keys import study_key
from passerelle.lake import Lake
from passerelle.legal import refuse_unread
from passerelle.standing import standing_blocks
from passerelle.terminal import guard
from passerelle.vault import FAILED, RecordedRun, RunInfo, Tape, Vault, read_erased
from passerelle.wording import spoken, typeset
from spiders.asking.robots import user_agent
from spiders.asking.run import Run
from spiders.collecting.barring import state_handed_on
from spiders.collecting.judging import Verdict, conclude
from spiders.collecting.spider import PlatformSpider
from spiders.collecting.starting import is_before, is_behind, live_run
from spiders.collecting.states import State
from spiders.logs import PROGRESS, tell
from spiders.parent import end_with_parent

_log = logging.getLogger(PROGRESS)
_LANDED = ("complete", "partial")


@click.command()
@click.option("--campaign", "campaign_file", type=click.Path(path_type=Path), required=True)
@click.option("--lake", "root", type=click.Path(path_type=Path), required=True)
@click.option("--source", "host", help="Host of one of the campaign's sources.")
@click.option("--run", "run_id", help="Name of the run; that of an unfinished run restarts it.")
@click.option("--clock", type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%z"]), help="PASSERELLE_CLOCK.")
@click.option("--connect", help="Loopback host:port that stands in for the source while recording.")
@click.option("--replay", "vault_dir", type=click.Path(path_type=Path), help="Vault to replay.")
@click.option("--stream", "streamed", is_flag=True, help="Hear what happens instead of asking.")
@click.option("--for", "seconds", type=float, help="How long to hear it (seconds).")
@click.option("--on", "goes_on", is_flag=True, help="Hear it for that long, also once it is at the present.")
@click.option("--set", "-s", "overrides", multiple=True, help="Scrapy setting NAME=VALUE, as `scrapy crawl -s`.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a run on standard output.")
@click.option("--lock", "lock", type=int, hidden=True, help="Descriptor of the lake's lock, held by our parent.")
def main(
    campaign_file: Path,
    root: Path,
    host: str | None,
    run_id: str | None,
    clock: datetime | None,
    connect: str | None,
    vault_dir: Path | None,
    streamed: bool,
    seconds: float | None,
    goes_on: bool,
    overrides: tuple[str, ...],
    as_json: bool,
    lock: int | None,
) -> None:
    """Collect from one source of a campaign, or replay a vault."""
    guard()
    if clock is not None:
        clock = clock.replace(tzinfo=clock.tzinfo or UTC)
        os.environ[clocks.VARIABLE] = clock.isoformat()
    try:
        campaign, lake = load_campaign(campaign_file), Lake(root)
        settings = scrapy_settings(campaign, overrides)
        refuse_unread(campaign, campaign_file, asks=vault_dir is None, is_on_this_machine=connect is not None)
        with _locked(lake, lock):
            study_key(lake, campaign)  # one that is lost is told before anything is asked
            if vault_dir is not None:
                verdicts = replay(campaign, lake, vault_dir, settings, watched=lock is not None)
            else:

                def begin(name: str | None) -> Run:
                    return live_run(
                        campaign,
                        lake,
                        host or "",
                        run_id=name,
                        clock=clock,
                        connect_to=connect,
                        streamed=streamed,
                        lasting=timedelta(seconds=seconds) if seconds else None,
                        to_present=not goes_on,
                    )

                verdicts = collect(begin, run_id, settings, watched=lock is not None)
    except PasserelleError as error:
        click.echo(error.text(spoken()), err=True)
        sys.exit(error.exit_code)
    for verdict in verdicts:
        _tell(verdict, as_json)
    sys.exit(max((verdict.exit_code for verdict in verdicts), key=_gravity, default=ExitCode.DONE))


def collect(
    begin: Callable[[str | None], Run], run_id: str | None, settings: Settings, *, watched: bool = False
) -> list[Verdict]:
    """Crawl live the run that `begin` gives for `run_id`; the verdicts say how it went.

    A run that was taken up again long after it was cut is followed by a new one. `watched`: it ends with our parent.
    """

    async def work(process: AsyncCrawlerProcess) -> AsyncIterator[Verdict]:
        run = begin(run_id)
        verdict, _ = await _crawl(process, run)
        yield verdict
        if run_id is None and not run.streamed and is_behind(run) and verdict.outcome in _LANDED:
            verdict, _ = await _crawl(process, begin(None))
            yield verdict

    return _in_reactor(settings, work, watched=watched)


def replay(
    campaign: Campaign, lake: Lake, vault_dir: Path, settings: Settings, *, watched: bool = False
) -> list[Verdict]:
    """Replay all runs of the vault, each with its own clock and the state of the run that it came after."""
    vault = Vault(vault_dir)
    infos = vault.runs()
    if not infos:
        raise UsageError(
            en=f"{vault_dir}: there is no recorded run here (*.warc.gz)",
            fr=f"{vault_dir} : il n'y a pas de collecte enregistrée ici (*.warc.gz)",
        )
    erased = read_erased(vault_dir)
    whole = {info.run_id: vault.read_whole(info) for info in infos}  # any damage shows before the first run

    async def work(process: AsyncCrawlerProcess) -> AsyncIterator[Verdict]:
        states: dict[str, State] = {}
        for info in _in_order(infos):
            if whole[info.run_id].ended == FAILED:
                tell(
                    info.run_id,
                    "it failed when it was recorded, and is left out",
                    "collecte échouée à l'enregistrement, laissée de côté",
                )
                continue
            before = states.get(info.source if info.after is None else info.after, {})
            before = state_handed_on(before, info.run_id, erased)
            verdict, after = await _crawl(
                process, _replayed(campaign, lake, info, _tape(vault, whole[info.run_id], erased), before)
            )
            states[info.source] = states[info.run_id] = after
            yield verdict
            if verdict.outcome not in _LANDED:
                return

    return _in_reactor(settings, work, watched=watched)


def _tape(vault: Vault, recorded: RecordedRun, erased: Mapping[str, Collection[str]]) -> Tape:
    is_less = any(recorded.info.run_id in runs for runs in erased.values())
    return Tape(vault, recorded, None, is_less=is_less)


def _in_order(infos: Iterable[RunInfo]) -> Iterator[RunInfo]:
    """Runs by their clocks, but each after the one that it came after, should a clock have gone back."""
    waiting = {info.run_id: info for info in infos}
    while waiting:
        info = next((info for info in waiting.values() if info.after not in waiting), next(iter(waiting.values())))
        yield waiting.pop(info.run_id)


def _replayed(campaign: Campaign, lake: Lake, info: RunInfo, tape: Tape, state: State) -> Run:
    if not is_before(state, info) or (info.after and info.after != state.get("run_id")):
        raise PasserelleError(
            en=f"{info.run_id}: the runs before it are not in this vault, so it cannot be replayed; add their files",
            fr=f"{info.run_id} : les collectes précédentes ne sont pas dans ce coffre ; ajoutez leurs fichiers",
        )
    return Run(
        lake_root=lake.root,
        run_id=info.run_id,
        source=info.source,
        server=next((s for s in campaign.sources if s.host == info.source), _agreed(info)),
        campaign=campaign,
        clock=info.clock,
        now=lambda: info.clock,
        tape=tape,
        state=state,
        left_out=info.left_out,
        streamed=info.streamed,
        blocks=standing_blocks(lake, (pseudonyms := study_key(lake, campaign)).key),
        pseudonyms=pseudonyms,
    )


async def _crawl(process: AsyncCrawlerProcess, run: Run) -> tuple[Verdict, State]:
    crawler = process.create_crawler(run.server.kind)  # the platform's name is its spider's
    await process.crawl(crawler, run=run)
    verdict = conclude(crawler, run)
    spider = crawler.spider
    return verdict, spider.state_whole() if isinstance(spider, PlatformSpider) else {}


def _in_reactor(
    settings: Settings, work: Callable[[AsyncCrawlerProcess], AsyncIterator[Verdict]], *, watched: bool = False
) -> list[Verdict]:
    """Run `work` in Scrapy's reactor, which this process can start only once."""
    _show_progress()
    process = AsyncCrawlerProcess(settings)
    from twisted.internet import reactor  # only now: the process has just chosen which one

    stop: Callable[[], None] = cast(Any, reactor).stop
    verdicts: list[Verdict] = []
    trouble: list[PasserelleError] = []

    async def all_of_it() -> None:
        try:
            verdicts.extend([verdict async for verdict in work(process)])
        except PasserelleError as error:
            trouble.append(error)
        finally:
            asyncio.get_running_loop().call_soon(stop)

    loop = asyncio.get_event_loop()
    task = loop.create_task(all_of_it())
    if watched:
        end_with_parent(lambda: cast(None, loop.call_soon_threadsafe(lambda: loop.create_task(process.stop()))))
    process.start(stop_after_crawl=False)
    if trouble:
        raise trouble[0]
    if task.done():
        task.result()
    return verdicts


def _locked(lake: Lake, descriptor: int | None) -> AbstractContextManager[None]:
    """The lake's lock for as long as we write: our own, or the one that our parent holds."""
    if descriptor is None:
        return lake.lock()
    lake.inherit_lock(descriptor)
    return nullcontext()


def _show_progress() -> None:
    """Our own lines (what is waited for) go to stderr as they are; Scrapy's only from warnings on."""
    if not _log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        _log.propagate = False


def scrapy_settings(campaign: Campaign, overrides: Iterable[str] = ()) -> Settings:
    """The spiders' settings for `campaign`; `overrides` are ``NAME=VALUE``. Raises UsageError for one that is not."""
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    settings.set("USER_AGENT", user_agent(campaign), priority="cmdline")
    settings.set("DOWNLOAD_TIMEOUT", campaign.collect.timeout_seconds, priority="cmdline")
    for override in overrides:
        name, equals, value = override.partition("=")
        if not equals:
            raise UsageError(en=f"-s {override}: write NAME=VALUE", fr=f"-s {override} : écrivez NOM=VALEUR")
        settings.set(name, value, priority="cmdline")
    return settings


def _agreed(info: RunInfo) -> Source:
    # what was recorded was agreed to when it was recorded
    return Source(kind=info.platform, host=info.source, operator_agreed=True)


def _tell(verdict: Verdict, as_json: bool) -> None:
    if as_json:
        facts: dict[str, Any] = {"schema": 1, "run_id": verdict.run_id, "outcome": verdict.outcome}
        facts |= {"is_behind": verdict.is_behind}
        click.echo(json.dumps({**facts, "errors": verdict.errors, "exit_code": verdict.exit_code}))
    for line in verdict.errors[spoken()]:
        click.echo(typeset(f"{verdict.run_id} : {line}") if spoken() == "fr" else f"{verdict.run_id}: {line}", err=True)


def _gravity(code: int) -> int:
    order = (ExitCode.DONE, ExitCode.PARTIAL, ExitCode.INTERRUPTED, ExitCode.LOCKED, ExitCode.USAGE, ExitCode.GATE)
    return order.index(ExitCode(code)) if code in order else len(order)


if __name__ == "__main__":
    main()
