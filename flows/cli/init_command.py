"""`passerelle init`: a campaign file to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.language import both

TEMPLATES = ("i4emploi", "sales_prospecting", "reputation", "founding")


@click.command(
    "init",
    help=both(
        "Write a new campaign file from a template; what must be filled in is marked TODO.",
        "Écrire un nouveau fichier de campagne d'après un modèle ; ce qui est à remplir est marqué TODO.",
    ),
)
@click.argument("path", type=click.Path(path_type=Path), default=Path("campaign.toml"))
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    default="i4emploi",
    show_default=True,
    help=both("What is sought under the hashtag.", "Ce que l'on cherche sous le mot-dièse."),
)
@click.option("--hashtag", help=both("Your hashtag.", "Votre mot-dièse."))
@click.option("--host", help=both("The server to collect from.", "Le serveur où collecter."))
@click.option("--contact", help=both("Where people can opt out.", "Où écrire pour s'opposer à la collecte."))
def command(path: Path, template: str, hashtag: str | None, host: str | None, contact: str | None) -> None:
    """Write the file, never over another one."""
    from passerelle.errors import UsageError
    from passerelle.lake import CAMPAIGNS

    if path.exists():
        raise UsageError(
            en=f"{path}: there is a file already; name another one", fr=f"{path} existe déjà ; choisissez un autre nom"
        )
    text = (CAMPAIGNS / f"{template}.toml").read_text("utf-8")
    for key, value in (("hashtags", hashtag), ("host", host), ("contact", contact)):
        if value:
            text = _filled(text, key, value)
    path.write_text(text, "utf-8")
    click.echo(
        both(
            f"{path}: written. Fill in what is marked TODO, then: passerelle weekly -c {path}",
            f"{path} : écrit. Remplissez ce qui est marqué TODO, puis : passerelle weekly -c {path}",
        )
    )


def _filled(text: str, key: str, value: str) -> str:
    """`text` with the value of the first line ``key = ...`` replaced."""
    import json

    written = json.dumps([value] if key == "hashtags" else value, ensure_ascii=False)
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if line.partition("=")[0].strip() == key:
            lines[place] = f"{key} = {written}\n"
            break
    return "".join(lines)
