"""`passerelle collect --stream`: what happens, as it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import both
from flows.cli.options import print_json
from flows.cli.outcome import exit_code, runs_facts, say_cleaned, sources_facts
from passerelle.errors import ExitCode
from passerelle.platforms import PLATFORMS

if TYPE_CHECKING:
    from flows.clean import Cleaned
    from flows.collect import Outcome
    from flows.job import Job
    from passerelle.campaign import Source


def hear_streams(job: Job, hosts: Sequence[str], lasting: timedelta | None, *, dry_run: bool, as_json: bool) -> int:
    """Hear the sources that have a stream, telling what came after each round; the exit code."""
    from flows.stream import hear, heard_sources

    if dry_run:
        _print_plan(job, heard_sources(job.campaign, hosts), lasting, as_json)
        return ExitCode.DONE
    outcomes: list[Outcome] = []
    rounds: list[Cleaned] = []
    for ended, done in hear(job, hosts, lasting):
        if not as_json:
            say_cleaned(done)
        outcomes, rounds = [*outcomes, *ended], [*rounds, done]
    if as_json:
        rows = [row for done in rounds for row in done.rows]
        print_json("passerelle.collect/1", sources=sources_facts(outcomes), runs=runs_facts(rows))
    code = exit_code(outcomes)
    for done in rounds:
        done.refuse_set_aside()
    return ExitCode.INTERRUPTED if any(outcome.is_interrupted for outcome in outcomes) else code


def _print_plan(job: Job, sources: Sequence[Source], lasting: timedelta | None, as_json: bool) -> None:
    """Which servers are heard, from when on, how long, and who else is asked. Asks nothing of any host."""
    plans = [_plan(job, source, lasting) for source in sources]
    if as_json:
        print_json("passerelle.stream_plan/1", hashtags=job.campaign.hashtags, sources=plans)
        return
    tags = ", ".join(f"#{tag}" for tag in job.campaign.hashtags)
    for plan in plans:
        servers, until = plan["servers"], _until(lasting)
        since_en, since_fr = plan["since"] or "as far back as it goes", plan["since"] or "aussi loin que va le flux"
        click.echo(
            both(
                f"{plan['host']}: {tags} heard from {' or '.join(servers)}, one connection, from {since_en} {until}; "
                "public posts, reposts and likes of everybody pass by, those of the campaign are kept, and the "
                f"profiles of who wrote them asked for; {plan['policy_en']}",
                f"{plan['host']} : écoute de {' ou '.join(servers)} pour {tags}, une connexion, depuis {since_fr} "
                f"{until} ; publications, partages et favoris publics de tous y passent, ceux de la campagne sont "
                "gardés, et le "
                f"profil de leurs auteurs demandé ; {plan['policy_fr']}",
            )
        )


def _plan(job: Job, source: Source, lasting: timedelta | None) -> dict[str, Any]:
    from spiders.collecting.state import CrawlState
    from spiders.collecting.states import state_before

    heard = CrawlState.from_json(state_before(job.lake, source.host)).stream.at_us
    others = PLATFORMS[source.kind].others
    return {
        "host": source.host,
        "servers": source.streams,
        "since": datetime.fromtimestamp(heard / 1e6, UTC).isoformat(timespec="seconds") if heard else None,
        "seconds": lasting.total_seconds() if lasting else None,
        "policy_en": f"documented public stream; {others[0]}",
        "policy_fr": f"flux public documenté ; {others[1]}",
    }


def _until(lasting: timedelta | None) -> str:
    if lasting is None:
        return both("up to now", "jusqu'à maintenant")
    return both(f"on, for {lasting} (h:min:s)", f"et pendant {lasting} (h:min:s)")
