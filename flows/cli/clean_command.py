"""`passerelle clean`: what waits in staging, through the gate; or derived tables made anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import runs_facts, say_cleaned
from passerelle.wording import english, french

if TYPE_CHECKING:
    from passerelle.lake import Lake


@click.command(
    "clean",
    help=both(
        "Check what was collected and commit it; rows that do not pass go to quarantine, such runs are set aside.",
        "Contrôler ce qui a été collecté et le valider ; les lignes qui ne passent pas vont en quarantaine, "
        "les collectes qui ne passent pas sont mises de côté.",
    ),
)
@click.option(
    "--rebuild",
    is_flag=True,
    help=both(
        "Make derived tables anew from what they come from, and say what changed.",
        "Refaire les tables dérivées à partir de leurs sources, et dire ce qui a changé.",
    ),
)
@campaign_option
@lake_option
@json_option
def command(rebuild: bool, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Commit every run that waits, or rebuild."""
    from flows.clean import clean
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        if rebuild:
            _rebuild(job.lake, as_json)
            return
        done = clean(job.lake)
    if as_json:
        print_json(
            "passerelle.clean/1", runs=runs_facts(done.rows), checks=done.checks, failed_checks=done.failed_checks
        )
    else:
        say_cleaned(done)
    done.refuse_set_aside()


def _rebuild(lake: Lake, as_json: bool) -> None:
    from flows.rebuild import rebuild
    from passerelle.lake import open_lake

    changed = rebuild(open_lake(lake.root))
    if as_json:
        print_json("passerelle.rebuild/1", changed=changed)
        return
    for name, rows in changed.items():
        click.echo(both(f"{name}: {english(rows, 'row')} changed", f"{name} : {french(rows, 'ligne changée')}"))
