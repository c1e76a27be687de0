"""What `passerelle doctor` says of the tables, and the way back from damage."""

from __future__ import annotations

from collections.abc import Iterator

import click

from flows.cli.language import both
from passerelle.errors import PasserelleError
from passerelle.lake import Lake
from passerelle.wording import english, french

Finding = tuple[bool, str, str]


def table_findings(lake: Lake) -> Iterator[Finding]:
    """One finding a damaged table, a disagreement or a run set aside; one for all where there is none."""
    from flows.agreement import disagreements
    from flows.aside import aside_runs
    from passerelle.stepping_back import damage
    from passerelle.tables import TABLES

    if not lake.exists():
        return
    found: list[PasserelleError] = [harm for name in TABLES if (harm := damage(lake, name)) is not None]
    if not found:
        try:
            found += disagreements(lake)
        except PasserelleError as error:
            found.append(error)
    for wrong in found:
        yield False, wrong.en, wrong.fr
    if not found:
        yield (
            True,
            f"{lake.root}: the tables are whole and agree",
            f"{lake.root} : les tables sont entières et concordent",
        )
    for run in aside_runs(lake):
        yield False, f"run {run.run_id} was set aside: {run.en}", f"collecte {run.run_id} mise de côté : {run.fr}"


def open_findings(lake: Lake) -> Iterator[Finding]:
    """What others than its owner can read of a lake, the public editions apart; nothing where there is no lake."""
    if not lake.exists():
        return
    found = list(lake.open_to_others())
    if not found:
        yield True, f"{lake.root}: closed to others", f"{lake.root} : fermé aux autres"
        return
    en, fr = english(len(found), "place"), french(len(found), "endroit")
    advice = f"chmod -R go= {found[0]}"
    yield (
        False,
        f"{lake.root}: others can get at {en} in it; the next run closes what is yours, or {advice}",
        f"{lake.root} : d'autres ont accès à {fr} ; la prochaine exécution ferme ce qui est à vous, ou {advice}",
    )


def go_back(lake: Lake, name: str) -> None:
    """Put a table back at its last whole version, and say what is left and what to do."""
    from passerelle.stepping_back import step_back

    with lake.lock():
        version, rows = step_back(lake, name)
    en = (
        f"{name}: nothing of it was whole"
        if version is None
        else f"{name}: at version {version}, {english(rows, 'row')}"
    )
    fr = (
        f"{name} : rien n'en était entier"
        if version is None
        else f"{name} : à la version {version}, {french(rows, 'ligne')}"
    )
    click.echo(
        both(
            f"{en}; what was damaged lies in {lake.aside / 'tables'}. Now `passerelle clean --rebuild`, then import or "
            "replay again what came since",
            f"{fr} ; ce qui était endommagé est dans {lake.aside / 'tables'}. Ensuite `passerelle clean --rebuild`, "
            "puis importez ou rejouez ce qui est venu depuis",
        )
    )
