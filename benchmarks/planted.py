"""Campaigns whose truth is known: ties of every class, and how likely each of them is to answer, are planted.

One week of episodes after 84 days of history. Who answers depends on the class of the tie, on how active the person
is and on how appealing the call is, so that cases within an episode and within a person hang together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from passerelle.campaign import Analysis
from passerelle.tables import ACCOUNTS, ENGAGEMENTS, LABELS, POSTS
from passerelle.weeks import iso_week
from transforms.help.study import Study, build_study
from transforms.ties.coverage import build_coverage

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = "2026-W23"
CLASSES = ("strong", "moderately_weak", "weak")
TIES = {"strong": 6, "moderately_weak": 8, "weak": 12}
"""Ties of each class that a beneficiary has."""
YIELDS = {"strong": 0.14, "moderately_weak": 0.08, "weak": 0.05}
"""Planted probability that such a tie answers or relays; strangers below."""
STRANGER = 0.003
CONTACT_DAYS = {"strong": 5, "moderately_weak": 2, "weak": 1}
MEAN_HOURS, FOLLOW_UP = 30.0, 168.0


@dataclass(frozen=True)
class Design:
    """What a simulated campaign is like. `organisers`, `bots`: hubs that talk to everybody and relay everything.

    `missing`: share of people whose own posts before the calls were not collected. `is_null`: ties make no
    difference to who answers, which is what the null model says.
    """

    name: str
    people: int = 300
    episodes: int = 40
    organisers: int = 0
    bots: int = 0
    missing: float = 0.0
    is_null: bool = False


@dataclass(frozen=True)
class Planted:
    """The study as Passerelle sees it, and the probability that person i answers call e: shape (people, episodes)."""

    study: Study
    chance: np.ndarray
    people: list[str]
    covered: np.ndarray


def plant(design: Design, seed: int, analysis: Analysis) -> Planted:
    """Simulate one campaign. The same design and seed give the same campaign."""
    generator = np.random.default_rng([seed, 20150926])
    people = [f"u{number:04d}" for number in range(design.people)]
    helped = generator.choice(design.people, design.episodes, replace=False)
    called = np.sort(generator.uniform(0, 168, design.episodes))
    tie = _ties(design, helped, generator)
    chance = _chance(design, tie, helped, generator)
    covered = generator.random(design.people) >= design.missing
    covered[helped] = True
    posts = _history(people, tie, helped, called, covered, generator)
    posts += _talk(people, helped, covered, generator)
    posts += _calls(people, helped, called) + _relays(people, chance, called, generator)
    hubs = {f"organiser{n}": "organiser" for n in range(design.organisers)} | {
        f"bot{n}": "bot" for n in range(design.bots)
    }
    posts += _hubs(hubs, people, called, generator)
    uncovered = [name for name, known in zip(people, covered, strict=True) if not known]
    return Planted(_study(posts, design.episodes, uncovered, hubs, analysis), chance, people, covered)


def _ties(design: Design, helped: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Class of the tie of each person with each beneficiary: position in CLASSES, -1 for none."""
    tie = np.full((design.people, design.episodes), -1)
    for episode, beneficiary in enumerate(helped):
        others = np.setdiff1d(np.arange(design.people), helped)
        chosen = generator.choice(others, sum(TIES.values()), replace=False)
        tie[chosen, episode] = np.repeat(np.arange(3), [TIES[name] for name in CLASSES])
        tie[beneficiary, episode] = -1
    return tie


