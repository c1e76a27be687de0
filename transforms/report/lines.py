"""Every public number, a line each: from which told cells it is computed. What has no line here is not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from transforms.indicators.bins import DAY_BINS
from transforms.indicators.retention import WEEKS_FOLLOWED
from transforms.report.chains import (
    ANSWERED,
    CHAINS,
    FIRST,
    HOURS,
    MUTUAL,
    NEWCOMERS,
    OUTCOMES,
    SILENT,
    STRANGER,
    TIED,
    TIES,
    UNTIED,
    Chain,
    back,
)
from transforms.report.disclosure import Sum

Reckoning = Literal["count", "share", "balance", "mean", "log_ratio", "median", "diversity"]


class Line(NamedTuple):
    """A public number: `above` over `below`, as `kind` says; a count has nothing below, a log ratio two of each.

    `balance`: (2 above − below) / below. `median`: the hour by which half are answered, from the classes of `above`.
    `diversity`: exp(entropy) over the cells known. `clustered_as`: the shares whose design effects its interval takes,
    one a pair of above and below; none where its cases stand alone.
    """

    indicator: str
    stratum: str
    kind: Reckoning
    above: tuple[Sum, ...]
    below: tuple[Sum, ...] = ()
    clustered_as: tuple[tuple[str, str], ...] = ()


def _of(population: str, name: str, *cells: str) -> tuple[Sum, ...]:
    chain = Chain(population, name)
    return (Sum(chain, cells or CHAINS[chain]),)


def _count(indicator: str, above: tuple[Sum, ...], stratum: str = "all") -> Line:
    return Line(indicator, stratum, "count", above)


def _share(indicator: str, above: tuple[Sum, ...], below: tuple[Sum, ...], stratum: str = "all") -> Line:
    return Line(indicator, stratum, "share", above, below, ((indicator, stratum),))


def _alone(indicator: str, above: tuple[Sum, ...], below: tuple[Sum, ...], stratum: str = "all") -> Line:
    """A share of cases that have nobody in common."""
    return Line(indicator, stratum, "share", above, below)


def _ties(*classes: str) -> tuple[Sum, ...]:
    return _of("mobilisers", "ties", *classes)


EVERYBODY, CLASSIFIED, OBSERVED = _ties(), _ties(*TIES[1:]), _ties(*SILENT)
WEAKER, ABSENT = _ties("weak", "moderately_weak"), _ties("dormant", "new")
EPISODES = tuple(cell for cell in CHAINS[FIRST] if cell != "repeats")
MATURE = (*ANSWERED, "none")
WITHIN_A_DAY = ANSWERED[: HOURS.index(24) + 1]


def lines() -> Iterator[Line]:
    """All of them."""
    yield from _volume()
    yield from _mix()
    yield from _yields()
    yield from _bridges()
    yield from _responses()
    yield from _people()


def _volume() -> Iterator[Line]:
    yield _count("calls", _of(*FIRST))
    yield _count("late_repeat_calls", _of("late_repeat_calls", "all"))
    yield _count("episodes", _of(*FIRST, *EPISODES))
    yield _count("mature_episodes", _of(*FIRST, *MATURE))
    yield _count("mobilisers", EVERYBODY)
    yield _count("classified", CLASSIFIED)
    yield _count("distinct_mobilisers", _of("mobilisers", "accounts", "distinct"))
    yield _count("organiser_mobilisers", _of("organisers", "all"))
    yield _count("bot_mobilisers", _of("bots", "all"))
    yield _count("referrals", _of("referrals", "all"))
    yield _count("orphan_replies", _of("orphan_replies", "hashtag"))
    yield _count("orphan_replies_with_hashtag", _of("orphan_replies", "hashtag", "with"))
    yield _count("outcome_posts", _of(*OUTCOMES))
    for kind in ("result", "thanks"):
        yield _count("outcome_posts", _of(*OUTCOMES, kind), kind)


def _mix() -> Iterator[Line]:
    for name in TIES:
        yield _count("ties", _ties(name), name)
        yield _share("tie_mix", _ties(name), EVERYBODY if name == "unknown" else CLASSIFIED, name)
    yield _share("tie_mix", ABSENT, CLASSIFIED, "absent")
    yield _share("weak_tie_share_of_classified", WEAKER, CLASSIFIED)
    yield _share("weak_tie_share_of_observed", WEAKER, OBSERVED)
    yield _share("activation", _ties("dormant"), CLASSIFIED)


def _yields() -> Iterator[Line]:
    for name in SILENT:
        yield _yield("yield", name, "ties", name)
    weak, strong = (_yield("yield", name, "ties", name) for name in ("weak", "strong"))
    both = (*weak.above, *strong.above), (*weak.below, *strong.below)
    yield Line("ln_yield_weak_over_strong", "all", "log_ratio", *both, (*weak.clustered_as, *strong.clustered_as))
    for name in DAY_BINS:
        yield _yield("yield_by_days", name, "days", name)
    for name in reversed(MUTUAL):
        yield _yield("yield_by_mutual", name, "mutual", f"{TIED} {name}")


def _yield(indicator: str, stratum: str, chain: str, answered: str) -> Line:
    above, silent = _of("mobilisers", chain, answered), _of("silent", chain, stratum)
    return _share(indicator, above, (*above, *silent), stratum)


def _bridges() -> Iterator[Line]:
    mutual = {name: _of("mobilisers", "mutual", f"{UNTIED} {name}", f"{TIED} {name}") for name in MUTUAL}
    for name in reversed(MUTUAL):
        yield _count("mutual", mutual[name], name)
    yield _share("bridging_share_of_classified", mutual["0"], CLASSIFIED)
    yield _share("bridging_share_of_observed", _of("mobilisers", "mutual", f"{TIED} 0"), OBSERVED)
    across, known = _of("mobilisers", "sides", "across"), _of("mobilisers", "sides", "inside", "across")
    yield _share("cross_community_share", across, known)
    yield Line("e_i_index", "all", "balance", across, known, (("cross_community_share", "all"),))
    yield _share("e_i_index", _of("mobilisers", "sides", "no_community"), CLASSIFIED, "without_community")


def _responses() -> Iterator[Line]:
    answered, mature = _of(*FIRST, *ANSWERED), _of(*FIRST, *MATURE)
    yield _alone("response_rate", answered, mature)
    for suffix, chain in (("", FIRST), ("_stranger", STRANGER)):
        everyone = _of(*chain, *EPISODES)
        yield _alone(f"share_24h{suffix}", _of(*chain, *WITHIN_A_DAY), everyone)
        yield Line(f"median_hours_to_first{suffix}", "all", "median", _of(*chain, *ANSWERED), everyone)
    posts = _of("tree_posts", "all")
    yield Line("cascade_size", "all", "mean", posts, _of(*FIRST, *EPISODES))


def _people() -> Iterator[Line]:
    dyads, actors = _of("dyads", "novelty"), _of("actors", "novelty")
    yield _count("active_dyads", dyads)
    yield _count("new_dyads", _of("dyads", "novelty", "new"))
    yield _share("new_dyad_share", _of("dyads", "novelty", "new"), dyads)
    yield _count("actors", actors)
    yield _count("first_time_actors", _of("actors", "novelty", "first"))
    yield _share("first_time_share", _of("actors", "novelty", "first"), actors)
    relays = _of("relays", "repeats")
    yield _count("relays", relays)
    yield _share("redundant_relays", _of("relays", "repeats", "again"), relays)
    yield _count("newcomers", _of(*NEWCOMERS))
    for weeks in range(1, WEEKS_FOLLOWED + 1):
        came = _of(*back(weeks))
        yield _alone("retention", _of(*back(weeks), "back"), came, str(weeks))


LINES = tuple(lines())
_POPULATIONS = {(line.indicator, line.stratum): line.above[0].chain.population for line in LINES}


def population_of(indicator: str, stratum: str) -> str | None:
    """Whom a public number is told of; None where no line tells it."""
    return _POPULATIONS.get((indicator, stratum))


LANGUAGES_REACHED = ("reach_languages", "all")
"""The one public number whose cells the campaign file decides."""
TOLD = frozenset({(line.indicator, line.stratum) for line in LINES} | {LANGUAGES_REACHED})
WITHHELD = frozenset(
    {
        "gini",
        "top5_share",
        "periphery_share",
        "mean_overlap_of_observed",
        "range",
        "structural_virality",
        "cascade_depth",
        "cascade_breadth",
        "fragility",
        "brokers",
        "broker_pairs",
        "brokered_pairs_distinct",
        "conversion_difference",
        "reach_followers",
        "reach_communities",
        "reach_instances",
    }
)
"""Indicators of which nothing is public: no cells that could be rounded make them up."""
WITHHELD_STRATA = frozenset(("reach_languages", stratum) for stratum in ("observed", "rarefied", "unknown"))
