"""What the analysis must find, counted from the simulator's own events by plain code that shares nothing with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from tests.sandbox.catalogue import tags_of
from tests.sandbox.memory import CLASSES, Memory
from tests.sandbox.parameters import PARIS
from tests.sandbox.simulate import Simulation
from tests.sandbox.stock import HASHTAG
from tests.sandbox.world import Post, World

Json = dict[str, Any]


@dataclass(slots=True)
class Told:
    """An episode as its events tell it: first act and tie of everyone who mobilised, ties of everyone else."""

    world: str
    beneficiary: int
    opened: datetime
    authors: set[int]
    num_calls: int = 1
    first_acts: dict[int, datetime] = field(default_factory=dict)
    ties: dict[int, str] = field(default_factory=dict)


def truth(simulations: Sequence[Simulation]) -> Json:
    """Planted parameters (of the first), and per week and overall what was realised in all of them together.

    Nobody takes part in two.
    """
    parameters = simulations[0].parameters
    told, late = list[Told](), list[datetime]()
    for simulation in simulations:
        episodes, too_late = _episodes(simulation)
        told += episodes
        late += too_late
    weeks: dict[str, list[Told]] = defaultdict(list)
    for episode in told:
        weeks[_week(episode.opened)].append(episode)
    repeats = Counter(map(_week, late))
    return {
        "planted": parameters.planted(),
        "expected_yield": {kind: parameters.response[kind] * parameters.share_seen for kind in CLASSES[:3]},
        "as_of": parameters.as_of.isoformat(),
        "counts": [_counts(simulation) for simulation in simulations],
        "weeks": {
            week: _summary(weeks[week], parameters.as_of) | {"late_repeat_calls": repeats[week]}
            for week in sorted(weeks)
        },
        "overall": _summary(told, parameters.as_of),
        **_written([simulation.world for simulation in simulations]),
    }


def _written(worlds: Sequence[World]) -> Json:
    """Who is who, and what was written as what."""
    people = [(world.identity(person.number), person) for world in worlds for person in world.people]
    posts = [(world.uri(post), post) for world in worlds for post in world.posts]
    return {
        "communities": {name: person.trade for name, person in people if person.trade},
        "organisers": [name for name, person in people if person.role == "organiser"],
        "bots": [name for name, person in people if person.role == "bot"],
        "undeclared_automata": [name for name, person in people if person.role == "automaton"],
        "refused": [name for name, person in people if person.role == "refused"],
        "labels": {uri: post.label for uri, post in posts if post.label and under_hashtag(post) and not post.deleted},
        "beneficiaries": {
            uri: post.beneficiary_word for uri, post in posts if post.label == "call" and not post.deleted
        },
        "deleted": [uri for uri, post in posts if post.deleted],
    }


def _week(moment: datetime) -> str:
    year, week, _ = moment.astimezone(ZoneInfo(PARIS)).isocalendar()
    return f"{year}-W{week:02d}"


def under_hashtag(post: Post) -> bool:
    """Whether the post carries the campaign's hashtag, in any spelling."""
    return HASHTAG.lower() in tags_of(post.text)


def _counts(simulation: Simulation) -> Json:
    world = simulation.world
    return {
        "people": len(world.people),
        "posts": len(world.posts),
        "boosts": len(world.boosts),
        "contacts": len(world.contacts),
        "hashtag_posts": sum(under_hashtag(post) for post in world.posts),
        "contacts_by_kind": dict(Counter(contact.kind for contact in world.contacts)),
    }


def _episodes(simulation: Simulation) -> tuple[list[Told], list[datetime]]:
    """Episodes, and the times of calls that came after an episode's follow-up and are in none."""
    world, parameters = simulation.world, simulation.parameters
    episode_of: dict[int, Told] = {}
    newest: dict[int, Told] = {}
    told: list[Told] = []
    late: list[datetime] = []
    follow_up = timedelta(hours=parameters.follow_up_hours)
    for post in world.posts:
        if post.label != "call" or post.deleted:
            continue
        assert post.beneficiary is not None
        last = newest.get(post.beneficiary)
        if last is None or post.time - last.opened >= timedelta(days=parameters.episode_days):
            last = newest[post.beneficiary] = Told(world.identity(0), post.beneficiary, post.time, set(), 0)
            told.append(last)
        elif post.time - last.opened >= follow_up:
            late.append(post.time)
            continue
        last.num_calls += 1
        last.authors.add(post.author)
        episode_of[post.number] = last
    _first_acts(world, episode_of, follow_up)
    _ties(simulation, told)
    return told, late


