"""The study against the plain reference, on campaigns that nobody wrote."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reference.campaigns import World, rows, worlds
from tests.reference.core import Reference
from tests.reference.core_ties import alters, covered_from, mobilisations
from transforms.study import Study

THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
BRIEF = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
EPISODE = ("episode_id", "t_call", "beneficiary_id", "beneficiary_is_author", "call_ids", "author_ids")
MOBILISERS = ("episode_id", "account_id")


@THOROUGH
@given(worlds(), st.sampled_from(["latest", "earliest"]))
def test_it_agrees_with_the_reference(world: World, bound: str) -> None:
    study, plain = world.study(bound), Reference(world, bound)
    key = ("post_id", "source_id", "target_id")
    found = [{k: v for k, v in row.items() if k != "iso_week"} for row in rows(study.interactions, *key)]
    assert found == [plain.interactions[one] for one in sorted(plain.interactions)]
    assert [(row["post_id"], row["has_hashtag"]) for row in rows(study.orphans, "post_id")] == plain.orphans()
    _same_episodes(study, plain)
    found = [
        {k: v for k, v in row.items() if k not in ("platform", "iso_week")} for row in study.mobilisations.to_pylist()
    ]
    assert _by_key(found) == _by_key(mobilisations(plain))
    assert _by_key(study.alters.to_pylist()) == _by_key(alters(plain))


def _same_episodes(study: Study, plain: Reference) -> None:
    world, names = plain.world, ("is_mature", "is_covered")
    found = [{k: row[k] for k in (*EPISODE, *names)} for row in study.episodes.to_pylist()]
    for episode in (expected := [dict(one) for one in plain.episodes]):
        at = episode["t_call"]
        start = covered_from(world, episode["beneficiary_id"], at)
        episode["is_mature"] = at + timedelta(hours=world.analysis.follow_up_hours) <= world.as_of
        episode["is_covered"] = start is not None and start <= at - timedelta(days=world.analysis.window_days)
    assert found == expected


def _by_key(table: list[dict]) -> dict:
    return {tuple(row[name] for name in MOBILISERS): row for row in table}
