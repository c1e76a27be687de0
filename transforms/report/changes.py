"""The change from one week to another, and the one word that may be said of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from transforms.report.series import Estimate

Direction = Literal["up", "down", "stable", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Change:
    """A difference with its 95 % interval (infinite where one end is open) and its word."""

    value: float
    low: float
    high: float
    direction: Direction


def change(now: Estimate, before: Estimate, margin: float) -> Change | None:
    """now − before, or None where either has no value or no interval.

    Interval by MOVER (Zou & Donner 2008; for Wilson intervals this is Newcombe 1998, method 10):
    d − sqrt((v1 − l1)² + (u0 − v0)²), d + sqrt((u1 − v1)² + (v0 − l0)²). It takes the two weeks as independent;
    people who act in both make it wider than it need be. `margin`: a difference that nobody would act upon.
    """
    if now.value is None or before.value is None:
        return None
    if (now.low is None and now.high is None) or (before.low is None and before.high is None):
        return None
    below = math.hypot(_reach(now.value, now.low), _reach(before.high, before.value))
    above = math.hypot(_reach(now.high, now.value), _reach(before.value, before.low))
    value = now.value - before.value
    return Change(value, value - below, value + above, direction(value - below, value + above, margin))


def direction(low: float, high: float, margin: float) -> Direction:
    """*up* / *down*: the interval leaves 0 out; *stable*: it lies within ± margin; else *inconclusive*."""
    if low > 0:
        return "up"
    if high < 0:
        return "down"
    return "stable" if -margin <= low and high <= margin else "inconclusive"


def _reach(upper: float | None, lower: float | None) -> float:
    """Length of one arm of an interval; an end that is not known is infinitely far."""
    return math.inf if upper is None or lower is None else max(0.0, upper - lower)
