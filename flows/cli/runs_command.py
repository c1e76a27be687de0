"""`passerelle runs`: what was committed, what waits, what was set aside and why; try again or discard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import both
from flows.cli.options import campaign_option, json_option, lake_option, opened, print_json
from flows.cli.outcome import runs_facts, say_cleaned
from passerelle.wording import english, french

if TYPE_CHECKING:
    from passerelle.lake import Lake


@click.group(
    "runs",
    help=both(
        "Runs that were committed, that wait, or that did not pass and were set aside.",
        "Les collectes validées, en attente, ou mises de côté parce qu'elles n'ont pas passé le contrôle.",
    ),
)
def command() -> None:
    """The group; every subcommand names its campaign."""


@command.command("list", help=both("List them, set aside first.", "Les lister, celles mises de côté d'abord."))
@campaign_option
@lake_option
@json_option
def list_runs(campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """One line a run."""
    _, lake = opened(campaign_file, lake_folder)
    runs = every_run(lake)
    if as_json:
        print_json("passerelle.runs/1", runs=runs)
        return
    if not runs:
        click.echo(both("there are no runs", "il n'y a pas de collecte"))
    for run in runs:
        _say(run)


@command.command("show", help=both("Tell all that is known of one.", "Dire tout ce qu'on sait de l'une d'elles."))
@click.argument("run_id")
@campaign_option
@lake_option
@json_option
def show(run_id: str, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """State, reason, counters."""
    _, lake = opened(campaign_file, lake_folder)
    run = _one(lake, run_id)
    if as_json:
        print_json("passerelle.run/1", **run)
        return
    _say(run)
    for name, value in run["facts"].items():
        click.echo(f"  {name}: {value}")


@command.command("retry", help=both("Check one that was set aside again.", "Contrôler à nouveau une mise de côté."))
@click.argument("run_id")
@campaign_option
@lake_option
@json_option
def retry(run_id: str, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Put it back into staging and clean."""
    from flows.aside import aside_run, put_back
    from flows.clean import clean

    _, lake = opened(campaign_file, lake_folder)
    with lake.lock():
        put_back(lake, aside_run(lake, run_id))
        done = clean(lake)
    if as_json:
        print_json(
            "passerelle.clean/1", runs=runs_facts(done.rows), checks=done.checks, failed_checks=done.failed_checks
        )
    else:
        say_cleaned(done)
    done.refuse_set_aside()


@command.command("discard", help=both("Remove one for good.", "En supprimer une définitivement."))
@click.argument("run_id")
@campaign_option
@lake_option
@json_option
def discard_run(run_id: str, campaign_file: Path, lake_folder: Path | None, as_json: bool) -> None:
    """Remove it; the quarantine keeps the reason."""
    from flows.aside import aside_run, discard

    _, lake = opened(campaign_file, lake_folder)
    with lake.lock():
        run = aside_run(lake, run_id)
        discard(lake, run)
    if as_json:
        print_json("passerelle.discard/1", run_id=run.run_id, records=run.records)
        return
    en = "? records" if run.records is None else english(run.records, "record")
    fr = "? enregistrements" if run.records is None else french(run.records, "enregistrement")
    click.echo(
        both(
            f"{run.run_id}: discarded with {en}; the quarantine says why",
            f"{run.run_id} : supprimée avec {fr} ; la quarantaine dit pourquoi",
        )
    )


STATES = {
    "aside": ("set aside", "mise de côté"),
    "waiting": ("waiting", "en attente"),
    "committed": ("committed", "validée"),
}


def _say(run: dict[str, Any]) -> None:
    why = both(f": {run['reason']['en']}", f" : {run['reason']['fr']}") if run["reason"] else ""
    click.echo(f"{run['run_id']} ({run['source']}), {both(*STATES[run['state']])}{why}")


def every_run(lake: Lake) -> list[dict[str, Any]]:
    """Facts of every run: set aside, waiting, then committed ones, newest first."""
    from flows.aside import aside_runs
    from flows.staged import staged_runs

    told: list[dict[str, Any]] = [
        {
            "run_id": run.run_id,
            "source": run.source,
            "state": "aside",
            "reason": {"en": run.en, "fr": run.fr},
            "facts": {"since": run.since, "records": run.records},
        }
        for run in aside_runs(lake)
    ]
    told += [
        {
            "run_id": run.run_id,
            "source": run.source,
            "state": "waiting",
            "reason": None,
            "facts": {"records": run.manifest["counters"].get("fetched")},
        }
        for run in staged_runs(lake)
    ]
    for row in lake.read("runs").sort_by([("started_at", "descending"), ("source", "ascending")]).to_pylist():
        head = {"run_id": row.pop("run_id"), "source": row.pop("source"), "state": "committed", "reason": None}
        told.append(head | {"facts": row})
    return told


def _one(lake: Lake, run_id: str) -> dict[str, Any]:
    from passerelle.errors import UsageError

    run = next((run for run in every_run(lake) if run["run_id"] == run_id), None)
    if run is None:
        raise UsageError(
            en=f"there is no run '{run_id}'; `passerelle runs list` names them",
            fr=f"il n'y a pas de collecte « {run_id} » ; `passerelle runs list` les nomme",
        )
    return run
