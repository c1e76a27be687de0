"""`passerelle collect`: what is new, from the sources into the tables."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import exit_code, runs_facts, say_cleaned
from flows.cli.plan import print_plan


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
    "--dry-run",
    is_flag=True,
    help=both(
        "Say hosts, requests and policy; ask nothing.", "Annoncer hôtes, requêtes et règles, sans rien demander."
    ),
)
@json_option
def command(campaign_file: Path, lake_folder: Path | None, hosts: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    """Crawl each source in a process of its own, then clean."""
    from flows.clean import clean
    from flows.collect import chosen_sources, collect
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    if dry_run:
        print_plan(job, chosen_sources(job.campaign, hosts), as_json)
        return 0
    with job.lake.lock():
        outcomes = collect(job, hosts)
        done = clean(job.lake)
    if as_json:
        sources = [{"source": o.source, "run_id": o.run_id, "failure": o.reason or None} for o in outcomes]
        print_json("passerelle.collect/1", sources=sources, runs=runs_facts(done.rows))
    else:
        say_cleaned(done)
    code = exit_code(outcomes)
    done.refuse_set_aside()
    return code
