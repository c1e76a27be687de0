"""Whatever a week comes without, there is a table, data of the report and pages: undefined is null, and says so."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import strategies as st

from passerelle.weeks import iso_week, week_after
from tests.exploring import examples
from tests.reference.busy import FEW_DRAWS, busy_world
from tests.reference.campaigns import World, invent
from tests.reference.emptied import EMPTIED
from transforms.help.automation import automation_signs
from transforms.indicators import (
    Frames,
    broker_ranks,
    change_table,
    cut_study,
    design_effects,
    survival_curve,
    weekly_indicators,
)
from transforms.report import (
    REVISIONS,
    CampaignFacts,
    Provenance,
    Quality,
    ReleaseData,
    compose,
    mature_calls,
    public_edition,
    render_sensitivity,
    sensitivity_tables,
    unanswered_episodes,
)
from transforms.report.issue import bridges_of, newest_final

Code = Literal["fr", "en"]
FACTS = CampaignFacts("test", "Test", ("i4emploi",), "test", "dpo@example.org", "CC-BY-4.0", "Europe/Paris")
PROVENANCE = Provenance("run", "commit", "0" * 64, "0" * 64, "passerelle report", date(2026, 11, 30))


def release(frames: Frames, week: str | None = None) -> ReleaseData:
    """An issue as it is published, of `week` or the newest final one, but for what only a lake knows."""
    study = frames.study
    issue = week or week_after(iso_week(study.as_of, study.zone), -1)
    final = week or newest_final(study)
    bridges, span = bridges_of(frames, final or issue)
    return ReleaseData(
        campaign=FACTS,
        week=final,
        provisional_week=issue if issue != final else None,
        as_of=study.as_of,
        indicators=weekly_indicators(frames, "test", earliest=frames),
        survival=survival_curve(frames, final or issue, stranger=False),
        survival_stranger=survival_curve(frames, final or issue, stranger=True),
        bridges=bridges,
        bridges_weeks=span,
        calls=mature_calls(study.episodes, study.mobilisations, study.as_of),
        quality=Quality(None, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        revisions=REVISIONS.empty_table(),
        provenance=PROVENANCE,
    )


def everything(world: World, week: str | None, language: Code) -> ReleaseData:
    """All that is computed and drawn; a warning of numpy is an error."""
    with warnings.catch_warnings(), np.errstate(divide="raise", invalid="raise"):
        warnings.simplefilter("error", RuntimeWarning)
        study = replace(world, analysis=FEW_DRAWS).study()
        frames = cut_study(study)
        data = release(frames, week)
        edition = public_edition(data)
        page = compose(edition, language)
        shown = data.week or week_after(iso_week(study.as_of, study.zone), -1)
        doubts = sensitivity_tables(study, edition.data.indicators, shown)
        broker_ranks(frames, shown), change_table(frames, shown), automation_signs(study.posts)
        design_effects(frames, shown)
        unanswered_episodes(study.episodes, study.mobilisations)
        assert page.tables
        assert page.html
        assert page.points
        tables = (doubts[name] for name in ("sensitivity", "thinning", "history_coverage"))
        assert render_sensitivity(*tables, language)
    return data


def check(data: ReleaseData) -> None:
    for row in data.indicators.to_pylist():
        assert (row["value"] is None) == (row["status"] == "undefined"), row
        numbers = [row[name] for name in ("value", "low", "high", "z", "p") if row[name] is not None]
        assert not np.isnan(numbers).any(), row


@pytest.mark.parametrize("name", sorted(EMPTIED))
def test_a_busy_campaign_without_one_thing(name: str) -> None:
    check(everything(EMPTIED[name](busy_world(1)), "2026-W25", "fr" if len(name) % 2 else "en"))


@examples(
    12,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@example(seed=1, size=20, missing=["nobody begins anything"], week="2026-W12", language="fr")
@given(
    seed=st.integers(0, 2**32),
    size=st.integers(2, 40),
    missing=st.lists(st.sampled_from(sorted(EMPTIED)), min_size=1, max_size=2),
    week=st.sampled_from([None, "2026-W12", "2026-W20"]),
    language=st.sampled_from(["fr", "en"]),
)
def test_odd_campaigns_without_one_or_two_things(
    seed: int, size: int, missing: list[str], week: str | None, language: Code
) -> None:
    world = invent(seed, size)
    for name in missing:
        world = EMPTIED[name](world) if world.posts else world
    check(everything(replace(world, as_of=min(world.as_of, world.as_of.replace(year=2027))), week, language))
