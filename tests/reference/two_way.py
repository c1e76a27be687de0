"""Two-way intervals by taking clusters out and dividing again: slow, plain, written from the rules alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import NamedTuple

from scipy import stats


class Row(NamedTuple):
    """What a case adds above and below, and whom it belongs to; `episode` is None where only persons count."""

    y: float
    x: float
    episode: Hashable
    person: Hashable
    case: Hashable = None


Interval = tuple[float | None, float | None]


def ratio(rows: list[Row]) -> float | None:
    below = sum(row.x for row in rows)
    return sum(row.y for row in rows) / below if below > 0 else None


def jackknife(rows: list[Row], of: Callable[[Row], Hashable], value: Callable[[list[Row]], float | None]) -> float:
    """Rule A2: leave each cluster out in turn."""
    left = [value([row for row in rows if of(row) != name]) for name in {of(row) for row in rows}]
    defined = [one for one in left if one is not None]
    whole = value(rows)
    assert whole is not None
    return (len(defined) - 1) / len(defined) * sum((one - whole) ** 2 for one in defined) if defined else 0.0


def effective(rows: list[Row], of: Callable[[Row], Hashable]) -> float:
    sizes: dict[Hashable, float] = defaultdict(float)
    for row in rows:
        sizes[of(row)] += row.x
    return sum(sizes.values()) ** 2 / sum(size**2 for size in sizes.values())


class Spread(NamedTuple):
    """Rules A2 to A4 of a set of rows."""

    sides: tuple[float, ...]
    row: float
    variance: float
    df: float
    effective: tuple[float, ...]
    clusters: tuple[int, ...]


def sides_of(rows: list[Row]) -> list[Callable[[Row], Hashable]]:
    one_sided = all(row.episode is None for row in rows)
    return [lambda row: row.person] if one_sided else [lambda row: row.episode, lambda row: row.person]


def numbered(rows: list[Row]) -> list[Row]:
    """Cases that count, each under a name of its own."""
    return [row if row.case is not None else row._replace(case=place) for place, row in enumerate(rows) if row.x > 0]


def spread(rows: list[Row], is_proportion: bool = True) -> Spread | None:
    rows = numbered(rows)
    sides = sides_of(rows)
    clusters = tuple(len({of(row) for row in rows}) for of in sides)
    if min(clusters) < 2:
        return None
    each = tuple(jackknife(rows, of, ratio) for of in sides)
    alone = jackknife(rows, lambda row: row.case, ratio)
    value, size = ratio(rows), sum(row.x for row in rows)
    assert value is not None
    least = [value * (1 - value) / size] if is_proportion else []
    sizes = tuple(effective(rows, of) for of in sides)
    together = sum(each) - (len(each) - 1) * alone
    return Spread(each, alone, max(together, *each, alone, *least), max(1.0, min(sizes) - 1), sizes, clusters)


def interval(
    rows: list[Row], is_proportion: bool = True, limits: tuple[float, float] = (0.0, 1.0), level: float = 0.95
) -> Interval:
    """Rule A5."""
    found = spread(rows, is_proportion)
    if found is None:
        return None, None
    value, q = ratio(rows), stats.t.ppf(0.5 + level / 2, found.df)
    assert value is not None
    is_at_end = value in (0.0, 1.0)
    if is_proportion or (is_at_end and found.variance == 0 and limits == (0.0, 1.0)):
        size = min(found.clusters) if is_at_end else value * (1 - value) / found.variance
        middle, reach = value + q * q / (2 * size), q * math.sqrt(value * (1 - value) / size + (q / (2 * size)) ** 2)
        low, high = (middle - reach) / (1 + q * q / size), (middle + reach) / (1 + q * q / size)
        return (0.0 if value == 0 else low, 1.0 if value == 1 else high)
    reach = q * math.sqrt(found.variance)
    return max(limits[0], value - reach), min(limits[1], value + reach)


def design_effect(weeks: list[list[Row]], is_proportion: bool = True) -> float:
    """Rule B2."""
    above = below = 0.0
    for rows in weeks:
        found = spread(rows, is_proportion) if any(row.x > 0 for row in rows) else None
        value, size = ratio(rows), sum(row.x for row in rows)
        if found is not None and value is not None:
            above += size**2 * (sum(found.sides) - (len(found.sides) - 1) * found.row)
            below += size * value * (1 - value)
    return max(1.0, above / below) if below else 1.0
