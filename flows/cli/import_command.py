"""`passerelle import`: files that the user already has."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from flows.cli.language import both
from flows.cli.options import Moment, campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import runs_facts, say_cleaned


@click.command(
    "import",
    help=both(
        "Take in archives that you already have: twarc (API v1.1 or v2), rtweet CSV, or any CSV or JSONL with a column "
        "mapping in the campaign file; gzip or not, several overlapping files in any order.",
        "Intégrer des archives que vous avez déjà : twarc (API v1.1 ou v2), CSV rtweet, ou tout CSV ou JSONL avec une "
        "correspondance de colonnes dans le fichier de campagne ; compressées ou non, plusieurs fichiers qui se "
        "recouvrent, dans n'importe quel ordre.",
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["twarc1", "twarc2", "rtweet", "mapped"]),
    default=None,
    help=both("Format, where it cannot be told.", "Format, s'il n'est pas reconnu."),
)
@click.option(
    "--mapping", default=None, help=both("One of the campaign's [mappings.NAME].", "L'une des [mappings.NOM].")
)
@click.option(
    "--captured-at",
    type=Moment(),
    default=None,
    help=both(
        "When the files were captured; wins over what rows and file names say.",
        "Date de capture des fichiers ; l'emporte sur ce que disent les lignes et les noms de fichiers.",
    ),
)
@campaign_option
@lake_option
@json_option
def command(
    files: tuple[Path, ...],
    form: str | None,
    mapping: str | None,
    captured_at: datetime | None,
    campaign_file: Path,
    lake_folder: Path | None,
    as_json: bool,
) -> None:
    """Land the files as one run, then clean."""
    from flows.clean import clean
    from flows.intake import import_files
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        manifest = import_files(job, files, form=form, mapping=mapping, captured_at=captured_at)  # type: ignore[arg-type]
        done = clean(job.lake)
    if as_json:
        print_json("passerelle.import/1", landed=manifest["counters"], runs=runs_facts(done.rows))
    else:
        say_cleaned(done)
    done.refuse_set_aside()
