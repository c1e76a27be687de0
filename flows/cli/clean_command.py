"""`passerelle clean`: what waits in staging, through the gate."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import say_cleaned


@click.command(
    "clean",
    help=both(
        "Check what was collected and commit it; what does not pass goes to quarantine.",
        "Contrôler ce qui a été collecté et le valider ; ce qui ne passe pas est mis à l'écart.",
    ),
)
@campaign_option
@lake_option
@json_option
def command(campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Commit every run that waits."""
    from flows.clean import clean
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        done = clean(job.lake)
    if as_json:
        print_json("passerelle.clean/1", runs=done.counters, checks=done.checks, failed_checks=done.failed_checks)
    else:
        say_cleaned(done)
