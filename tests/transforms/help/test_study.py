"""The study against the plain reference, on campaigns that nobody wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from passerelle.allowed import TIE_CLASSES
from tests.exploring import examples
from tests.reference.campaigns import PEOPLE, World, post, rows, worlds
from tests.reference.core import Reference
from tests.reference.core_ties import alters, covered_from, mobilisations
from transforms.help.pairs import pair_classes
from transforms.help.study import Study

THOROUGH = examples(60, suppress_health_check=list(HealthCheck))
BRIEF = examples(15, suppress_health_check=list(HealthCheck))
EPISODE = ("episode_id", "t_call", "beneficiary_id", "beneficiary_is_author", "call_ids", "author_ids")
TABLES = (
    "interactions",
    "orphans",
    "campaign_posts",
    "outcomes",
    "episodes",
    "mobilisations",
    "acts",
    "cascades",
    "alters",
)
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


@BRIEF
@given(worlds(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_rows_do_not_matter(world: World, dice: Random) -> None:
    again = replace(
        world,
        posts=[*dice.sample(world.posts, len(world.posts)), *world.posts],
        engagements=[*world.engagements, *world.engagements],
        labels=dice.sample([*world.labels, *world.labels], 2 * len(world.labels)),
    )
    one, other = world.study(), again.study()
    for name in TABLES:
        assert getattr(one, name).equals(getattr(other, name)), name


@BRIEF
@given(worlds())
def test_nothing_at_or_after_the_call_changes_a_tie(world: World) -> None:
    study = world.study()
    for episode in study.episodes.to_pylist()[:3]:
        at = episode["t_call"]
        later = [
            post(f"later{number}", who, at + timedelta(hours=number), mentions=[episode["beneficiary_id"]])
            for number, who in enumerate(PEOPLE)
        ]
        after = replace(world, posts=[*world.posts, *later]).study()
        assert _ties(study, episode["episode_id"]) == _ties(after, episode["episode_id"])


def _ties(study: Study, episode: str) -> dict[str, tuple]:
    rows = [row for row in study.mobilisations.to_pylist() if row["episode_id"] == episode]
    names = ("tie_class", "num_days", "num_weeks", "is_reciprocal", "num_mutual", "overlap", "range")
    return {row["account_id"]: tuple(row[name] for name in names) for row in rows}


RANK = {name: rank for rank, name in enumerate(["unknown", "new", "dormant", "weak", "moderately_weak", "strong"])}


@BRIEF
@given(worlds(), st.integers(-100, 100), st.booleans())
def test_an_added_interaction_never_lowers_a_class(world: World, before: int, outward: bool) -> None:
    study = world.study()
    for row in study.mobilisations.to_pylist()[:3]:
        episode = next(e for e in study.episodes.to_pylist() if e["episode_id"] == row["episode_id"])
        pair = (row["account_id"], episode["beneficiary_id"])
        source, target = pair if outward else pair[::-1]
        more = post("more", source, episode["t_call"] + timedelta(days=before), mentions=[target])
        after = replace(world, posts=[*world.posts, more]).study()
        was, now = (_ties(one, row["episode_id"])[row["account_id"]][0] for one in (study, after))
        assert RANK[now] >= RANK[was]


@BRIEF
@given(worlds(), st.sampled_from(PEOPLE))
def test_erasing_a_person_equals_never_having_had_them(world: World, person: str) -> None:
    """Their posts are found deleted, or were never written: whatever they did is gone from every table."""
    gone = [row | {"deleted_at": row["created_at"]} if row["author_id"] == person else row for row in world.posts]
    kept = [row for row in world.posts if row["author_id"] != person]
    looks = [row for row in world.engagements if row["account_id"] != person]
    erased = replace(world, posts=gone, engagements=looks).study()
    never = replace(world, posts=kept, engagements=looks).study()
    for name in TABLES:
        assert getattr(erased, name).equals(getattr(never, name)), name
    assert person not in erased.mobilisations["account_id"].to_pylist()
    assert person not in erased.interactions["source_id"].to_pylist()


@BRIEF
@given(worlds())
def test_an_organisers_hub_moves_nobodys_span(world: World) -> None:
    first = world.posts[0]["created_at"] - timedelta(days=30)
    hub = [
        post(f"hub{number}-{day}", "hub", first + timedelta(days=7 * day), mentions=[who])
        for number, who in enumerate(PEOPLE)
        for day in range(30)
    ]
    known = replace(world, roles={**world.roles, "hub": "organiser"})
    before, after = known.study(), replace(known, posts=[*world.posts, *hub]).study()
    for episode in before.episodes["episode_id"].to_pylist():
        now = _ties(after, episode)
        assert {who: now[who] for who in _ties(before, episode)} == _ties(before, episode)


@BRIEF
@given(worlds())
def test_every_pair_of_a_week_agrees_with_its_mobilisations(world: World) -> None:
    study = world.study()
    seen = 0
    for week in set(study.episodes["iso_week"].to_pylist()):
        pairs = pair_classes(study, week)
        for episode, one in enumerate(pairs.episodes):
            ties = _ties(study, one)
            for actor, who in enumerate(pairs.actors):
                assert bool(pairs.is_mobiliser[actor, episode]) is (who in ties)
                if who in ties:
                    seen += 1
                    assert TIE_CLASSES[pairs.tie_class[actor, episode]] == ties[who][0]
                    assert (pairs.num_mutual[actor, episode], pairs.range[actor, episode]) == (
                        ties[who][4],
                        ties[who][6],
                    )
                    assert not pairs.is_forbidden[actor, episode]
    assert seen == study.mobilisations["role"].to_pylist().count("person")
