"""`passerelle init`: a campaign file to begin with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import click

from flows.cli.language import both

BESIDE = (
    ("prefect.yaml", "for a schedule: prefect deploy --all", "pour un horaire : prefect deploy --all"),
    ("scrapy.cfg", "for scrapy list and scrapy crawl", "pour scrapy list et scrapy crawl"),
)
TEMPLATES = ("i4emploi", "sales_prospecting", "reputation", "founding")


@click.command(
    "init",
    help=both(
        "Write a new campaign file from a template; purpose, legal basis, retention and contact are left empty: "
        "nothing is collected before they are written.",
        "Écrire un nouveau fichier de campagne d'après un modèle ; finalité, base légale, durée de conservation et "
        "contact y sont vides : rien n'est collecté avant qu'ils soient écrits.",
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
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar=both("KIND=HOST", "GENRE=SERVEUR"),
    help=both(
        "A platform and its server; more than one may be given.",
        "Une plateforme et son serveur ; peut être répété.",
    ),
)
@click.option("--contact", help=both("Where people can opt out.", "Où écrire pour s'opposer à la collecte."))
def command(
    path: Path, template: str, hashtag: str | None, host: str | None, sources: tuple[str, ...], contact: str | None
) -> None:
    """Write the file, never over another one."""
    from flows.cli.init_sources import asked_sources, with_sources
    from passerelle.errors import UsageError
    from passerelle.lake import CAMPAIGNS
    from passerelle.legal_words import KEYS

    if path.exists():
        raise UsageError(
            en=f"{path}: there is a file already; name another one", fr=f"{path} existe déjà ; choisissez un autre nom"
        )
    text = with_sources(
        (CAMPAIGNS / f"{template}.toml").read_text("utf-8"), sources or (() if host else asked_sources())
    )
    given = {"hashtags": hashtag, "host": None if sources else host, "contact": contact, **_named_after(hashtag)}
    for key, value in given.items():
        if value:
            text = _filled(text, key, value)
    _write(path, text)
    click.echo(
        both(
            f"{path}: written. Write {', '.join(KEYS)} (nothing is collected without them) and what is marked TODO, "
            f"then: passerelle doctor -c {path}",
            f"{path} : écrit. Écrivez {', '.join(KEYS)} (rien n'est collecté sans eux) et ce qui est marqué TODO, "
            f"puis : passerelle doctor -c {path}",
        )
    )
    for line in _beside(path):
        click.echo(line)


def _beside(path: Path) -> Iterator[str]:
    """Write what Prefect and Scrapy need beside the campaign file, never over another one; a line for each file."""
    import json

    from passerelle.lake import SHIPPED

    named = f"&campaign {json.dumps(path.name, ensure_ascii=False)}"
    for name, en, fr in BESIDE:
        beside = path.with_name(name)
        if not beside.exists():
            text = (SHIPPED / name).read_text("utf-8").replace("&campaign campaign.toml", named)
            beside.write_text(text, "utf-8")
            yield both(f"{beside}: written, {en}", f"{beside} : écrit, {fr}")
        elif path.name not in beside.read_text("utf-8", "replace") and name == "prefect.yaml":
            yield both(
                f"{beside}: kept as it is; the deployments in it do not know {path.name}",
                f"{beside} : gardé tel quel ; ses déploiements ne connaissent pas {path.name}",
            )


def _named_after(hashtag: str | None) -> dict[str, str]:
    """Name and title of a campaign for `hashtag`, so that two campaigns never share a folder by accident."""
    if not hashtag:
        return {}
    plain = unicodedata.normalize("NFKD", hashtag).encode("ascii", "ignore").decode().lower()
    return {"name": re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:63], "title": hashtag.lstrip("#")}


def _write(path: Path, text: str) -> None:
    """Write the file; one that `passerelle` would refuse to read does not stay. Raises UsageError."""
    from passerelle.campaign import load_campaign
    from passerelle.errors import UsageError

    path.write_text(text, "utf-8")
    try:
        load_campaign(path)
    except UsageError:
        path.unlink()
        raise


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
