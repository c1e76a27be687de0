"""The exact counts under a release, week by week: what :func:`transforms.report.disclosure.tell` alone may read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from transforms.graphs.jit import Longs
from transforms.indicators.bins import DAY_BINS, MUTUAL_BINS, Bins
from transforms.indicators.cascades import tree_sizes
from transforms.indicators.cohort import ABSENT, Cohort, is_in
from transforms.indicators.frames import Frames
from transforms.indicators.novelty import new_and_old, relays_once
from transforms.indicators.reach import languages
from transforms.indicators.retention import newcomers_back
from transforms.report.alternatives import less_history, other_definitions
from transforms.report.chains import (
    ANSWERED,
    CHAINS,
    FIRST,
    HOURS,
    LANGUAGES,
    NEWCOMERS,
    NO_LANGUAGE,
    NUM_WEEKS,
    OTHER_LANGUAGE,
    OUTCOMES,
    SO_FAR,
    STRANGER,
    TIED,
    UNTIED,
    Chain,
    back,
)

Counts = Mapping[str, int]
Week = Mapping[Chain, Counts]


def nothing_more(week: str) -> Week:
    """No chains beside those of every week."""
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Exact counts: by week and chain, cell -> how many, in the order of the cells.

    `final`: weeks whose calls had all been followed to the end; `provisional`: later ones, of which `SO_FAR` alone is
    counted. `more(week)`: further chains of a week, computed when asked for. `follow_up`: hours of a follow-up.
    """

    campaign: str
    final: Sequence[str]
    provisional: Sequence[str]
    counts: Mapping[str, Week]
    more: Callable[[str], Week] = field(default=nothing_more)
    follow_up: int = 168


def gather_truth(
    frames: Frames, campaign: str, final: Sequence[str], provisional: Sequence[str], spoken: Sequence[str]
) -> Truth:
    """The counts of these weeks; `spoken`: languages that are told apart.

    Other definitions and thinner histories are of the last `NUM_WEEKS` final weeks only.
    """
    counts = {week: exact_week(frames, week, spoken) for week in final}
    counts |= {week: so_far(frames, week) for week in provisional}
    last = frozenset(final[-NUM_WEEKS:])

    def more(week: str) -> Week:
        if week not in last:
            return {}
        return other_definitions(frames.study, week) | less_history(frames.study, week)

    follow_up = frames.study.analysis.follow_up_hours
    return Truth(campaign, tuple(final), tuple(provisional), counts, cache(more), follow_up)


def exact_week(frames: Frames, week: str, spoken: Sequence[str]) -> Week:
    """Every chain of a final week; `spoken`: languages that are told apart. Retention for the weeks that are over."""
    cohort = Cohort(frames, week)
    counts = {
        **_mobilisers(cohort, frames.community(week)),
        LANGUAGES: _languages(cohort, spoken),
        **_silent(cohort),
        **_calls(cohort),
        **_others(cohort),
        **_back(cohort),
    }
    return {chain: _in_order(chain, cells) for chain, cells in counts.items()}


def so_far(frames: Frames, week: str) -> Week:
    """What is told of a week that is not final."""
    episodes = Cohort(frames, week).episodes
    repeats = sum(len(calls) - 1 for calls in episodes["call_ids"])
    return {SO_FAR: {"episodes": len(episodes), "repeats": repeats}}


def _in_order(chain: Chain, cells: Counts) -> Counts:
    """The cells as the catalogue has them. Raises KeyError for one that it does not list."""
    order = CHAINS.get(chain, tuple(cells))
    if stray := cells.keys() - set(order):
        raise KeyError(f"no cell {', '.join(sorted(map(str, stray)))} in the chain {chain}")
    return {cell: int(cells.get(cell, 0)) for cell in order}


def _mobilisers(cohort: Cohort, community: Longs) -> dict[Chain, Counts]:
    rows = cohort.mobilisers
    ties = rows["tie_class"].tolist()
    heads = ["unknown" if tie == "unknown" else UNTIED if tie in ABSENT else TIED for tie in ties]
    mutual, days = _binned(rows["num_mutual"], MUTUAL_BINS), _binned(rows["num_days"], DAY_BINS)
    sides = _sides(cohort, rows, community)
    return {
        Chain("mobilisers", "ties"): Counter(ties),
        Chain("mobilisers", "mutual"): _told_apart(heads, mutual, lambda head, bin_: f"{head} {bin_}"),
        Chain("mobilisers", "days"): _told_apart(heads, days, lambda head, bin_: bin_ if head == TIED else head),
        Chain("mobilisers", "sides"): _told_apart(heads, sides, lambda _, side: side),
        Chain("mobilisers", "accounts"): {"distinct": len(cohort.actors), "repeats": len(rows) - len(cohort.actors)},
    }


