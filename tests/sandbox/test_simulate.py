"""The invented campaign is large, varied, the same each time, and holds what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tests.sandbox.memory import CLASSES, Memory
from tests.sandbox.parameters import Parameters
from tests.sandbox.simulate import Simulation, simulate
from tests.sandbox.truth import truth, under_hashtag
from transforms.calls import LABELS


def test_is_as_large_as_promised(simulation: Simulation) -> None:
    world, parameters = simulation.world, simulation.parameters
    assert sum(person.role == "person" for person in world.people) >= 400
    assert len({person.community for person in world.people if person.community >= 0}) >= 4
    assert len({person.instance for person in world.people}) >= 4
    assert parameters.num_weeks >= 20
    assert min(post.time for post in world.posts) < parameters.start - timedelta(weeks=12)
    assert len({person.identity for person in world.people}) == len(world.people)


def test_the_same_seed_gives_the_same_world(small_simulation: Simulation) -> None:
    again = simulate(small_simulation.parameters)
    assert again.world == small_simulation.world
    other = simulate(Parameters(seed=7, num_weeks=3, prior_weeks=14, num_active=60, num_quiet=12, num_seekers=30))
    assert other.world.posts != small_simulation.world.posts


def test_every_kind_of_post_is_there_in_both_languages(simulation: Simulation) -> None:
    tagged = [post for post in simulation.world.posts if under_hashtag(post)]
    assert {post.label for post in tagged} == set(LABELS)
    assert {post.language for post in tagged} >= {"fr", "en", None}
    assert any(post.edits for post in tagged)
    assert any(post.deleted for post in tagged)
    assert {"self", "other"} == {post.beneficiary_word for post in tagged if post.label == "call"}
    assert not any("{" in post.text.replace("{@", "") for post in simulation.world.posts)


def test_weekly_samples_are_large_enough_to_be_published(simulation: Simulation) -> None:
    weeks = truth([simulation])["weeks"].values()
    large = [week for week in weeks if week["episodes"] >= 10 and week["mobilisers"] > 20]
    assert len(large) >= 0.8 * len(weeks)


def test_realised_yields_are_the_planted_ones(simulation: Simulation) -> None:
    told = truth([simulation])
    for kind, expected in told["expected_yield"].items():
        alters = told["overall"]["alters"][kind]
        margin = 3 * (expected * (1 - expected) / alters) ** 0.5 + 0.01
        assert told["overall"]["yield"][kind] == pytest.approx(expected, abs=margin)


def test_is_lifelike(simulation: Simulation) -> None:
    told = truth([simulation])["overall"]
    assert 0.7 <= told["response_rate"] <= 0.85
    assert 4 <= told["median_hours_to_first"] <= 14
    acts = Counter(contact.kind for contact in simulation.world.contacts if contact.kind != "mention")
    assert acts.most_common(1)[0][0] == "repost"


def test_strong_ties_lie_inside_communities(simulation: Simulation) -> None:
    people = simulation.world.people
    inside = {
        tier: [people[f.one].community == people[f.other].community for f in simulation.friends if f.tier == tier]
        for tier in ("strong", "moderate", "weak")
    }
    shares = [sum(pairs) / len(pairs) for pairs in inside.values()]
    assert shares[0] > shares[1] > shares[2]


def test_tie_classes_follow_the_rules() -> None:
    parameters = Parameters()
    memory, call = Memory(parameters), parameters.start
    days = [call - timedelta(days=n) for n in (3, 12, 20, 30)]
    memory.remember(1, 2, call - timedelta(days=84))
    memory.remember(3, 1, call - timedelta(days=84, microseconds=1))
    memory.remember(4, 1, call)
    memory.remember(1, 5, days[0])
    memory.remember(5, 1, days[0])
    for turn, day in enumerate(days):
        memory.remember(*((1, 6) if turn % 2 else (6, 1)), day)
        memory.remember(1, 7, day)
    assert memory.alters(1, call) == {2: "weak", 5: "moderately_weak", 6: "strong", 7: "moderately_weak"}
    assert {memory.tie(1, other, call) for other in (3, 4, 8)} == {"absent"}
    assert set(CLASSES) == {"strong", "moderately_weak", "weak", "absent"}
