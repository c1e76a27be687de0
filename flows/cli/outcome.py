"""How a command tells what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import asked_language, both
from passerelle.errors import ExitCode

if TYPE_CHECKING:
    from flows.clean import Cleaned
    from flows.collect import Outcome
    from flows.publish import Published


def say_cleaned(done: Cleaned) -> None:
    """One line a run: new, updated, known, quarantined, refused, and why."""
    if not done.runs:
        click.echo(both("nothing was waiting", "rien n'était en attente"))
    say_runs(done.rows)


def say_runs(rows: Iterable[Mapping[str, Any]]) -> None:
    """One line for each of `rows`, which are of `runs`."""
    from flows.run_lines import run_line

    for row in rows:
        click.echo(both(f"{row['run_id']}: {run_line(row, 'en')}", f"{row['run_id']} : {run_line(row, 'fr')}"))


def runs_facts(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Rows of `runs` as JSON, by run."""
    from flows.run_rows import facts

    return {row["run_id"]: facts(row) for row in rows}


def say_published(published: Published) -> None:
    """What came of the runs, the release's path, then the key points; on stderr what it lacks."""
    from flows.clean import told_aside

    say_runs(published.runs)
    click.echo(published.folder)
    for point in published.key_points.get(asked_language(), next(iter(published.key_points.values()))):
        click.echo(f"- {point}")
    for page in published.pages.values():
        click.echo(page)
    told = both("restricted, not to be passed on", "édition restreinte, à ne pas transmettre")
    click.echo(both(f"{told}: {published.restricted}", f"{told} : {published.restricted}"))
    if published.set_aside:
        print(f"passerelle: {both(*told_aside(published.set_aside))}", file=sys.stderr)
    if not published.is_latest:
        _say_not_latest(published)


def _say_not_latest(published: Published) -> None:
    stays = published.latest or "-"
    lost = ", ".join(published.lost)
    if lost:
        said = both(
            f"partial, without {lost}: 'latest' stays at {stays}", f"partiel, sans {lost} : « latest » reste à {stays}"
        )
    else:
        said = both(
            f"this is an earlier issue: 'latest' stays at {stays}",
            f"c'est un numéro antérieur : « latest » reste à {stays}",
        )
    print(f"passerelle: {said}", file=sys.stderr)


def sources_facts(outcomes: Iterable[Outcome]) -> list[dict[str, str | None]]:
    """How each source's collection ended, as JSON."""
    return [{"source": one.source, "run_id": one.run_id, "failure": one.reason or None} for one in outcomes]


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """4 when some source was lost, and one line on stderr for each."""
    for outcome in outcomes:
        if outcome.is_lost:
            en, fr = (
                f"{outcome.source} was lost: {outcome.reason}",
                f"{outcome.source} est perdue : {outcome.reason_fr}",
            )
            print(f"passerelle: {both(en, fr)}", file=sys.stderr)
    return ExitCode.PARTIAL if any(outcome.is_lost for outcome in outcomes) else ExitCode.DONE


def published_facts(published: Published) -> dict[str, object]:
    """A release as JSON."""
    return {
        "folder": str(published.folder),
        "restricted": str(published.restricted),
        "pages": {name: str(page) for name, page in published.pages.items()},
        "key_points": published.key_points,
        "is_latest": published.is_latest,
        "runs": runs_facts(published.runs),
        "latest": str(published.latest) if published.latest else None,
        "missing_sources": published.lost,
        "set_aside": [{"run_id": run.run_id, "en": run.en, "fr": run.fr} for run in published.set_aside],
    }
