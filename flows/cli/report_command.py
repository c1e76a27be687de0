"""`passerelle report`: analyse and publish from what the lake holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import as_of_option, campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import published_facts, say_published


@click.command(
    "report",
    help=both(
        "Publish the weekly report from what the lake holds, without collecting.",
        "Publier le rapport hebdomadaire à partir du lac, sans collecter.",
    ),
)
@campaign_option
@lake_option
@as_of_option
@json_option
def command(campaign_file: Path, lake_folder: Path | None, as_of: datetime | None, as_json: bool) -> None:
    """Analyse as of a moment, write the release, move `latest` unless it names a later one.

    As of an earlier moment than the last look, the lake's tables stay as they are.
    """
    from flows.analyse import analyse
    from flows.job import open_job
    from flows.publish import publish
    from flows.reissue import issue_again

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        analysed = analyse(job.lake, job.campaign, job.pseudonyms, as_of)
        issue_again(job, analysed.study.as_of)
        published = publish(job.lake, job.campaign, analysed)
    if as_json:
        print_json("passerelle.release/1", **published_facts(published))
    else:
        say_published(published)
