"""`passerelle config show`: settings in force and where each comes from."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import click

from flows.cli.language import both
from flows.cli.options import campaign_named, campaign_option, json_option, lake_option, print_json


@click.group("config", help=both("Settings in force.", "Réglages en vigueur."))
def command() -> None:
    """Group of `config show`."""


@command.command("show", help=both("Show every setting.", "Montrer tous les réglages."))
@click.option("--origin", is_flag=True, help=both("Say where each comes from.", "Dire d'où vient chacun."))
@campaign_option
@lake_option
@json_option
def show(origin: bool, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Print settings one a line, as `section.key = value`."""
    campaign = campaign_named(campaign_file, lake_folder)
    flat = _flat(campaign.model_dump(mode="json"))
    said = set(_flat(tomllib.loads(campaign_file.read_text("utf-8"))))
    origins = {name: _origin(name, said, lake_folder) for name in flat}
    if as_json:
        print_json("passerelle.config/1", settings=flat, origins=origins)
        return
    for name, value in flat.items():
        shown = json.dumps(value, ensure_ascii=False)
        click.echo(f"{name} = {shown}" + (f"  [{both(*origins[name])}]" if origin else ""))


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _origin(name: str, said: set[str], lake_folder: Path | None) -> tuple[str, str]:
    if name == "lake" and lake_folder is not None:
        return "flag", "option"
    if f"PASSERELLE__{name.replace('.', '__')}".upper() in {key.upper() for key in os.environ}:
        return "environment", "environnement"
    return ("file", "fichier") if name in said else ("default", "valeur par défaut")
