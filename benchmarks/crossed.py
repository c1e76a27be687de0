"""Do two-way intervals hold where episodes and persons both have a bent of their own, and what change shows?

    python -m benchmarks.crossed [rounds, default 2000] [--write]

Drawn anew in each round: what moves an episode, what moves a person, who meets which call, who answers. Beside the
two-way interval stand those that know of one side alone, and Wilson's, that takes cases as independent. A change is
from one set of episodes to another with the same people; its power is asked at the smallest change that is said to
show. ``--write`` puts the table into docs/methods.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from benchmarks.sections import METHODS, rewrite
from transforms.indicators.difference import Difference, difference
from transforms.indicators.two_way import Cases, cases, interval
from transforms.proportions import Interval, wilson

ROUNDS, MEET = 2000, 0.2
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(60)


@dataclass(frozen=True)
class Crowd:
    """So many episodes and people, who meet each call with probability MEET; sd of their bents, on the logit."""

    name: str
    episodes: int
    people: int
    by_episode: float
    by_person: float
    level: float = -0.6


CROWDS = (
    Crowd("15 episodes, 60 people", 15, 60, 0.5, 0.8),
    Crowd("40 episodes, 150 people", 40, 150, 0.5, 0.8),
    Crowd("40 episodes, 150 people, alike", 40, 150, 0.0, 0.0),
    Crowd("40 episodes, 30 people, very unlike", 40, 30, 0.3, 1.5),
    Crowd("40 episodes, 150 people, rare (5 %)", 40, 150, 0.5, 0.8, -3.3),
)


def expected(crowd: Crowd, level: float) -> float:
    """Share that answers, on average over all episodes and people there could be."""
    bent = NODES * np.hypot(crowd.by_episode, crowd.by_person)
    return float(WEIGHTS @ (1 / (1 + np.exp(-(level + bent)))) / WEIGHTS.sum())


def draw(crowd: Crowd, person: np.ndarray, level: float, dice: np.random.Generator) -> Cases:
    """One set of episodes, met by some of the people with these bents."""
    meets = np.argwhere(dice.random((crowd.episodes, crowd.people)) < MEET)
    episode, who = meets.T
    bent = dice.normal(0, crowd.by_episode, crowd.episodes)[episode] + person[who]
    answered = dice.random(len(who)) < 1 / (1 + np.exp(-(level + bent)))
    return cases(answered.astype(float), np.ones(len(who)), [episode, who])


def one_side(sample: Cases, side: int) -> Interval:
    """As if only episodes (0), or only persons (1), hung together."""
    return interval(sample._replace(sides=(sample.sides[side],)))


def holds(found: Interval, truth: float) -> bool:
    return found.low is not None and found.high is not None and found.low <= truth <= found.high


def values(crowd: Crowd, rounds: int) -> list[float]:
    """Share of the rounds whose intervals hold the truth: two-way, by episode, by person, of cases alone."""
    truth, held = expected(crowd, crowd.level), []
    for seed in range(rounds):
        dice = np.random.default_rng([seed, 1])
        sample = draw(crowd, dice.normal(0, crowd.by_person, crowd.people), crowd.level, dice)
        alone = wilson(round(sample.above.sum()), len(sample.above))
        found = (interval(sample), one_side(sample, 0), one_side(sample, 1), alone)
        held.append([holds(one, truth) for one in found])
    return [float(share) for share in np.mean(held, axis=0)]


def changed(crowd: Crowd, level: float, rounds: int) -> Iterator[Difference]:
    """Changes from the crowd's own level to `level`, among the same people."""
    for seed in range(rounds):
        dice = np.random.default_rng([seed, 2])
        person = dice.normal(0, crowd.by_person, crowd.people)
        before, now = (draw(crowd, person, at, dice) for at in (crowd.level, level))
        if (found := difference(now, before)) is not None:
            yield found


def change_of(crowd: Crowd, rounds: int) -> list[float]:
    """How often no change is held, the smallest change that is said to show, and how often one of that size shows."""
    still = list(changed(crowd, crowd.level, rounds))
    held = [holds(one.interval(), 0.0) for one in still]
    smallest = float(np.mean([one.smallest_visible for one in still]))
    start = expected(crowd, crowd.level)
    level = brentq(lambda at: expected(crowd, at) - start - smallest, crowd.level, 40.0)
    ends = [one.interval() for one in changed(crowd, level, rounds)]
    return [float(np.mean(held)), smallest, float(np.mean([one.low is not None and one.low > 0 for one in ends]))]


def lines(rounds: int) -> Iterator[str]:
    """The table, as Markdown."""
    error = 100 * np.sqrt(0.95 * 0.05 / rounds)
    yield f"{rounds} rounds a crowd; a share of 95 % has a standard error of {error:.1f} points.\n"
    heads = ["crowd", "two-way", "by episode", "by person", "Wilson", "no change held", "smallest visible", "shows"]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for crowd in CROWDS:
        held, (still, smallest, power) = values(crowd, rounds), change_of(crowd, rounds)
        cells = [*(f"{share:.1%}" for share in held), f"{still:.1%}", f"{100 * smallest:.0f} points", f"{power:.0%}"]
        yield f"| {crowd.name} | {' | '.join(cells)} |"


def main(arguments: list[str]) -> None:
    """Print the table, and write it into the page of the methods if asked to."""
    numbers = [int(word) for word in arguments if word.isdigit()]
    text = "\n".join(lines(numbers[0] if numbers else ROUNDS))
    if "--write" in arguments:
        rewrite(METHODS, "crossed", text)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