def _told_apart(heads: list[str], parts: list[str], name: Callable[[str, str], str]) -> Counts:
    """Those whose tie is known by head and part, the others as unknown."""
    return Counter(head if head == "unknown" else name(head, part) for head, part in zip(heads, parts, strict=True))


def _sides(cohort: Cohort, rows: pd.DataFrame, community: Longs) -> list[str]:
    contacts = cohort.frames.contacts
    helped = cohort.episodes["beneficiary_id"].to_numpy()[rows["episode"].to_numpy(np.int64)]
    one, other = community[contacts.numbers(rows["account_id"])], community[contacts.numbers(helped)]
    known = (one >= 0) & (other >= 0)
    told: list[str] = np.where(known, np.where(one == other, "inside", "across"), "no_community").tolist()
    return told


def _binned(values: pd.Series[int], bins: Bins) -> list[str]:
    """The name of each value's bin; empty where it is in none."""
    found = np.full(len(values), "", dtype=object)
    for name, (low, high) in bins.items():
        found[values.between(low, high).to_numpy(bool)] = name
    told: list[str] = found.tolist()
    return told


def _languages(cohort: Cohort, spoken: Sequence[str]) -> Counts:
    known = languages(cohort).to_dict()
    names = [known.get(account) for account in cohort.mobilisers["account_id"].tolist()]
    told = Counter(NO_LANGUAGE if name is None else name if name in spoken else OTHER_LANGUAGE for name in names)
    return {name: told[name] for name in (NO_LANGUAGE, OTHER_LANGUAGE, *spoken)}


def _silent(cohort: Cohort) -> dict[Chain, Counts]:
    rows = cohort.alters[~cohort.alters["is_mobiliser"].astype(bool)]
    return {
        Chain("silent", "ties"): Counter(rows["tie_class"].tolist()),
        Chain("silent", "days"): Counter(_binned(rows["num_days"], DAY_BINS)),
        Chain("silent", "mutual"): Counter(_binned(rows["num_mutual"], MUTUAL_BINS)),
    }


def _calls(cohort: Cohort) -> dict[Chain, Counts]:
    rows, repeats = cohort.mobilisers, sum(len(calls) - 1 for calls in cohort.episodes["call_ids"])
    strangers = rows[is_in(rows, ABSENT).astype(bool)]
    return {
        FIRST: _first_answers(cohort, rows) | {"repeats": repeats},
        STRANGER: _first_answers(cohort, strangers) | {"repeats": repeats},
    }


def _first_answers(cohort: Cohort, rows: pd.DataFrame) -> dict[str, int]:
    """Episodes by the class of the hour of their first answer; those still waiting, mature and not, apart."""
    first = rows.groupby("episode")["hours"].min()
    classes = np.bincount(np.searchsorted(np.array(HOURS, dtype=float), first.to_numpy(float)), minlength=len(ANSWERED))
    waiting = cohort.episodes.loc[~cohort.episodes.index.isin(first.index), "is_mature"].astype(bool)
    named = dict(zip(ANSWERED, classes.tolist(), strict=True))
    return named | {"none": int(waiting.sum()), "immature": int((~waiting).sum())}


def _others(cohort: Cohort) -> dict[Chain, Counts]:
    roles = cohort.mobilisations["role"]
    new, old = new_and_old(cohort)
    actors = cohort.cut(cohort.frames.actors).drop_duplicates("account_id")["is_first"].astype(bool)
    told = cohort.cut(cohort.frames.outcomes)["outcome"]
    orphans = cohort.cut(cohort.frames.orphans)["has_hashtag"].astype(bool)
    once, again = relays_once(cohort)
    result, thanks = int((told == "result").sum()), int((told == "thanks").sum())
    return {
        Chain("late_repeat_calls", "all"): {"calls": len(cohort.cut(cohort.frames.late_repeats))},
        Chain("tree_posts", "all"): {"posts": int(sum(tree_sizes(cohort)))},
        Chain("actors", "novelty"): {"first": int(actors.sum()), "back": int((~actors).sum())},
        Chain("dyads", "novelty"): {"new": new, "old": old},
        OUTCOMES: {"result": result, "thanks": thanks, "either": len(told) - result - thanks},
        Chain("relays", "repeats"): {"once": once, "again": again},
        Chain("orphan_replies", "hashtag"): {"with": int(orphans.sum()), "without": int((~orphans).sum())},
        Chain("referrals", "all"): {"referrals": int(cohort.mobilisers["num_referrals"].sum())},
        Chain("organisers", "all"): {"mobilisations": int((roles == "organiser").sum())},
        Chain("bots", "all"): {"mobilisations": int((roles == "bot").sum())},
    }


def _back(cohort: Cohort) -> dict[Chain, Counts]:
    newcomers, returned = newcomers_back(cohort)
    chains: dict[Chain, Counts] = {NEWCOMERS: {"newcomers": newcomers}}
    return chains | {back(k): {"back": number, "gone": newcomers - number} for k, number in returned.items()}
