"""When what an earlier issue told of a population and week is told again as it was, and when anew.

All of it goes by told cells. If one level of a chain rises while a wider one does not, whoever knows that posts were
only added knows of 1 to 4 people: so cells change together, all up or all down, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, chain, pairwise

from transforms.report.chains import FIRST, SO_FAR, Chain
from transforms.report.truth import Counts, Week


def of_population(week: Week, population: str) -> dict[Chain, Counts]:
    """What was told of a population as final."""
    return {one: cells for one, cells in week.items() if one.population == population and one != SO_FAR}


def changes(before: Week, now: Week) -> list[int]:
    """Changes of the cells of those chains that are told on both sides with the same cells."""
    both = [one for one in before if one in now and list(before[one]) == list(now[one])]
    return [now[one][cell] - before[one][cell] for one in both for cell in now[one]]


def has_one_sign(differences: Iterable[int]) -> bool:
    """Whether none falls, or none rises."""
    found = list(differences)
    return all(one >= 0 for one in found) or all(one <= 0 for one in found)


def open_week(before: Week) -> Counts | None:
    """Episodes and repeated calls of a week as they were told, while it was not final or since."""
    if SO_FAR in before or FIRST not in before:
        return before.get(SO_FAR)
    first = before[FIRST]
    return {"episodes": sum(first.values()) - first["repeats"], "repeats": first["repeats"]}


def anchors_of_calls(before: Week, now: Week) -> Counts:
    """Running totals of calls at which a final week is held to what was told while it was open; none where it agrees.

    They are named by the last cell under each: ``immature`` (all episodes), ``repeats`` (all calls).
    """
    told = open_week(before)
    if told is None or FIRST not in now:
        return {}
    fresh = open_week({FIRST: now[FIRST]}) or {}
    if has_one_sign(fresh[cell] - told[cell] for cell in told):
        return {}
    return {"immature": told["episodes"], "repeats": told["episodes"] + told["repeats"]}


def held_to(cells: Counts, anchors: Counts) -> Counts:
    """A chain whose running totals stop at `anchors`: last cell under each -> running total."""
    names, levels = list(cells), list(accumulate(cells.values()))
    for name in (name for name in names if name in anchors):
        place = names.index(name)
        levels[: place + 1] = [min(level, anchors[name]) for level in levels[: place + 1]]
        levels[place:] = [max(level, anchors[name]) for level in levels[place:]]
        levels[place] = anchors[name]
    return dict(zip(names, (after - level for level, after in pairwise(chain([0], levels))), strict=True))
