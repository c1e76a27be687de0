"""`passerelle import`: files that the user already has."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.language import both
from flows.cli.options import Moment, campaign_option, json_option, lake_option, print_json
from flows.cli.outcome import runs_facts, say_cleaned

if TYPE_CHECKING:
    from flows.job import Job


@click.command(
    "import",
    help=both(
        "Take in archives that you already have: twarc or raw pages (API v1.1 or v2), threads of Reddit, a person's "
        "own export from Twitter or Mastodon, rtweet CSV, or any table or JSON with a column mapping in the campaign "
        "file; zipped or not, several overlapping files in any order.",
        "Intégrer des archives que vous avez déjà : twarc ou pages brutes (API v1.1 ou v2), fils de Reddit, l'export "
        "de son propre compte Twitter ou Mastodon, CSV rtweet, ou tout tableau ou JSON avec une correspondance de "
        "colonnes dans le fichier de campagne ; compressées ou non, plusieurs fichiers qui se recouvrent, dans "
        "n'importe quel ordre.",
    ),
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["twarc1", "twarc2", "rtweet", "twitter_export", "activitypub", "reddit", "mapped"]),
    default=None,
    help=both("Format, where it cannot be told.", "Format, s'il n'est pas reconnu."),
)
@click.option(
    "--mapping",
    default=None,
    help=both(
        "One of the campaign's [mappings.NAME], or one that comes with the program (docs/import.md).",
        "L'une des [mappings.NOM] de la campagne, ou une de celles du programme (docs/import.md).",
    ),
)
@click.option(
    "--account",
    default=None,
    help=both(
        "Whose file it is, where its rows do not say it: a profile's address or name.",
        "De qui est le fichier, si ses lignes ne le disent pas : l'adresse ou le nom d'un profil.",
    ),
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
    account: str | None,
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
        landed = import_files(
            job,
            files,
            form=form,  # type: ignore[arg-type]
            mapping=mapping,
            captured_at=captured_at,
            account=account,
        )
        done = clean(job.lake)
    counters = landed.manifest["counters"]
    if landed.known:
        done.runs.append(landed.run_id)
        done.rows.append(landed.known)
    if as_json:
        runs, remarks = runs_facts(done.rows), list(landed.remarks)
        print_json("passerelle.import/1", landed=counters, runs=runs, remarks=remarks, known=landed.known is not None)
    else:
        say_cleaned(done)
        for en, fr in landed.remarks.items():
            click.echo(both(f"  note: {en}", f"  remarque : {fr}"))
    _tell_contact(job)
    done.refuse_set_aside()


def _tell_contact(job: Job) -> None:
    """Say that nobody can object, where the contact leads to nobody."""
    from passerelle.legal import legal_faults

    for fault in legal_faults(job.campaign):
        click.echo(
            both(
                f"passerelle: {job.campaign_file}: '{fault.key}' {fault.en}; nothing is collected before it is mended",
                f"passerelle: {job.campaign_file} : « {fault.key} » {fault.fr} ; rien ne peut être collecté d'ici là",
            ),
            err=True,
        )
