"""What a collection would do, told beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from flows.cli.language import both
from flows.cli.options import print_json
from passerelle.platforms import PLATFORMS, is_hosted

if TYPE_CHECKING:
    from flows.job import Job
    from passerelle.campaign import Source


def print_plan(job: Job, sources: Sequence[Source], as_json: bool) -> None:
    """Hosts, where each collection starts from, limits and policy. Asks nothing of any host."""
    plans = [_plan(job, source) for source in sources]
    if as_json:
        print_json("passerelle.plan/1", hashtags=job.campaign.hashtags, sources=plans)
        return
    for plan in plans:
        since = plan["since"] or both("the beginning", "le début")
        share = job.campaign.collect.share_of_limit
        tags = ", ".join(f"#{tag}" for tag in job.campaign.hashtags)
        click.echo(
            both(
                f"{plan['host']}: {tags} since {since}; at most {plan['max_requests']} timeline requests, "
                f"{share:.0%} of the server's limit; {_took(plan['last_minutes'])[0]}; {plan['policy_en']}",
                f"{plan['host']} : {tags} depuis {since} ; au plus {plan['max_requests']} requêtes de fil, "
                f"{share * 100:.0f} % de la limite du serveur ; {_took(plan['last_minutes'])[1]} ; {plan['policy_fr']}",
            )
        )
        for budget in plan["budgets"]:
            click.echo("  " + both(budget["text_en"], budget["text_fr"]))


def _took(minutes: int | None) -> tuple[str, str]:
    """What is known of how long it takes, in English and French."""
    if minutes is None:
        return "how long the first one takes is not known", "durée de la première inconnue"
    return f"the last one took {minutes} min", f"la dernière a pris {minutes} min"


def _budgets(job: Job, source: Source) -> list[dict[str, Any]]:
    """What a collection may spend at most of what the platform allows, and what was spent already."""
    from passerelle import clock
    from spiders.collecting.budget import Spending
    from spiders.collecting.state import CrawlState
    from spiders.collecting.states import state_before

    if not PLATFORMS[source.kind].allowances:
        return []
    spending = Spending(source, CrawlState.from_json(state_before(job.lake, source.host)), clock.now())
    return [
        {
            "name": name,
            "most": spending.most(name) / one.parts,
            "spent": spending.spent(name) / one.parts,
            "anew": spending.anew(name).isoformat(timespec="minutes"),
            "text_en": spending.told(name)[0],
            "text_fr": spending.told(name)[1],
        }
        for name, one in spending.allowances.items()
    ]


def _plan(job: Job, source: Source) -> dict[str, Any]:
    collect = job.campaign.collect
    state = job.lake.state_file(source.host)
    columns = ["source", "started_at", "finished_at"]
    runs = [run for run in job.lake.read("runs", columns=columns).to_pylist() if run["source"] == source.host]
    last = max(runs, key=lambda run: run["started_at"], default=None)
    agreed = source.operator_agreed
    asks_others = collect.homes and (collect.threads if is_hosted(source.kind) else collect.reposters)
    others_en, others_fr = PLATFORMS[source.kind].others if asks_others else ("", "")
    return {
        "host": source.host,
        "since": last["started_at"].isoformat() if last and state.exists() else None,
        "last_minutes": last and math.ceil((last["finished_at"] - last["started_at"]).total_seconds() / 60),
        "max_requests": collect.max_pages * len(job.campaign.hashtags),
        "share_of_limit": collect.share_of_limit,
        "budgets": _budgets(job, source),
        "policy_en": "documented API; robots.txt obeyed"
        + ("" if not agreed else " but for what the operator agreed to")
        + (f"; {others_en}" if others_en else ""),
        "policy_fr": "API documentée ; robots.txt respecté"
        + ("" if not agreed else " sauf accord de l'exploitant")
        + (f" ; {others_fr}" if others_fr else ""),
    }
