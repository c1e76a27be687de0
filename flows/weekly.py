"""The weekly job as a Prefect flow: collect, clean, analyse, publish. Deployed by `prefect.yaml`.

Each task is a plain function of this package; here they only get names, retries and artifacts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import State, Task, flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import TaskRun
from prefect.tasks import exponential_backoff

from flows import freshness
from flows.analyse import Analysed, analyse
from flows.clean import Cleaned, clean
from flows.collect import Outcome, collect, replay
from flows.job import LOCK_WAIT, Job, open_job
from flows.publish import Published, publish
from flows.reissue import issue_again
from flows.run_lines import run_line
from passerelle.errors import GateError
from passerelle.wording import spoken, typeset


def _tries_again(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:
    """Whether Prefect is to run the task once more; whoever waits for it is told."""
    if not freshness.is_worth_retrying(state):
        return False
    delays = task.retry_delay_seconds
    wait = delays[min(run.run_count, len(delays)) - 1] if isinstance(delays, list) else delays
    en = f"{task.name}: failed, tried again in about {wait:g} s ({run.run_count} of {task.retries})"
    fr = f"{task.name} : échec, nouvel essai dans {wait:g} s environ ({run.run_count} sur {task.retries})"
    print(f"passerelle: {typeset(fr) if spoken() == 'fr' else en}", file=sys.stderr)
    return True


@task(
    name="collect",
    retries=2,
    retry_delay_seconds=exponential_backoff(30),
    retry_jitter_factor=0.5,
    retry_condition_fn=_tries_again,
    cache_policy=NO_CACHE,
)
def collect_task(job: Job, vault: Path | None) -> list[Outcome]:
    """Collect from every source, or replay a vault."""
    if vault is not None:
        replay(job, vault)
        return []
    outcomes = collect(job)
    for outcome in outcomes:
        print(f"{outcome.source}: {f'lost: {outcome.reason}' if outcome.is_lost else f'collected as {outcome.run_id}'}")
    return outcomes


@task(name="clean", cache_policy=NO_CACHE)
def clean_task(job: Job) -> Cleaned:
    """Gate and commit what was collected."""
    done = clean(job.lake)
    lines = [{"run": row["run_id"], "what came of it": run_line(row, "en")} for row in done.rows]
    for line in lines:
        print(f"{line['run']}: {line['what came of it']}")
    lines += [{"run": run.run_id, "what came of it": f"set aside: {run.en}"} for run in done.set_aside]
    create_table_artifact(lines or [{"run": "none"}], key="quality", description=f"{done.checks} checks")
    return done


@task(name="analyse", cache_policy=NO_CACHE)
def analyse_task(job: Job, as_of: datetime | None) -> Analysed:
    """Compute ties and weekly indicators."""
    return analyse(job.lake, job.campaign, job.pseudonyms, as_of)


@task(name="publish", cache_policy=NO_CACHE)
def publish_task(job: Job, analysed: Analysed, lost: tuple[str, ...]) -> Published:
    """Write the release and, if all sources came, let `latest` name it."""
    for folder in issue_again(job, analysed.study.as_of):
        print(f"issued again under today's rule of disclosure: {folder}")
    published = publish(job.lake, job.campaign, analysed, lost=lost)
    pages = "\n".join(f"- [{language}]({page})" for language, page in published.pages.items())
    print(f"published {published.folder}; latest is {published.latest}")
    create_markdown_artifact(f"# {job.campaign.title}\n\n{pages}", key="report")
    return published


@flow(name="weekly", log_prints=True, validate_parameters=False)
def weekly(
    campaign: str = "campaign.toml", lake: str | None = None, vault: str | None = None, as_of: str | None = None
) -> Published:
    """The whole job of a campaign file, with what came after `as_of` (ISO 8601; none: nothing) left out.

    `vault`: replay this folder of recorded traffic, without the network. Waits up to two hours for another run on the
    same lake. A run that does not pass the gate is set aside: the release of the others is partial. Raises GateError
    where none passed, or the new data are not fit to be published: `latest` stays where it was.
    """
    job = open_job(Path(campaign), Path(lake) if lake else None)
    with job.lake.lock(wait_seconds=LOCK_WAIT.total_seconds()):
        outcomes = collect_task(job, Path(vault) if vault else None)
        done = clean_task(job)
        if not done.runs:
            done.refuse_set_aside()
        freshness.refuse_empty(job.lake, done)
        analysed = analyse_task(job, _moment(as_of) if as_of else None)
        _refuse_collapse(analysed, done)
        published = publish_task(job, analysed, _missing(outcomes, done))
        return replace(published, runs=tuple(done.rows), set_aside=tuple(done.set_aside))


def _refuse_collapse(analysed: Analysed, done: Cleaned) -> None:
    """Raises GateError where a week collapsed; the runs that were set aside are the likeliest reason."""
    try:
        freshness.refuse_collapse(analysed)
    except GateError:
        done.refuse_set_aside()
        raise


def _missing(outcomes: Sequence[Outcome], done: Cleaned) -> tuple[str, ...]:
    """What the release lacks: sources that were lost, and those of runs that were set aside."""
    lost = [outcome.source for outcome in outcomes if outcome.is_lost]
    aside = [run.source if run.manifest else run.run_id for run in done.set_aside]
    return tuple(dict.fromkeys([*lost, *aside]))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
