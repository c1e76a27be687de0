"""`passerelle weekly`: the whole job, as the Prefect flow that a deployment runs."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import published_facts, say_published


@click.command(
    "weekly",
    help=both(
        "Collect, check, analyse, publish: the job of every Monday. Runs as a Prefect flow, with a short-lived server "
        "of its own where none is configured. Ends at once with 75 where another run holds the lake; the deployment "
        "waits two hours.",
        "Collecter, contrôler, analyser, publier : le travail de chaque lundi. S'exécute comme un flux Prefect, avec "
        "un serveur éphémère si aucun n'est configuré. S'arrête aussitôt avec 75 si une autre exécution tient le lac ; "
        "le déploiement attend deux heures.",
    ),
)
@campaign_option
@lake_option
@json_option
def command(campaign_file: Path, lake_folder: Path | None, as_json: bool) -> int:
    """Run the flow on a campaign file."""
    from flows.cli import is_debugging
    from flows.job import open_job
    from flows.prefect_setup import run_weekly
    from passerelle.errors import ExitCode

    published = run_weekly(open_job(campaign_file, lake_folder), traces=is_debugging())
    if as_json:
        print_json("passerelle.release/1", **published_facts(published))
    else:
        say_published(published)
    return ExitCode.PARTIAL if published.lost else ExitCode.DONE
