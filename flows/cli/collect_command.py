"""`passerelle collect`: what is new, from the sources into the tables."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import Duration, campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import exit_code, runs_facts, say_cleaned, sources_facts
from flows.cli.plan import print_plan
from flows.cli.streams import hear_streams
from passerelle.errors import UsageError


@click.command(
    "collect",
    help=both(
        "Collect what is new from the campaign's sources, check it and commit it.",
        "Collecter les nouveautés des sources de la campagne, les contrôler et les valider.",
    ),
)
@campaign_option
@lake_option
@click.option(
    "--source",
    "hosts",
    multiple=True,
    help=both("Only this host (may be repeated).", "Seulement cet hôte (répétable)."),
)
@click.option(
    "--stream",
    is_flag=True,
    help=both(
        "Hear the sources' streams, from where the last run was up to now.",
        "Écouter les flux des sources, de la dernière collecte jusqu'à maintenant.",
    ),
)
@click.option(
    "--for",
    "lasting",
    type=Duration(),
    default=None,
    help=both(
        "With --stream: go on hearing for so long (1h, 2h30m); it lands every ten minutes.",
        "Avec --stream : continuer d'écouter pendant cette durée (1h, 2h30m) ; réception toutes les dix minutes.",
    ),
)
@click.option(
    "--dry-run",
    is_flag=True,
    help=both(
        "Say hosts, requests and policy; ask nothing.", "Annoncer hôtes, requêtes et règles, sans rien demander."
    ),
)
@json_option
def command(
    campaign_file: Path,
    lake_folder: Path | None,
    hosts: tuple[str, ...],
    stream: bool,
    lasting: timedelta | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Crawl each source in a process of its own, then clean."""
    if lasting is not None and not stream:
        raise UsageError(en="--for goes with --stream", fr="--for va avec --stream")
    from flows.clean import clean
    from flows.collect import chosen_sources, collect
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    if stream:
        return hear_streams(job, hosts, lasting, dry_run=dry_run, as_json=as_json)
    if dry_run:
        print_plan(job, chosen_sources(job.campaign, hosts), as_json)
        return 0
    with job.lake.lock():
        outcomes = collect(job, hosts)
        done = clean(job.lake)
    if as_json:
        print_json("passerelle.collect/1", sources=sources_facts(outcomes), runs=runs_facts(done.rows))
    else:
        say_cleaned(done)
    code = exit_code(outcomes)
    done.refuse_set_aside()
    return code
