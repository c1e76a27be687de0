"""The public table of indicators: each value computed from told cells, with its interval and what it was told for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from transforms.indicators.catalogue import EIGHT
from transforms.indicators.spread import effective_number
from transforms.proportions import UNKNOWN, Interval
from transforms.report.chains import HOURS, LANGUAGES, NO_LANGUAGE, NUM_WEEKS, SO_FAR
from transforms.report.disclosure import Sum, Told
from transforms.report.lines import LANGUAGES_REACHED, LINES, Line
from transforms.report.margins import class_of_half, log_ratio_interval, share_interval

PUBLIC_INDICATORS = pa.schema(
    [(name, pa.string()) for name in ("campaign", "iso_week", "indicator", "stratum")]
    + [(name, pa.float64()) for name in ("value", "low", "high")]
    + [("n", pa.int64()), ("design_effect", pa.float64()), ("chance", pa.string()), ("status", pa.string())]
)
"""`n`: what a share is a share of, or the count itself; `chance`: above, below or same, against the null model."""


class Circumstance(NamedTuple):
    """What else is told of a figure: its design effect, and how it stands to chance."""

    design_effect: float | None = None
    chance: str | None = None


Effects = Sequence[float | None]
Circumstances = Mapping[tuple[str, str, str], Circumstance]
"""By week, indicator and stratum."""


class Reading(NamedTuple):
    """A value with its interval and denominator; `status` says why there is none."""

    value: float | None
    n: int | None
    interval: Interval = UNKNOWN
    status: str = "final"


def public_indicators(told: Told, known: Circumstances) -> pa.Table:
    """Every public number of every week (schema `PUBLIC_INDICATORS`), and of the 8 final weeks up to it (``…_8w``)."""
    rows = [*_final(told, known), *_provisional(told)]
    return pa.Table.from_pylist(rows, schema=PUBLIC_INDICATORS).sort_by(
        [(name, "ascending") for name in ("campaign", "iso_week", "indicator", "stratum")]
    )


def circumstances_of(public: pa.Table) -> Circumstances:
    """What an earlier issue told of its final weeks, to be told again: beside a week's figure, or one over 8."""
    found: dict[tuple[str, str, str], Circumstance] = {}
    for row in public.to_pylist():
        if row["status"] != "provisional":
            key = (row["iso_week"], row["indicator"].removesuffix(EIGHT), row["stratum"])
            known = found.get(key, Circumstance())
            found[key] = Circumstance(_first(known.design_effect, row["design_effect"]), known.chance or row["chance"])
    return found


def _first(one: float | None, other: float | None) -> float | None:
    return other if one is None else one


def _final(told: Told, known: Circumstances) -> Iterator[dict[str, object]]:
    for place, week in enumerate(told.final):
        eight = told.final[max(0, place + 1 - NUM_WEEKS) : place + 1]
        for line in (*LINES, languages(told, week)):
            effects = [known.get((week, *key), Circumstance()).design_effect for key in line.clustered_as] or [1.0]
            chance = known.get((week, line.indicator, line.stratum), Circumstance()).chance
            yield from _row(told, line, [week], "", effects, chance)
            if line.kind != "count":
                yield from _row(told, line, eight, EIGHT, effects, None)


def _row(
    told: Told, line: Line, weeks: Sequence[str], suffix: str, effects: Effects, chance: str | None
) -> Iterator[dict[str, object]]:
    sums = (*line.above, *line.below)
    known = told.weeks_told(weeks, *sums)
    if weeks[-1] not in known:  # a later week of the eight may become final after it: then it is told, and stays
        return
    found = READ[line.kind](told, line, known, effects)
    is_held = found.value is not None and any(told.is_held(week, *sums) for week in known)
    yield {
        "campaign": told.campaign,
        "iso_week": weeks[-1],
        "indicator": line.indicator + suffix,
        "stratum": line.stratum,
        "value": found.value,
        "low": found.interval.low,
        "high": found.interval.high,
        "n": found.n,
        "design_effect": effects[0] if line.kind == "share" and found.value is not None else None,
        "chance": chance if found.value is not None else None,
        "status": "held" if is_held else found.status,
    }


def _provisional(told: Told) -> Iterator[dict[str, object]]:
    """Of a week that is not final, calls and episodes."""
    for week in told.provisional:
        for name, cells in (("calls", ("episodes", "repeats")), ("episodes", ("episodes",))):
            number = told.people([week], Sum(SO_FAR, cells))
            yield {
                "campaign": told.campaign,
                "iso_week": week,
                "indicator": name,
                "stratum": "all",
                "value": number,
                "n": number,
                "status": "provisional",
            }