def _chance(design: Design, tie: np.ndarray, helped: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Probabilities: planted yield times the person's activity times the call's appeal, both of mean 1."""
    activity = generator.lognormal(-0.5 * 0.4**2, 0.4, (design.people, 1))
    appeal = generator.lognormal(-0.5 * 0.3**2, 0.3, (1, design.episodes))
    if design.is_null:
        odds = 0.05 * activity**2 * appeal**2
        chance = odds / (1 + odds)
    else:
        rate = np.array([*(YIELDS[name] for name in CLASSES), STRANGER])
        chance = np.minimum(rate[tie] * activity * appeal, 1.0)
    chance[helped] = 0.0
    return chance


def _history(
    people: list[str],
    tie: np.ndarray,
    helped: np.ndarray,
    called: np.ndarray,
    covered: np.ndarray,
    generator: np.random.Generator,
) -> list[dict[str, Any]]:
    """Mentions that make the planted ties; those written by people who were not collected are not in the lake."""
    found = []
    for person, episode in np.argwhere(tie >= 0):
        name = CLASSES[tie[person, episode]]
        ends = [int(person), int(helped[episode])]
        generator.shuffle(ends)
        for number, day in enumerate(generator.choice(np.arange(3, 80), CONTACT_DAYS[name], replace=False)):
            # A strong tie goes both ways and spans weeks: its days are drawn from 77.
            author, target = ends if name != "strong" or number % 2 else ends[::-1]
            if covered[author]:
                at = called[episode] / 24 - day
                found.append(_post(f"h{person}.{episode}.{number}", people[author], at, mentions=[people[target]]))
    return found


def _talk(
    people: list[str], helped: np.ndarray, covered: np.ndarray, generator: np.random.Generator
) -> list[dict[str, Any]]:
    """Four mentions by everybody who will not call, among themselves: mutual neighbours, so that ranges differ."""
    others = np.setdiff1d(np.arange(len(people)), helped)
    found = []
    for author in others[covered[others]]:
        for number, target in enumerate(generator.choice(others, 4, replace=False)):
            if target != author:
                at = -float(generator.uniform(1, 70))
                found.append(_post(f"t{author}.{number}", people[author], at, mentions=[people[target]]))
    return found


def _calls(people: list[str], helped: np.ndarray, called: np.ndarray) -> list[dict[str, Any]]:
    return [_post(f"call{e}", people[who], called[e] / 24, tag=True) for e, who in enumerate(helped)]


def _relays(
    people: list[str], chance: np.ndarray, called: np.ndarray, generator: np.random.Generator
) -> list[dict[str, Any]]:
    acted = np.argwhere(generator.random(chance.shape) < chance)
    limit = 1 - np.exp(-FOLLOW_UP / MEAN_HOURS)
    hours = -MEAN_HOURS * np.log(1 - limit * generator.random(len(acted)))
    return [
        _post(f"r{who}.{e}", people[who], (called[e] + after) / 24, repost_of_id=f"call{e}")
        for (who, e), after in zip(acted.tolist(), hours, strict=True)
    ]


def _hubs(
    hubs: dict[str, str], people: list[str], called: np.ndarray, generator: np.random.Generator
) -> list[dict[str, Any]]:
    """Hubs talk to everybody before the week and relay each call within the hour."""
    found = []
    for hub in hubs:
        days = -generator.uniform(1, 80, len(people))
        found += [_post(f"{hub}.{n}", hub, at, mentions=[people[n]]) for n, at in enumerate(days)]
        found += [_post(f"{hub}.r{e}", hub, (at + 1) / 24, repost_of_id=f"call{e}") for e, at in enumerate(called)]
    return found


def _post(post_id: str, author: str, day: float, tag: bool = False, **more: Any) -> dict[str, Any]:
    at = MONDAY + timedelta(days=float(day))
    row: dict[str, Any] = {column.name: None for column in POSTS.columns}
    row |= {"platform": "planted", "post_id": post_id, "author_id": author, "created_at": at, "iso_week": iso_week(at)}
    row |= {"first_captured_at": at, "captured_at": at, "text": "", "source": "planted"}
    row |= {"hashtags": ["planted"] if tag else [], "mentions": [], "prefix_mentions": []}
    return row | {"has_media": False, "embedded": False} | more


def _study(
    posts: list[dict[str, Any]], episodes: int, uncovered: list[str], roles: dict[str, str], analysis: Analysis
) -> Study:
    label = {"platform": "planted", "label": "call", "coder": "human", "beneficiary": "self"}
    labels = [label | {"post_id": f"call{e}"} for e in range(episodes)]
    return build_study(
        pa.Table.from_pylist(posts, schema=POSTS.schema),
        ENGAGEMENTS.empty(),
        pa.Table.from_pylist(labels, schema=LABELS.schema),
        ACCOUNTS.empty(),
        build_coverage(pa.table({"scope": []}), MONDAY - timedelta(days=400), uncovered),
        hashtags=frozenset({"planted"}),
        roles=roles,
        as_of=MONDAY + timedelta(days=14),
        zone="UTC",
        analysis=analysis,
    )
