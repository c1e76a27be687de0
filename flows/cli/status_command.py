"""`passerelle status`: what the lake holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import asked_language, both
from flows.cli.options import campaign_option, json_option, lake_option, opened, print_json
from passerelle.wording import french, number

if TYPE_CHECKING:
    from passerelle.lake import Lake

STATUSES = {"complete": "complète", "partial": "partielle", "failed": "échouée"}


@click.command(
    "status",
    help=both(
        "What the lake holds, and how the last runs ended.",
        "Ce que contient le lac, et comment les dernières collectes se sont terminées.",
    ),
)
@campaign_option
@lake_option
@json_option
def command(campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Print rows by table, the last runs, what waits in staging, and the latest release."""
    campaign, lake = opened(campaign_file, lake_folder)
    facts = {"campaign": campaign.name, **describe(lake)}
    if as_json:
        last = [row | {"reasons": json.loads(row["reasons"])} for row in facts["last_runs"]]
        print_json("passerelle.status/1", **{**facts, "last_runs": last})
    else:
        _print(facts)


def describe(lake: Lake) -> dict[str, Any]:
    """Facts about a lake, also about one that is still empty."""
    from flows.aside import aside_runs
    from flows.editions import restricted_edition, superseded_weeks
    from flows.staged import staged_runs

    versions = lake.versions()
    runs = lake.read("runs").sort_by([("started_at", "descending"), ("source", "ascending")]).slice(0, 5)
    latest = lake.latest_release()
    return {
        "lake": str(lake.root),
        "tables": {
            n: {"rows": lake.read(n, columns=["platform"] if n == "posts" else None).num_rows, "version": v}
            for n, v in versions.items()
        },
        "waiting": [run.run_id for run in staged_runs(lake)],
        "set_aside": [{"run_id": run.run_id, "en": run.en, "fr": run.fr} for run in aside_runs(lake)],
        "pending_erasures": len(lake.pending_erasures()),
        "last_runs": runs.to_pylist(),
        "latest_release": str(latest.resolve()) if latest else None,
        "latest_restricted": str(beside) if latest and (beside := restricted_edition(lake, latest)) else None,
        "to_issue_again": superseded_weeks(lake),
    }


def _print(facts: dict[str, Any]) -> None:
    for line in _lines(facts):
        click.echo(line)


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    yield both(
        f"campaign {facts['campaign']}, in {facts['lake']}", f"campagne {facts['campaign']}, dans {facts['lake']}"
    )
    if not facts["tables"]:
        yield both("  nothing was collected yet", "  rien n'a encore été collecté")
    for name, table in facts["tables"].items():
        yield f"  {name:<18} {number(table['rows'], asked_language()):>9}"
    yield from map(_ended, facts["last_runs"])
    if facts["waiting"]:
        yield both(
            f"  runs waiting to be cleaned: {number(len(facts['waiting']), 'en')}",
            f"  collectes en attente de contrôle : {len(facts['waiting'])}",
        )
    yield from map(_put_aside, facts["set_aside"])
    if facts["pending_erasures"]:
        yield both(
            f"  erasures that were cut: {facts['pending_erasures']}; run the same `passerelle erase` again",
            f"  effacements interrompus : {facts['pending_erasures']} ; relancez le même `passerelle erase`",
        )
    if facts["latest_release"]:
        yield both(
            f"  latest release: {facts['latest_release']}", f"  dernière publication : {facts['latest_release']}"
        )
    if facts["latest_restricted"]:
        yield both(
            f"  its restricted edition, not to be passed on: {facts['latest_restricted']}",
            f"  son édition restreinte, à ne pas transmettre : {facts['latest_restricted']}",
        )
    if weeks := facts["to_issue_again"]:
        yield both(
            f"  to be issued again, made under an older disclosure rule: {', '.join(weeks)}",
            f"  à publier de nouveau, faites sous une ancienne règle de divulgation : {', '.join(weeks)}",
        )


def _ended(run: dict[str, Any]) -> str:
    from flows.run_lines import run_line

    return both(
        f"  run {run['run_id']}: {run['status']}, {number(run['fetched'], 'en')} came: {run_line(run, 'en')}",
        f"  collecte {run['run_id']} : {STATUSES[run['status']]}, {french(run['fetched'], 'reçue')} :"
        f" {run_line(run, 'fr')}",
    )


def _put_aside(run: dict[str, Any]) -> str:
    return both(
        f"  run {run['run_id']} was set aside: {run['en']}; passerelle runs retry or discard",
        f"  collecte {run['run_id']} mise de côté : {run['fr']} ; passerelle runs retry ou discard",
    )
