"""`passerelle demo`: the whole job on the embedded campaign of invented people."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import json_option, lake_option, print_json
from flows.cli.outcome import published_facts, say_published


@click.command(
    "demo",
    help=both(
        "Run the whole job on the embedded campaign (invented people): collection by replay, checks, analysis, report.",
        "Exécuter tout le travail sur la campagne fournie (personnes inventées) : collecte rejouée, contrôles, "
        "analyse, rapport.",
    ),
)
@lake_option
@json_option
def command(lake_folder: Path | None, as_json: bool) -> None:
    """Replay the vault of `campaigns/demo` and publish."""
    from flows.cli import is_debugging
    from flows.job import open_job
    from flows.prefect_setup import run_weekly
    from passerelle.lake import CAMPAIGNS

    folder = CAMPAIGNS / "demo"
    published = run_weekly(open_job(folder / "campaign.toml", lake_folder), folder / "vault", traces=is_debugging())
    if as_json:
        print_json("passerelle.release/1", **published_facts(published))
    else:
        say_published(published)
