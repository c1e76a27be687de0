"""Whatever a week comes without, there is a table, data of the report and pages: undefined is null, and says so."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import strategies as st

from passerelle.weeks import iso_week, week_after
from tests.exploring import examples
from tests.reference.busy import FEW_DRAWS, busy_world
from tests.reference.campaigns import World, invent
from tests.reference.emptied import EMPTIED
from transforms.help.automation import automation_signs
from transforms.help.study import Study
from transforms.indicators import Frames, broker_ranks, change_table, cut_study, design_effects, weekly_indicators
from transforms.indicators.design import weekly_design_effects
from transforms.report import (
    EXACT,
    PUBLIC,
    REVISIONS,
    CampaignFacts,
    Provenance,
    Quality,
    ReleaseData,
    compose,
    edition_of,
    gather_truth,
    public_indicators,
    render_sensitivity,
    sensitivity_tables,
    tell,
    told_groups,
    told_quality,
    unanswered_episodes,
)
from transforms.report.disclosure import Grain
from transforms.report.exact_indicators import exact_indicators
from transforms.report.issue import block_before, bridges_of, newest_final
from transforms.report.public_indicators import Circumstance

Code = Literal["fr", "en"]
FACTS = CampaignFacts("test", "Test", ("i4emploi",), "test", "dpo@example.org", "CC-BY-4.0", "Europe/Paris")
PROVENANCE = Provenance("run", "commit", "0" * 64, "0" * 64, "passerelle report", date(2026, 11, 30))


def release(frames: Frames, week: str | None = None, grain: Grain = PUBLIC) -> ReleaseData:
    """An issue as it is told, of `week` or the newest final one, but for what only a lake knows."""
    study = frames.study
    issue = week or week_after(iso_week(study.as_of, study.zone), -1)
    final = week or newest_final(study)
    weeks = [one for one in frames.weeks if final and one <= final]
    told = tell(gather_truth(frames, "test", weeks, [issue] if issue not in weeks else [], ["fr", "en"]), grain=grain)
    last = told.final[-1] if told.final else None
    known = {
        (one, *key): Circumstance(effect)
        for one, effects in weekly_design_effects(frames, weeks[-2:]).items()
        for key, effect in effects.items()
    }
    span = block_before(last or issue)
    return ReleaseData(
        campaign=FACTS,
        week=last,
        provisional_week=issue if issue != last else None,
        as_of=study.as_of,
        told=told,
        indicators=public_indicators(told, known),
        groups=told_groups(bridges_of(frames, span), span, grain),
        quality=told_quality(Quality(None, 0, 0, 0, 0, 0, 0, 0, 0, 0), told),
        revisions=REVISIONS.empty_table(),
        provenance=PROVENANCE,
        is_public=grain == PUBLIC,
    )


def everything(world: World, week: str | None, language: Code) -> pa.Table:
    """All that is computed and drawn, in both editions; a warning of numpy is an error."""
    with warnings.catch_warnings(), np.errstate(divide="raise", invalid="raise"):
        warnings.simplefilter("error", RuntimeWarning)
        study = replace(world, analysis=FEW_DRAWS).study()
        frames = cut_study(study)
        computed = weekly_indicators(frames, "test", earliest=frames)
        data = release(frames, week)
        shown = data.week or week_after(iso_week(study.as_of, study.zone), -1)
        draw(data, study, shown, language)
        exact = release(frames, week, EXACT)
        draw(replace(exact, indicators=exact_indicators(exact.indicators, computed)), study, shown, language)
        broker_ranks(frames, shown), change_table(frames, shown), automation_signs(study.posts)
        design_effects(frames, shown)
        unanswered_episodes(study.episodes, study.mobilisations)
    return computed


def draw(data: ReleaseData, study: Study, week: str, language: Code) -> None:
    """Both pages of an edition."""
    page = compose(edition_of(data), language)
    assert page.tables
    assert page.html
    assert page.points
    effect = data.design_effect("weak_tie_share_of_classified")
    doubts = sensitivity_tables(data.told, study.analysis, week, effect)
    assert render_sensitivity(doubts, language, is_public=data.is_public)


def check(computed: pa.Table) -> None:
    for row in computed.to_pylist():
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