def languages(told: Told, week: str) -> Line:
    """How many languages, as if equally spoken; which are told apart the campaign file says."""
    cells = tuple(cell for cell in told.cells.get(week, {}).get(LANGUAGES, {}) if cell != NO_LANGUAGE)
    return Line(*LANGUAGES_REACHED, "diversity", tuple(Sum(LANGUAGES, (cell,)) for cell in cells))


def _count(told: Told, line: Line, weeks: Sequence[str], _: Effects) -> Reading:
    number = told.people(weeks, *line.above)
    return Reading(None if number is None else float(number), number)


def _enough(below: int, told: Told) -> str:
    if below == 0:
        return "undefined"
    return "final" if below >= told.grain.fewest else "too_few"


def _over(told: Told, line: Line, weeks: Sequence[str]) -> tuple[int, int, str]:
    above, below = (told.people(weeks, *sums) or 0 for sums in (line.above, line.below))
    return above, below, _enough(below, told)


def _share(told: Told, line: Line, weeks: Sequence[str], effects: Effects) -> Reading:
    above, below, status = _over(told, line, weeks)
    if status != "final":
        return Reading(None, below, status=status)
    return Reading(above / below, below, share_interval(above, below, effects[0], told.grain.slack(len(weeks))))


def _balance(told: Told, line: Line, weeks: Sequence[str], effects: Effects) -> Reading:
    share = _share(told, line, weeks, effects)
    if share.value is None:
        return share
    low, high = (None if end is None else 2 * end - 1 for end in share.interval)
    return share._replace(value=2 * share.value - 1, interval=Interval(low, high))


def _mean(told: Told, line: Line, weeks: Sequence[str], _: Effects) -> Reading:
    above, below, status = _over(told, line, weeks)
    return Reading(round(above / below, told.grain.digits) if status == "final" else None, below, status=status)


def _log_ratio(told: Told, line: Line, weeks: Sequence[str], effects: Effects) -> Reading:
    """Of two shares: first, second."""
    halves = [(line.above[:1], line.below[:2]), (line.above[1:], line.below[2:])]
    parts = [
        _share(told, line._replace(above=above, below=below), weeks, [effect])
        for (above, below), effect in zip(halves, effects, strict=True)
    ]
    numerators = [told.people(weeks, *above) or 0 for above, _ in halves]
    n = sum(one.n or 0 for one in parts)
    if any(one.value is None for one in parts) or min(numerators) < told.grain.fewest_above:
        is_undefined = any(one.status == "undefined" for one in parts) or (told.grain.base == 1 and 0 in numerators)
        return Reading(None, n, status="undefined" if is_undefined else "too_few")
    (value, one), (base, other) = ((part.value or 0.0, part.interval) for part in parts)
    return Reading(math.log(value / base), n, log_ratio_interval((value, one), (base, other)))


def _median(told: Told, line: Line, weeks: Sequence[str], _: Effects) -> Reading:
    """The upper edge of the class in which half of the episodes have been answered."""
    (answered,) = line.above
    levels = list(accumulate(told.people(weeks, Sum(answered.chain, (cell,))) or 0 for cell in answered.cells))
    below = told.people(weeks, *line.below) or 0
    if (status := _enough(below, told)) != "final":
        return Reading(None, below, status=status)
    off = told.grain.slack(len(weeks))
    bands = [share_interval(level, below, 1.0, off) for level in levels]
    ends = [class_of_half([end or 0.0 for end in side], 1.0) for side in zip(*bands, strict=True)]
    place = class_of_half(levels, below)
    low, high = (None if end is None else edges(told)[end] for end in reversed(ends))
    if place is None:
        return Reading(None, below, status="undefined")
    return Reading(edges(told)[place], below, Interval(low, high))


def _diversity(told: Told, line: Line, weeks: Sequence[str], _: Effects) -> Reading:
    counts = [told.people(weeks, one) or 0 for one in line.above]
    if (status := _enough(sum(counts), told)) != "final":
        return Reading(None, sum(counts), status=status)
    return Reading(round(float(effective_number(np.array(counts, dtype=float))), told.grain.digits), sum(counts))


def edges(told: Told) -> list[float]:
    """Upper edges (hours) of the classes of first answers."""
    return [float(hour) for hour in (*HOURS, told.follow_up)]


READ: Mapping[str, Callable[[Told, Line, Sequence[str], Effects], Reading]] = {
    "count": _count,
    "share": _share,
    "balance": _balance,
    "mean": _mean,
    "log_ratio": _log_ratio,
    "median": _median,
    "diversity": _diversity,
}
