"""`passerelle analyse`: ties, episodes, mobilisers, weekly indicators."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import both
from flows.cli.options import as_of_option, campaign_option, json_option, lake_option, print_json

if TYPE_CHECKING:
    from flows.analyse import Analysed


@click.command(
    "analyse",
    help=both(
        "Compute ties as of each call, mobilisers and weekly indicators.",
        "Calculer les liens au moment de chaque appel, les mobilisateurs et les indicateurs hebdomadaires.",
    ),
)
@campaign_option
@lake_option
@as_of_option
@json_option
def command(campaign_file: Path, lake_folder: Path | None, as_of: datetime | None, as_json: bool) -> None:
    """Write the tables (none as of an earlier moment); print the indicators, one a line or as JSON."""
    from flows.analyse import analyse
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        analysed = analyse(job.lake, job.campaign, job.pseudonyms, as_of)
    if as_json:
        print_json("passerelle.weekly_indicators/1", **as_document(analysed, job.campaign.name))
        return
    for row in analysed.indicators.to_pylist():
        interval = (
            f"[{row['low']:.4g}, {row['high']:.4g}]" if row["low"] is not None and row["high"] is not None else ""
        )
        value = "" if row["value"] is None else f"{row['value']:.6g}"
        name = f"{row['indicator']}/{row['stratum']}"
        click.echo(f"{row['iso_week']}  {name:<44} {value:>12} {interval:<22} {row['status']}")


def as_document(analysed: Analysed, campaign: str) -> dict[str, Any]:
    """The indicators, their moment, and how well human coding and classifier agree."""
    return {
        "campaign": campaign,
        "as_of": analysed.study.as_of.isoformat(),
        "agreement": analysed.agreement,
        "weekly_indicators": analysed.indicators.to_pylist(),
    }
