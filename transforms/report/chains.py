"""Which counts every public number rests on: disjoint cells of one population and week, in an order that never changes.

A chain's running totals are what is rounded (:mod:`transforms.report.disclosure`); chains of one population begin with
the same cells where they can and end on the same total, so that they agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from passerelle.allowed import TIE_CLASSES
from transforms.indicators.bins import DAY_BINS, MUTUAL_BINS
from transforms.indicators.retention import WEEKS_FOLLOWED

HOURS = (1, 3, 6, 12, 24, 48)
"""Upper edges (hours) of the classes of first answers, the last class apart: it ends with the follow-up."""
ANSWERED = (*(f"{hour}h" for hour in HOURS), "end")
UNTIED, TIED = "untied", "tied"
NO_LANGUAGE, OTHER_LANGUAGE = "undetermined", "other"
MUTUAL = tuple(reversed(tuple(MUTUAL_BINS)))
TIES = ("unknown", "dormant", "new", "weak", "moderately_weak", "strong")
SILENT = TIES[3:]
DEFINITION = ("unknown", UNTIED, "weaker", "strong")
NUM_WEEKS = 8
"""Final weeks that are taken together where one tells too little."""
Cells = tuple[str, ...]


class Chain(NamedTuple):
    """Name of a chain: whom it counts (of one week), and by what."""

    population: str
    name: str


def back(weeks: int) -> Chain:
    """Newcomers by whether they came back so many weeks later."""
    return Chain("newcomers", f"back_{weeks}")


def definition(window: int, strong_days: int) -> Chain:
    """Mobilisers by tie under another window (days) and another threshold of *strong*."""
    return Chain("mobilisers", f"ties_{window}_{strong_days}")


def kept(share: float) -> Chain:
    """Mobilisers by tie had only that share of the contacts been seen."""
    return Chain("mobilisers", f"ties_kept_{round(100 * share)}")


FIRST = Chain("calls", "first")
STRANGER = Chain("calls", "stranger")
SO_FAR = Chain("calls", "so_far")
"""All that is told of a week whose calls have not all been followed to the end."""
LANGUAGES = Chain("mobilisers", "languages")
NEWCOMERS = Chain("newcomers", "all")
BACK = {back(weeks): ("back", "gone") for weeks in range(1, WEEKS_FOLLOWED + 1)}
OUTCOMES = Chain("outcome_posts", "kind")

CHAINS: Mapping[Chain, Cells] = {
    Chain("mobilisers", "ties"): TIES,
    Chain("mobilisers", "mutual"): ("unknown", *(f"{tie} {bin_}" for tie in (UNTIED, TIED) for bin_ in MUTUAL)),
    Chain("mobilisers", "days"): ("unknown", UNTIED, *DAY_BINS),
    Chain("mobilisers", "sides"): ("unknown", "no_community", "inside", "across"),
    Chain("mobilisers", "accounts"): ("distinct", "repeats"),
    Chain("silent", "ties"): SILENT,
    Chain("silent", "days"): tuple(DAY_BINS),
    Chain("silent", "mutual"): MUTUAL,
    FIRST: (*ANSWERED, "none", "immature", "repeats"),
    STRANGER: (*ANSWERED, "none", "immature", "repeats"),
    SO_FAR: ("episodes", "repeats"),
    Chain("late_repeat_calls", "all"): ("calls",),
    Chain("tree_posts", "all"): ("posts",),
    Chain("actors", "novelty"): ("first", "back"),
    Chain("dyads", "novelty"): ("new", "old"),
    OUTCOMES: ("result", "thanks", "either"),
    Chain("relays", "repeats"): ("once", "again"),
    NEWCOMERS: ("newcomers",),
    **BACK,
    Chain("orphan_replies", "hashtag"): ("with", "without"),
    Chain("referrals", "all"): ("referrals",),
    Chain("organisers", "all"): ("mobilisations",),
    Chain("bots", "all"): ("mobilisations",),
}
"""Every chain but those whose cells the campaign decides (`LANGUAGES`) and those of other definitions."""

assert sorted(TIES) == sorted(TIE_CLASSES)
