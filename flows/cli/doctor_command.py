"""`passerelle doctor`: is everything there that the job needs?"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.request import getproxies

import click

from flows.cli.doctor_key import key_finding
from flows.cli.doctor_lake import go_back, open_findings, table_findings
from flows.cli.doctor_legal import legal_findings
from flows.cli.doctor_sources import source_findings
from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, opened, print_json
from passerelle.errors import ExitCode, PasserelleError

Finding = tuple[bool, str, str]
NEEDED = ("scrapy", "prefect", "pandas", "pyarrow", "networkx", "great-expectations", "deltalake", "duckdb")
MIN_FREE_BYTES = 2_000_000_000


@click.command(
    "doctor",
    help=both(
        "Check the machine, the campaign file and its sources; nothing is changed without --step-back.",
        "Vérifier la machine, le fichier de campagne et ses sources ; rien n'est modifié sans --step-back.",
    ),
)
@click.option(
    "--step-back",
    "table",
    default=None,
    metavar="TABLE",
    help=both(
        "Put a damaged table back at its last whole version; what is damaged is kept aside.",
        "Ramener une table endommagée à sa dernière version entière ; ce qui est endommagé est gardé de côté.",
    ),
)
@campaign_option
@lake_option
@json_option
def command(table: str | None, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> int:
    """Print one line a check; exit 1 if one of them failed."""
    if table is not None:
        go_back(opened(campaign_file, lake_folder)[1], table)
        return ExitCode.DONE
    findings = [*_machine(), *_campaign(campaign_file, lake_folder)]
    if as_json:
        print_json("passerelle.doctor/1", checks=[{"ok": ok, "check": en} for ok, en, _ in findings])
    else:
        for ok, en, fr in findings:
            click.echo(f"{both('ok  ', 'ok  ') if ok else both('FAIL', 'NON ')}  {both(en, fr)}")
    return ExitCode.DONE if all(ok for ok, _, _ in findings) else ExitCode.FAILED


def _machine() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info[:2] == (3, 11), f"Python {python} (3.11 is needed)", f"Python {python} (il faut 3.11)"
    for name in NEEDED:
        try:
            yield True, f"{name} {version(name)}", f"{name} {version(name)}"
        except PackageNotFoundError:
            yield False, f"{name} is missing: install passerelle again", f"{name} manque : réinstallez passerelle"
    if named := getproxies():
        names = ", ".join(sorted(named))
        yield (
            True,
            f"proxies that the environment names ({names}) are not used: servers must be reached directly",
            f"les serveurs mandataires de l'environnement ({names}) ne servent pas : il faut un accès direct",
        )


def _campaign(campaign_file: Path, lake_folder: Path | None) -> Iterator[Finding]:
    try:
        campaign, lake = opened(campaign_file, lake_folder)
    except PasserelleError as error:
        yield False, error.en, error.fr
        return
    yield True, f"{campaign_file}: campaign '{campaign.name}'", f"{campaign_file} : campagne « {campaign.name} »"
    yield _room(lake.root)
    yield key_finding(lake, campaign)
    yield from open_findings(lake)
    yield from table_findings(lake)
    shut = [*legal_findings(campaign, campaign_file)]
    yield from shut
    if all(ok for ok, _, _ in shut):
        yield from source_findings(campaign)  # nobody is asked before the gate is passed


def _room(root: Path) -> Finding:
    place = next(folder for folder in (root, *root.resolve().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    writable = os.access(place, os.W_OK)
    size = f"{free / 1e9:.1f}"
    ok = writable and free > MIN_FREE_BYTES
    state = ("writable", "accessible en écriture") if writable else ("not writable", "non accessible en écriture")
    return ok, f"{root}: {state[0]}, {size} GB free", f"{root} : {state[1]}, {size.replace('.', ',')} Go libres"
