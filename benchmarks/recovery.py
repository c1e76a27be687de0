"""Do the intervals hold the truth as often as they say, and does the null model cry wolf no oftener than 5 %?

    python -m benchmarks.recovery [seeds, default 200] [--write]

Simulated campaigns with planted truth (benchmarks/planted.py), B = 499. Truth is what was planted for the ties *as the
lake shows them*: with missing history, some strong ties look weaker, and no interval can know. The column
`planted` says what it would be with all history, `truth` what the visible ties yield on average over all seeds.
``--write`` puts the tables into docs/methods.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import brentq

from benchmarks.planted import CLASSES, FOLLOW_UP, MEAN_HOURS, STRANGER, TIES, WEEK, YIELDS, Design, Planted, plant
from benchmarks.sections import METHODS, rewrite
from passerelle.campaign import Analysis
from transforms.indicators.bridging import spans
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import cut_study
from transforms.indicators.measure import Measure
from transforms.indicators.mix import mix
from transforms.indicators.null_model import null_model
from transforms.indicators.response import response
from transforms.indicators.yields import yields
from transforms.pairs import pair_classes

DRAWS = 499
DESIGNS = (
    Design("plain"),
    Design("with organisers (3 hubs)", organisers=3),
    Design("with bots (5 hubs)", bots=5),
    Design("history missing for 25 %", missing=0.25),
    Design("all of these", organisers=3, bots=5, missing=0.25),
)
NULL_DESIGNS = (
    Design("no effect of ties", is_null=True),
    Design("no effect, hubs and missing history", organisers=3, bots=5, missing=0.25, is_null=True),
)
TESTED = (
    "weak_tie_share_of_classified",
    "weak_tie_share_of_observed",
    "bridging_share_of_classified",
    "bridging_share_of_observed",
)
QUANTITIES = (
    *(("yield", name) for name in CLASSES),
    ("ln_yield_weak_over_strong", "all"),
    ("tie_mix", "weak"),
    ("tie_mix", "absent"),
    ("weak_tie_share_of_classified", "all"),
    ("weak_tie_share_of_observed", "all"),
    ("response_rate", "all"),
    ("share_24h", "all"),
    ("median_hours_to_first", "all"),
)
Key = tuple[str, str]


@dataclass(frozen=True)
class Outcome:
    """One simulated campaign: (value, low, high) and p by indicator, and what to expect of its visible ties.

    `parts`: expected numerators and denominators, which add up over seeds; `left[e, h]`: chance that call e has had no
    answer after HOURS[h].
    """

    found: dict[Key, tuple[float | None, float | None, float | None]]
    p: dict[str, float | None]
    parts: dict[Key, tuple[float, float]]
    left: np.ndarray


HOURS = np.linspace(0, FOLLOW_UP, 421)


def simulate(design: Design, seed: int, draws: int = DRAWS) -> Outcome:
    """Plant one campaign, measure it, and say what was to be expected."""
    planted = plant(design, seed, Analysis(bootstrap_draws=draws, null_draws=draws, seed=seed))
    measures = list(_measures(planted))
    found = {(one.indicator, one.stratum): (one.value, one.interval.low, one.interval.high) for one in measures}
    p = {one.indicator: one.test.p for one in measures if one.indicator in TESTED}
    expected = 1 - np.exp(-HOURS / MEAN_HOURS)
    share = expected / expected[-1]
    left = np.array([np.prod(1 - column[:, None] * share, axis=0) for column in planted.chance.T])
    return Outcome({key: found[key] for key in QUANTITIES}, p, _parts(planted), left)


def _measures(planted: Planted) -> Iterator[Measure]:
    """The families of indicators that are put to the test, as the weekly table computes them."""
    cohort, pairs = Cohort(cut_study(planted.study), WEEK), pair_classes(planted.study, WEEK)
    null = null_model(cohort, pairs, np.zeros(pairs.tie_class.shape, np.int64))
    yield from mix(cohort, null)
    yield from spans(cohort, null)
    yield from yields(cohort)
    yield from response(cohort)


def _parts(planted: Planted) -> dict[Key, tuple[float, float]]:
    """Expected responders and cases by what the lake shows of each tie."""
    study, chance = planted.study, planted.chance
    row = {name: number for number, name in enumerate(planted.people)}
    column = {name: number for number, name in enumerate(study.episodes["episode_id"].to_pylist())}
    shown = np.full(chance.shape, "absent", dtype=object)
    helped = study.episodes["beneficiary_id"].to_pylist()
    for episode, name in enumerate(helped):
        unseen = ~planted.covered & (not planted.covered[row[name]])
        shown[unseen, episode] = "unknown"
    for one in study.alters.to_pylist():
        shown[row[one["account_id"]], column[one["episode_id"]]] = one["tie_class"]
    answers = {name: chance[shown == name].sum() for name in (*CLASSES, "absent", "unknown")}
    classified = sum(answers.values()) - answers["unknown"]
    weak, strong = answers["weak"] + answers["moderately_weak"], answers["strong"]
    parts = {("yield", name): (answers[name], float((shown == name).sum())) for name in CLASSES}
    parts |= {("tie_mix", name): (answers[name], classified) for name in ("weak", "absent")}
    parts["weak_tie_share_of_classified", "all"] = (weak, classified)
    parts["weak_tie_share_of_observed", "all"] = (weak, weak + strong)
    return parts


def truths(outcomes: Sequence[Outcome]) -> dict[Key, float]:
    """What the intervals of all these campaigns should hold."""
    found = {}
    for key in outcomes[0].parts:
        above, below = np.sum([one.parts[key] for one in outcomes], axis=0)
        found[key] = float(above / below)
    found["ln_yield_weak_over_strong", "all"] = float(np.log(found["yield", "weak"] / found["yield", "strong"]))
    left = np.concatenate([one.left for one in outcomes]).mean(axis=0)
    found["response_rate", "all"] = float(1 - left[-1])
    found["share_24h", "all"] = float(1 - np.interp(24, HOURS, left))
    found["median_hours_to_first", "all"] = float(brentq(lambda hour: np.interp(hour, HOURS, left) - 0.5, 0, FOLLOW_UP))
    return found


def coverage(outcomes: Sequence[Outcome], key: Key, truth: float) -> tuple[float, float, int]:
    """Share of the intervals that hold `truth`, mean of the values, and how many intervals there were.

    An open end (the upper one of a median that the curve's bound never reaches) holds everything.
    """
    known = [one.found[key] for one in outcomes if one.found[key][1] is not None]
    held = [low <= truth <= (np.inf if high is None else high) for _, low, high in known]
    values = [value for value, _, _ in known if value is not None]
    return float(np.mean(held)), float(np.mean(values)), len(known)


def false_alarms(outcomes: Iterable[Outcome], indicator: str, level: float = 0.05) -> tuple[float, int]:
    """Share of campaigns without any effect for which p is at most `level`, and how many had a p."""
    known = [p for one in outcomes if (p := one.p[indicator]) is not None]
    return float(np.mean([p <= level for p in known])), len(known)


def run(design: Design, seeds: range, workers: int = 2) -> list[Outcome]:
    """Simulate the campaigns of a design with these seeds."""
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(partial(simulate, design), seeds, chunksize=4))


def with_all_history(key: Key) -> float | None:
    """What was planted, where that is one number."""
    answers = {name: TIES[name] * YIELDS[name] for name in CLASSES}
    weak = answers["weak"] + answers["moderately_weak"]
    known = {("yield", name): YIELDS[name] for name in CLASSES}
    known["ln_yield_weak_over_strong", "all"] = float(np.log(YIELDS["weak"] / YIELDS["strong"]))
    known["weak_tie_share_of_observed", "all"] = weak / (weak + answers["strong"])
    return known.get(key)


def lines(seeds: int) -> Iterable[str]:
    """The two tables, as Markdown."""
    found = [run(design, range(number * seeds, (number + 1) * seeds)) for number, design in enumerate(DESIGNS)]
    yield f"Intervals: {seeds} campaigns a design of 40 episodes and 300 people (strangers answer with {STRANGER:.1%}),"
    yield f"B = {DRAWS}. Cells: share of the 95 % intervals that hold the truth (truth; mean value).\n"
    yield from _head("indicator", "planted", *(design.name for design in DESIGNS))
    for key in QUANTITIES:
        full = with_all_history(key)
        cells = [_cell(outcomes, key, truths(outcomes)[key]) for outcomes in found]
        name = " ".join(part for part in key if part != "all")
        yield _row(name, "–" if full is None else f"{full:.3f}", *cells)
    yield f"\nNull model: {2 * seeds} campaigns a design in which ties make no difference; share with p ≤ 0.05.\n"
    yield from _head("indicator", *(design.name for design in NULL_DESIGNS))
    null = [run(one, range(2 * number * seeds, 2 * (number + 1) * seeds)) for number, one in enumerate(NULL_DESIGNS)]
    for indicator in TESTED:
        yield _row(indicator, *(f"{false_alarms(outcomes, indicator)[0]:.1%}" for outcomes in null))


def _cell(outcomes: Sequence[Outcome], key: Key, truth: float) -> str:
    share, mean, known = coverage(outcomes, key, truth)
    fewer = "" if known == len(outcomes) else f", of {known}"
    return f"{share:.1%} ({truth:.3f}; {mean:.3f}){fewer}"


def _head(*names: str) -> Iterable[str]:
    return _row(*names), "|---" * len(names) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> None:
    """Print the tables, and write them into the page of the methods if asked to."""
    numbers = [int(word) for word in arguments if word.isdigit()]
    text = "\n".join(lines(numbers[0] if numbers else 200))
    if "--write" in arguments:
        rewrite(METHODS, "recovery", text)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
