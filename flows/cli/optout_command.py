"""`passerelle optout`: people who asked to be left out, before, while and after collecting; kept as keyed marks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.erase_command import facts, lines, name_argument
from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, print_json

if TYPE_CHECKING:
    from flows.erasing.opting import OptedOut

CAUSES = {
    "erased": ("erased", "effacée"),
    "asked": ("asked to be left out", "a demandé à être exclue"),
    "profile": ("says so in the profile", "le dit dans son profil"),
}


@click.group(
    "optout",
    help=both(
        "People who asked to be left out. Kept as keyed marks, without names.",
        "Les personnes qui ont demandé à être exclues. Conservées sous forme de marques à clé, sans noms.",
    ),
)
def command() -> None:
    """The group; every subcommand names its campaign."""


@command.command(
    "add",
    help=both(
        "Keep a person out from now on, known or not yet; what is there of them is erased.",
        "Tenir une personne à l'écart désormais, connue ou non ; ce qui en est conservé est effacé.",
    ),
)
@name_argument
@campaign_option
@lake_option
@json_option
def add_one(name: str, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Block one person."""
    _add([name], campaign_file, lake_folder, as_json=as_json)


@command.command(
    "import",
    help=both(
        "Keep out every person named in FILE, one a line.", "Exclure chaque personne citée dans FICHIER, une par ligne."
    ),
)
@click.argument("file", type=click.Path(path_type=Path), metavar=both("FILE", "FICHIER"))
@campaign_option
@lake_option
@json_option
def import_file(file: Path, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Block all people of a file."""
    from flows.erasing.opting import names_in

    _add(names_in(file), campaign_file, lake_folder, as_json=as_json)


@command.command(
    "remove",
    help=both(
        "Let a person be collected again; PERSON may be a mark of the list. What was erased stays erased.",
        "Permettre à nouveau la collecte d'une personne ; PERSONNE peut être une marque de la liste. Ce qui est effacé "
        "le reste.",
    ),
)
@name_argument
@campaign_option
@lake_option
@json_option
def remove_one(name: str, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Lift a block."""
    from flows.erasing.opting import remove
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        gone = remove(job, name)
    if as_json:
        print_json("passerelle.optout/1", removed=gone)
        return
    click.echo(both(f"no longer kept out: {', '.join(gone)}", f"n'est plus exclue : {', '.join(gone)}"))


@command.command(
    "list", help=both("List the marks, their dates and causes.", "Lister les marques, leurs dates et leurs motifs.")
)
@campaign_option
@lake_option
@json_option
def list_all(campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """One line a person."""
    from flows.erasing.opting import listed
    from flows.job import open_job

    blocks = listed(open_job(campaign_file, lake_folder))
    if as_json:
        told = [
            {"block": one.name, "since": one.since, "cause": one.cause, "reason": one.reason, "marks": len(one.marks)}
            for one in blocks
        ]
        print_json("passerelle.optout/1", blocks=told)
        return
    if not blocks:
        click.echo(both("nobody is kept out", "personne n'est exclu"))
    for one in blocks:
        click.echo(f"{one.name}  {one.since[:10]}  {both(*CAUSES[one.cause])}")


def _add(names: list[str], campaign_file: Path, lake_folder: Path | None, *, as_json: bool) -> None:
    from flows.erasing.opting import add
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        done = [add(job, name) for name in names]
    if as_json:
        told = [{"block": one.name, "erased": facts(one.erased) if one.erased else None} for one in done]
        print_json("passerelle.optout/1", added=told)
        return
    for one in done:
        _say(one)
    if not done:
        click.echo(both("no name was given", "aucun nom n'a été donné"))


def _say(one: OptedOut) -> None:
    click.echo(both(f"kept out, mark {one.name}", f"exclue, marque {one.name}"))
    if one.erased is None:
        click.echo(both("  nothing was kept of them", "  rien n'en était conservé"))
        return
    for line in lines(one.erased, dry_run=False):
        click.echo(line)