def _first_acts(world: World, episode_of: dict[int, Told], follow_up: timedelta) -> None:
    open_for: dict[int, list[Told]] = defaultdict(list)
    for episode in episode_of.values():
        open_for[episode.beneficiary].append(episode)
    acts = [(boost.time, boost.actor, _calls_above(world, boost.post)) for boost in world.boosts]
    acts += [
        (post.time, post.author, set(chain.from_iterable(_calls_above(world, n) for n in _acted_upon(post))))
        for post in world.posts
        if post.label != "call"
    ]
    reached = [(time, actor, episode_of[call]) for time, actor, calls in acts for call in calls if call in episode_of]
    reached += [
        (post.time, post.author, episode)
        for post in world.posts
        if under_hashtag(post) and post.label != "call"
        for named in post.mentions
        if named not in post.inherited
        for episode in open_for[named]
    ]
    for time, actor, episode in sorted(reached, key=lambda act: act[0]):
        outside = actor == episode.beneficiary or actor in episode.authors or world.people[actor].role != "person"
        if not outside and episode.opened <= time < episode.opened + follow_up:
            episode.first_acts.setdefault(actor, time)


def _acted_upon(post: Post) -> list[int]:
    return [n for n in (post.reply_to, post.quote_of) if n is not None]


def _calls_above(world: World, number: int) -> set[int]:
    """The nearest call on each way up from a post, itself included."""
    post = world.posts[number]
    if post.label == "call":
        return {number}
    return set(chain.from_iterable(_calls_above(world, n) for n in _acted_upon(post)))


def _ties(simulation: Simulation, told: list[Told]) -> None:
    memory, people = Memory(simulation.parameters), simulation.world.people
    for contact in simulation.world.contacts:
        memory.remember(contact.source, contact.target, contact.time)
    for episode in told:
        episode.ties = {
            other: kind
            for other, kind in memory.alters(episode.beneficiary, episode.opened).items()
            if people[other].role == "person" and other not in episode.authors
        }


def _summary(told: list[Told], as_of: datetime) -> Json:
    mobilised = Counter(episode.ties.get(actor, "absent") for episode in told for actor in episode.first_acts)
    alters = Counter(kind for episode in told for kind in episode.ties.values())
    total = sum(mobilised.values())
    weak = mobilised["weak"] + mobilised["moderately_weak"]
    mature = [episode for episode in told if episode.opened + timedelta(hours=168) <= as_of]
    firsts = sorted(_hours_to_first(episode, as_of) for episode in told)
    return {
        "calls": sum(episode.num_calls for episode in told),
        "episodes": len(told),
        "mobilisers": total,
        "distinct_mobilisers": len({(episode.world, actor) for episode in told for actor in episode.first_acts}),
        "ties": {kind: mobilised[kind] for kind in CLASSES},
        "alters": {kind: alters[kind] for kind in CLASSES[:3]},
        "tie_mix": {kind: _ratio(mobilised[kind], total) for kind in CLASSES},
        "weak_tie_share_of_classified": _ratio(weak, total),
        "weak_tie_share_of_observed": _ratio(weak, total - mobilised["absent"]),
        "yield": {kind: _ratio(mobilised[kind], alters[kind]) for kind in CLASSES[:3]},
        "mature_episodes": len(mature),
        "response_rate": _ratio(sum(bool(episode.first_acts) for episode in mature), len(mature)),
        "median_hours_to_first": _median(firsts),
    }


def _hours_to_first(episode: Told, as_of: datetime) -> tuple[float, bool]:
    """Hours to the first act, or of waiting in vain: (hours, whether nobody came)."""
    if episode.first_acts:
        return (min(episode.first_acts.values()) - episode.opened).total_seconds() / 3600, False
    return min(168.0, (as_of - episode.opened).total_seconds() / 3600), True


def _median(firsts: list[tuple[float, bool]]) -> float | None:
    """Kaplan-Meier: the first hour at which half of the episodes or fewer still wait."""
    waiting, share = len(firsts), 1.0
    for hours, in_vain in firsts:
        if not in_vain:
            share *= 1 - 1 / waiting
            if share <= 0.5 + 1e-12:
                return hours
        waiting -= 1
    return None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
