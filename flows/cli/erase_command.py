"""`passerelle erase`: a person out of everything that is kept, and kept out from then on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import asked_language, both
from flows.cli.options import campaign_option, json_option, lake_option, print_json
from passerelle.wording import english, french, number

if TYPE_CHECKING:
    from flows.erasing.erase import Erased

name_argument = click.argument("name", metavar=both("PERSON", "PERSONNE"))


@click.command(
    "erase",
    help=both(
        "Remove a person from everything that is kept: recorded traffic, crawl state, what waits, the tables and their "
        "history, releases (issued again), Prefect's results and logs; then search every byte. PERSON is @user@host, a "
        "handle, a profile's address, a DID or a pseudonym; accounts that were joined with it go too. A keyed block "
        "keeps the person out from then on.",
        "Retirer une personne de tout ce qui est conservé : trafic enregistré, état des collectes, ce qui attend, les "
        "tables et leur historique, les publications (rééditées), résultats et journaux de Prefect ; puis chercher "
        "dans chaque octet. PERSONNE : @nom@hôte, un identifiant, l'adresse d'un profil, un DID ou un pseudonyme ; les "
        "comptes qui lui sont rattachés partent aussi. Une marque à clé tient ensuite la personne à l'écart.",
    ),
)
@name_argument
@click.option(
    "--dry-run",
    is_flag=True,
    help=both("Say what would go; change nothing.", "Dire ce qui partirait ; ne rien modifier."),
)
@campaign_option
@lake_option
@json_option
def command(name: str, dry_run: bool, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Erase under the lake's lock, and tell what went and what the search found."""
    from flows.erasing.erase import erase, would_erase
    from flows.job import open_job

    job = open_job(campaign_file, lake_folder)
    with job.lake.lock():
        done = would_erase(job, name) if dry_run else erase(job, name)
    if as_json:
        print_json("passerelle.erase/1", dry_run=dry_run, **facts(done))
        return
    for line in lines(done, dry_run=dry_run):
        click.echo(line)


def facts(done: Erased) -> dict[str, Any]:
    """An erasure as JSON."""
    found = done.scanned
    return {
        "block": done.name,
        "accounts": done.accounts,
        "rows": done.rows,
        "vault_runs": done.vault_runs,
        "states": done.states,
        "waiting_runs": done.waiting,
        "reissued": [{"week": one.week, "revision": one.revision, "replaces": one.replaced} for one in done.reissued],
        "prefect_files": done.results,
        "scan": None
        if found is None
        else {
            "control_forms_found": done.control[0],
            "control_forms": done.control[1],
            "files": found.files,
            "bytes": found.bytes,
            "bytes_matched": found.bytes_matched,
        },
    }


def lines(done: Erased, *, dry_run: bool) -> list[str]:
    """The same in words."""
    told = [_head(done, dry_run=dry_run)]
    told += [f"  {table:<18} {number(rows, asked_language()):>9}" for table, rows in done.rows.items()]
    told += [
        both(
            f"  runs of the vault: {done.vault_runs}; crawl states: {done.states}; runs that wait: {done.waiting}; "
            f"files of Prefect: {done.results}",
            f"  collectes du coffre : {done.vault_runs} ; états de collecte : {done.states} ; collectes en attente : "
            f"{done.waiting} ; fichiers de Prefect : {done.results}",
        )
    ]
    told += [_week(one.week, one.revision, ", ".join(one.replaced)) for one in done.reissued]
    return told + ([_scan(done)] if done.scanned is not None else [])


def _head(done: Erased, *, dry_run: bool) -> str:
    en, fr = english(done.accounts, "account"), french(done.accounts, "compte")
    if dry_run:
        return both(f"would erase {en}; rows by table:", f"effacerait {fr} ; lignes par table :")
    return both(
        f"erased {en}, block {done.name}; rows by table:", f"effacé : {fr}, marque {done.name} ; lignes par table :"
    )


def _week(week: str, revision: str | None, old: str) -> str:
    if revision is None:
        return both(f"  release {week}: {old} to go", f"  publication {week} : {old} à retirer")
    return both(
        f"  release {week}: issued again as {revision} in place of {old}",
        f"  publication {week} : rééditée en {revision} à la place de {old}",
    )


def _scan(done: Erased) -> str:
    assert done.scanned is not None
    found, forms = done.control
    files, matched = done.scanned.files, done.scanned.bytes_matched
    return both(
        f"  search: planted control found in {found} of {forms} forms of file; then {english(files, 'file')}, "
        f"{number(done.scanned.bytes, 'en')} bytes read, {number(matched, 'en')} matched",
        f"  recherche : témoin planté retrouvé dans {found} formes de fichier sur {forms} ; puis "
        f"{french(files, 'fichier')}, {number(done.scanned.bytes, 'fr')} octets lus, {number(matched, 'fr')} "
        "concordant",
    )
