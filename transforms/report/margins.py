"""Intervals of public numbers: from told counts alone, and wide enough for what rounding may have moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

from transforms.proportions import UNKNOWN, Interval, score_interval

OF_A_WEEK = 2


def slack(num_weeks: int) -> int:
    """How far a told count is typically off: 2 for a week, ceil(3·√w) for the sum of w weeks."""
    return OF_A_WEEK if num_weeks <= 1 else math.ceil(3 * math.sqrt(num_weeks))


def share_interval(above: int, below: int, design_effect: float | None, off: int) -> Interval:
    """Wilson's interval of `above` / `below` with `below` over the design effect for cases, at its widest over counts
    that are `off` either way; unknown where the design effect is.
    """
    if design_effect is None or below <= 0:
        return UNKNOWN
    ends = [_wilson(above + one, below + other, design_effect) for one, other in product((-off, 0, off), repeat=2)]
    return Interval(min(low for low, _ in ends), max(high for _, high in ends))


def _wilson(above: int, below: int, design_effect: float) -> tuple[float, float]:
    below = max(below, 1)
    low, high = score_interval(min(max(above, 0), below) / below, below / design_effect)
    return low or 0.0, 1.0 if high is None else high


def log_ratio_interval(one: tuple[float, Interval], other: tuple[float, Interval]) -> Interval:
    """Interval of ln(one / other) from both shares and their intervals (MOVER, Zou & Donner 2008); an end is open
    where a share's own is 0.
    """
    (value, (low, high)), (base, (base_low, base_high)) = one, other
    if None in (low, high, base_low, base_high):
        return UNKNOWN
    middle = math.log(value / base)
    below, above = (_arm(value, low), _arm(base, base_high)), (_arm(value, high), _arm(base, base_low))
    return Interval(_end(middle, -math.hypot(*below)), _end(middle, math.hypot(*above)))


def _arm(value: float, end: float | None) -> float:
    return math.inf if not end else abs(math.log(value / end))


def _end(middle: float, reach: float) -> float | None:
    return middle + reach if math.isfinite(reach) else None


def class_of_half(levels: Sequence[float], total: float) -> int | None:
    """The first class whose running total is at least half of `total`; None where none is."""
    reached = [place for place, level in enumerate(levels) if total and 2 * level >= total]
    return reached[0] if reached else None
