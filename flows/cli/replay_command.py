"""`passerelle replay`: rebuild the tables from recorded traffic, without the network."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import runs_facts, say_cleaned


@click.command(
    "replay",
    help=both(
        "Collect again from a vault of recorded traffic, run by run, without the network, and commit it.",
        "Collecter à nouveau depuis un coffre d'échanges enregistrés, collecte par collecte, sans réseau, et valider.",
    ),
)
@click.argument("vault", type=click.Path(exists=True, file_okay=False, path_type=Path))
@campaign_option
@lake_option
@json_option
def command(vault: Path, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Replay every run of `vault` in order."""
    from flows.clean import clean
    from flows.collect import replay
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        replay(job, vault)
        done = clean(job.lake)
    if as_json:
        print_json(
            "passerelle.replay/1", runs=runs_facts(done.rows), checks=done.checks, failed_checks=done.failed_checks
        )
    else:
        say_cleaned(done)
    done.refuse_set_aside()
