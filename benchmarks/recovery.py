"""Do the intervals hold the truth as often as they say, and does the null model cry wolf no oftener than 5 %?

    python -m benchmarks.recovery [seeds, default 800] [--write]

Simulated campaigns with planted truth (benchmarks/planted.py), B = 499. Truth is what was planted for the ties *as the
lake shows them*: with missing history, some strong ties look weaker, and no interval can know. The column
`planted` says what it would be with all history, `truth` what the visible ties yield on average over all seeds.
A share of campaigns is uncertain itself: an interval that holds in 94 % of all campaigns is seen below 92 % of 200 once
in ten cells, of 800 once in a hundred. The tables give the standard error, and Wilson's interval of each cell that
is not within 92 to 98 %. ``--write`` puts them into docs/methods.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from scipy.optimize import brentq

from benchmarks.planted import CLASSES, FOLLOW_UP, MEAN_HOURS, STRANGER, TIES, WEEK, YIELDS, Design, Planted, plant
from benchmarks.sections import METHODS, rewrite
from passerelle.campaign import Analysis
from transforms.help.pairs import pair_classes
from transforms.indicators.bridging import spans
from transforms.indicators.cohort import Cohort
from transforms.indicators.frames import cut_study
from transforms.indicators.measure import IndicatorRow
from transforms.indicators.mix import mix
from transforms.indicators.null_model import NullModel, null_model
from transforms.indicators.response import response
from transforms.indicators.yields import yields
from transforms.proportions import wilson

SEEDS, DRAWS, FEWEST = 800, 499, 100
AIM = 0.92, 0.98
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
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """One simulated campaign: (value, low, high) by indicator, and what to expect of its visible ties.

    `parts`: expected numerators and denominators, which add up over seeds; `left[h]`: chance that a call has had no
    answer after HOURS[h], mean of the campaign's calls (as many in all campaigns).
    """

    found: dict[Key, tuple[float | None, float | None, float | None]]
    parts: dict[Key, tuple[float, float]]
    left: np.ndarray


HOURS = np.linspace(0, FOLLOW_UP, 421)


def simulate(design: Design, seed: int, draws: int = DRAWS) -> Outcome:
    """Plant one campaign, measure it, and say what was to be expected. No p is asked for: few null draws."""
    planted = plant(design, seed, Analysis(bootstrap_draws=draws, null_draws=FEWEST, seed=seed))
    cohort, null = _null(planted)
    measures = [*mix(cohort, null), *yields(cohort), *response(cohort)]
    found = {(one.indicator, one.stratum): (one.value, one.interval.low, one.interval.high) for one in measures}
    expected = 1 - np.exp(-HOURS / MEAN_HOURS)
    share = expected / expected[-1]
    left = np.array([np.prod(1 - column[:, None] * share, axis=0) for column in planted.chance.T])
    return Outcome({key: found[key] for key in QUANTITIES}, _parts(planted), left.mean(axis=0))


def chances(design: Design, seed: int, draws: int = DRAWS) -> dict[str, float | None]:
    """Plant one campaign: p of each indicator in TESTED. No interval is asked for: few bootstrap draws."""
    cohort, null = _null(plant(design, seed, Analysis(bootstrap_draws=FEWEST, null_draws=draws, seed=seed)))
    measures: list[IndicatorRow] = [*mix(cohort, null), *spans(cohort, null)]
    return {one.indicator: one.test.p for one in measures if one.indicator in TESTED}


def _null(planted: Planted) -> tuple[Cohort, NullModel]:
    cohort, pairs = Cohort(cut_study(planted.study), WEEK), pair_classes(planted.study, WEEK)
    return cohort, null_model(cohort, pairs, np.zeros(pairs.tie_class.shape, np.int64))


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
    left = np.mean([one.left for one in outcomes], axis=0)
    found["response_rate", "all"] = float(1 - left[-1])
    found["share_24h", "all"] = float(1 - np.interp(24, HOURS, left))
    found["median_hours_to_first", "all"] = float(brentq(lambda hour: np.interp(hour, HOURS, left) - 0.5, 0, FOLLOW_UP))
    return found


def coverage(outcomes: Sequence[Outcome], key: Key, truth: float) -> tuple[float, float, int]:
    """Share of the intervals that hold `truth`, mean of the values, and how many intervals there were.

    An open end (the upper one of a median that the curve's bound never reaches) holds everything.
    """
    found = (one.found[key] for one in outcomes)
    known = [(value, low, high) for value, low, high in found if low is not None]
    held = [low <= truth <= (np.inf if high is None else high) for _, low, high in known]
    values = [value for value, _, _ in known if value is not None]
    return float(np.mean(held)), float(np.mean(values)), len(known)


def false_alarms(found: Iterable[Mapping[str, float | None]], indicator: str, level: float = 0.05) -> tuple[float, int]:
    """Share of campaigns without any effect for which p is at most `level`, and how many had a p."""
    known = [p for one in found if (p := one[indicator]) is not None]
    return float(np.mean([p <= level for p in known])), len(known)


def run(task: Callable[[Design, int], Result], design: Design, seeds: range, workers: int = 2) -> list[Result]:
    """:func:`simulate` or :func:`chances` for the campaigns of a design with these seeds."""
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(partial(task, design), seeds, chunksize=4))


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
    found = [run(simulate, design, _block(number, seeds)) for number, design in enumerate(DESIGNS)]
    truth = [truths(outcomes) for outcomes in found]
    yield f"Intervals: {seeds} campaigns a design of 40 episodes and 300 people (strangers answer with {STRANGER:.1%}),"
    yield f"B = {DRAWS}. Cells: share of the 95 % intervals that hold the truth (truth; mean value)."
    yield f"A share of 95 % has a standard error of {_standard_error(0.95, seeds):.1f} points.\n"
    yield from _head("indicator", "planted", *(design.name for design in DESIGNS))
    remarks: list[str | None] = []
    for key in QUANTITIES:
        full, name = with_all_history(key), " ".join(part for part in key if part != "all")
        cells = []
        for design, outcomes, expected in zip(DESIGNS, found, truth, strict=True):
            share, mean, known = coverage(outcomes, key, expected[key])
            cells.append(_cell(share, expected[key], mean, "" if known == seeds else f", of {known}"))
            remarks.append(remark(f"{name}, {design.name}", share, known))
        yield _row(name, "–" if full is None else f"{full:.3f}", *cells)
    yield from _summary(remarks)
    half = max(1, seeds // 2)
    yield f"\nNull model: {half} campaigns a design in which ties make no difference; share with p ≤ 0.05."
    yield f"A share of 5 % has a standard error of {_standard_error(0.05, half):.1f} points.\n"
    yield from _head("indicator", *(design.name for design in NULL_DESIGNS))
    null = [run(chances, design, _block(number, half)) for number, design in enumerate(NULL_DESIGNS)]
    for indicator in TESTED:
        yield _row(indicator, *(f"{false_alarms(ps, indicator)[0]:.1%}" for ps in null))


def remark(cell: str, share: float, known: int) -> str | None:
    """Wilson's interval of a coverage that is not within AIM, seen in `known` campaigns; None for the others."""
    if AIM[0] <= share <= AIM[1]:
        return None
    low, high = wilson(round(share * known), known)
    return f"{cell}: {share:.1%} ({low:.1%} to {high:.1%})"


def _summary(remarks: Sequence[str | None]) -> Iterable[str]:
    outside = [line for line in remarks if line is not None]
    count = f"\n{len(remarks) - len(outside)} of {len(remarks)} cells lie within {AIM[0]:.0%} to {AIM[1]:.0%}"
    yield count + ("; outside, with Wilson's interval of the share:\n" if outside else ".")
    yield from (f"- {line}" for line in outside)


def _block(number: int, seeds: int) -> range:
    """No two designs of a table share a seed."""
    return range(number * seeds, (number + 1) * seeds)


def _standard_error(share: float, seeds: int) -> float:
    """Binomial, in points."""
    return 100 * float(np.sqrt(share * (1 - share) / seeds))


def _cell(share: float, truth: float, mean: float, fewer: str) -> str:
    return f"{share:.1%} ({truth:.3f}; {mean:.3f}){fewer}"


def _head(*names: str) -> Iterable[str]:
    return _row(*names), "|---" * len(names) + "|"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> None:
    """Print the tables, and write them into the page of the methods if asked to."""
    numbers = [int(word) for word in arguments if word.isdigit()]
    text = "\n".join(lines(numbers[0] if numbers else SEEDS))
    if "--write" in arguments:
        rewrite(METHODS, "recovery", text)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
