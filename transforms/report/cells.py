"""What the public edition shows of the weekly indicators: no cell of fewer than k people, nor what would reveal one.

Head counts of a week are the mobilisers by class of tie, by mutual neighbours, by range, by side, the responders by
bin, and the posts by what they tell; :mod:`transforms.report.disclosure` decides which sums of them can be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from passerelle.allowed import TIE_CLASSES
from passerelle.tables import WEEKLY_INDICATORS
from transforms.indicators.catalogue import checked, named
from transforms.report.disclosure import K, Key, PublishableRow, Sum, is_small, withheld
from transforms.report.series import Estimate, is_of_platform, platforms_among

TIED, UNTIED = TIE_CLASSES[:3], TIE_CLASSES[3:5]
SUMS = named("sums")
BINNED = ("mutual", "range", "yield_by_days", "yield_by_mutual")
TOLD = ("result", "thanks")
COUNTS, SHARES_OF_PEOPLE, YIELDS = named("few"), named("few_of_share"), named("few_of_cases")
Week = dict[Key, Estimate]


def public_indicators(indicators: pa.Table, k: int = K) -> pa.Table:
    """`weekly_indicators` as the public edition shows them: suppressed rows have no value, interval, test or n.

    Rows of single platforms are for the restricted edition only, since the total minus one platform would give the
    other away. Raises KeyError for an indicator that the catalogue does not list.
    """
    rows = indicators.to_pylist()
    for row in rows:
        checked(row["indicator"])
    weeks: dict[Key, Week] = {}
    for row in rows:
        reading = Estimate(row["value"], row["low"], row["high"], n=row["n"], status=row["status"])
        weeks.setdefault((row["campaign"], row["iso_week"]), {})[row["indicator"], row["stratum"]] = reading
    hidden = {where: set(_hidden(week, k)) for where, week in weeks.items()}
    for row in rows:
        if (row["indicator"], row["stratum"]) in hidden[row["campaign"], row["iso_week"]]:
            row.update(value=None, low=None, high=None, z=None, p=None, n=None, status="suppressed")
    return pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema)


def _hidden(week: Week, k: int) -> Iterator[Key]:
    platforms = platforms_among(("", *key) for key in week)
    heads = _heads(week)
    # what should be told by its sums, and has none, is told by nobody
    summed = {key for key, _ in _sums(heads)}
    for (indicator, stratum), reading in week.items():
        is_platform = is_of_platform(stratum, platforms)
        is_unsummed = indicator in SUMS and (indicator, stratum) not in summed
        if reading.status == "suppressed" or is_platform or is_unsummed or _is_few(indicator, reading, k):
            yield indicator, stratum
    yield from withheld(list(_figures(week, heads)), heads, _same(heads), k)


def _is_few(indicator: str, reading: Estimate, k: int) -> bool:
    """Few people on their own, whatever else is told."""
    if indicator in COUNTS:
        return is_small(reading.value, k)
    if indicator in SHARES_OF_PEOPLE:
        return is_small(reading.n, k) or is_small(_numerator(reading), k)
    return indicator in YIELDS and is_small(reading.n, k)


def _numerator(reading: Estimate) -> int:
    return round((reading.value or 0) * (reading.n or 0))


def _heads(week: Week) -> dict[str, int]:
    """Head counts: mobilisers as ``ties:weak``, ``mutual:0``, ``across``, ``apart`` (with no community on one side);
    responders as ``yield_by_days:2``.
    """
    heads: dict[str, int] = {}
    for (indicator, stratum), reading in week.items():
        if indicator in ("mutual", "range") or (indicator == "ties" and stratum in TIE_CLASSES):
            heads[f"{indicator}:{stratum}"] = round(reading.value or 0)
        elif indicator in BINNED:
            heads[f"{indicator}:{stratum}"] = _numerator(reading)
    bridging = week.get(("bridging_share_of_observed", "all"))
    if bridging is not None:
        heads["tied_bridging"] = _numerator(bridging)
    across = week.get(("cross_community_share", "all"))
    if across is not None:
        heads |= {"across": _numerator(across), "inside": (across.n or 0) - _numerator(across)}
    apart = week.get(("e_i_index", "without_community"))
    if apart is not None:
        heads["apart"] = _numerator(apart)
    return heads | _outcomes(week)


def _outcomes(week: Week) -> dict[str, int]:
    """Posts by what they tell; ``either``: those of which it is not known, the total less both."""
    keys = [("outcome_posts", name) for name in ("all", *TOLD)]
    if not set(keys) <= week.keys():
        return {}
    total, *parts = (round(week[key].value or 0) for key in keys)
    posts = dict(zip((*TOLD, "either"), (*parts, total - sum(parts)), strict=True))
    return {f"outcome_posts:{name}": number for name, number in posts.items()}


def _figures(week: Week, heads: dict[str, int]) -> Iterator[PublishableRow]:
    """Rows that tell something about head counts and are not hidden yet, most important first."""
    for key, gives in _sums(heads):
        if key in week and week[key].value is not None and week[key].status != "suppressed":
            yield PublishableRow(key, tuple(one.intersection(heads) for one in gives))


def _sums(heads: dict[str, int]) -> Iterator[tuple[Key, tuple[Sum, ...]]]:
    """Which sums a row gives away: its value and, for shares, the number of people it is a share of."""
    everybody, classified, tied = (_ties(names) for names in (TIE_CLASSES, TIE_CLASSES[:-1], TIED))
    weak, untied, dormant = (_ties(names) for names in (TIED[1:], UNTIED, UNTIED[:1]))
    sides = frozenset({"across", "inside"})
    far = frozenset(head for head in heads if head.startswith("range:") and head != "range:2")
    yield ("weak_tie_share_of_classified", "all"), (weak, classified)
    yield ("classified", "all"), (classified,)
    yield ("weak_tie_share_of_observed", "all"), (weak, tied)
    yield ("tie_mix", "absent"), (untied, classified)
    yield ("ties", "absent"), (untied,)
    for name in sorted(TIE_CLASSES, key=lambda name: -heads.get(f"ties:{name}", 0)):
        whole = everybody if name == "unknown" else classified
        yield ("tie_mix", name), (_ties([name]), whole)
        yield ("ties", name), (_ties([name]),)
        yield ("yield", name), (_ties([name]),)
    yield ("activation", "all"), (dormant, classified)
    yield ("mobilisers", "all"), (everybody,)
    yield ("cross_community_share", "all"), (frozenset({"across"}), sides)
    yield ("e_i_index", "all"), (frozenset({"across"}), sides)
    yield ("e_i_index", "without_community"), (frozenset({"apart"}), classified)
    yield ("bridging_share_of_classified", "all"), (far, classified)
    yield ("bridging_share_of_observed", "all"), (frozenset({"tied_bridging"}), tied)
    yield from _told(heads)
    for head in sorted(heads, key=lambda head: (-heads[head], head)):
        indicator, _, stratum = head.partition(":")
        if indicator in BINNED:
            yield (indicator, stratum), (frozenset([head]),)


def _told(heads: dict[str, int]) -> Iterator[tuple[Key, tuple[Sum, ...]]]:
    """The posts that tell an outcome, all of them first: either part then gives away what is left of them, too."""
    whole = frozenset(head for head in heads if head.startswith("outcome_posts:"))
    yield ("outcome_posts", "all"), (whole,)
    for name in TOLD:
        part = frozenset({f"outcome_posts:{name}"})
        yield ("outcome_posts", name), (part, whole - part)


def _same(heads: dict[str, int]) -> Iterator[tuple[Sum, Sum]]:
    """What anybody knows: bins hold the same people as classes, and those at range 2 have mutual neighbours."""
    everyone = {"mutual": TIE_CLASSES[:-1], "range": TIE_CLASSES[:-1], "yield_by_days": TIED, "yield_by_mutual": TIED}
    for indicator, classes in everyone.items():
        bins = frozenset(head for head in heads if head.startswith(f"{indicator}:"))
        if bins and _ties(classes) <= heads.keys():
            yield bins, _ties(classes)
    sides = frozenset({"across", "inside", "apart"})
    if sides <= heads.keys() and _ties(TIE_CLASSES[:-1]) <= heads.keys():
        yield sides, _ties(TIE_CLASSES[:-1])
    if "range:2" in heads and "mutual:0" in heads:
        yield frozenset({"range:2"}), frozenset(head for head in heads if head.startswith("mutual:")) - {"mutual:0"}


def _ties(names: Iterable[str]) -> Sum:
    return frozenset(f"ties:{name}" for name in names)
