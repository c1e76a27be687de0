"""Every two-way interval of a week by loops over rows, for comparison: slow, plain, written from the rules alone."""

from __future__ import annotations

from collections import Counter, defaultdict

import networkx as nx

from tests.reference import two_way
from tests.reference.indicators import CLASSES, OBSERVED, Week, conversion_gains, day_bin, mutual_bin, week_start
from tests.reference.two_way import Row
from transforms.help.study import Study

Key = tuple[str, str]
Intervals = dict[Key, two_way.Interval]
WEAKER = {"weak", "moderately_weak"}


def reference_intervals(study: Study, week: str, platform: str | None = None) -> Intervals:
    """(indicator, stratum) -> ends of the interval, for every share, yield and ratio of rows of one week."""
    one = Week(study, week, platform)
    found: Intervals = {}
    for family in (_mix, _yields, _spans, _relays, _dyads, _actors, _periphery, _conversion):
        found.update(family(one))
    return found


def _shares(rows: list[dict], owner: str, shares: dict[Key, tuple[object, object]]) -> Intervals:
    """`shares`: what counts above and what below, as tests of a row."""
    return {
        key: two_way.interval(
            [
                Row(float(above(row)) if below(row) else 0.0, float(below(row)), row["episode_id"], row[owner])
                for row in rows
            ]
        )
        for key, (above, below) in shares.items()
    }


def _mix(one: Week) -> Intervals:
    def is_in(names: set[str]) -> object:
        return lambda row: row["tie_class"] in names

    def classified(row: dict) -> bool:
        return row["tie_class"] != "unknown"

    shares = {("tie_mix", name): (is_in({name}), classified) for name in CLASSES[:-1]}
    shares["tie_mix", "unknown"] = (is_in({"unknown"}), lambda _: True)
    shares["tie_mix", "absent"] = (is_in({"dormant", "new"}), classified)
    shares["weak_tie_share_of_classified", "all"] = (is_in(WEAKER), classified)
    shares["weak_tie_share_of_observed", "all"] = (is_in(WEAKER), is_in(OBSERVED))
    shares["activation", "all"] = (is_in({"dormant"}), classified)
    return _shares(one.mobs, "account_id", shares)


def _yields(one: Week) -> Intervals:
    def answered(row: dict) -> bool:
        return row["is_mobiliser"]

    shares: dict[Key, tuple[object, object]] = {}
    for name in OBSERVED:
        shares["yield", name] = (answered, lambda row, name=name: row["tie_class"] == name)
    for name in ("1", "2", "3", "4-6", "7+"):
        shares["yield_by_days", name] = (answered, lambda row, name=name: day_bin(row["num_days"]) == name)
    for name in ("0", "1-2", "3+"):
        shares["yield_by_mutual", name] = (answered, lambda row, name=name: mutual_bin(row["num_mutual"]) == name)
    return _shares(one.alters, "account_id", shares)


def _spans(one: Week) -> Intervals:
    def observed(row: dict) -> bool:
        return row["tie_class"] in OBSERVED

    def bridges(row: dict) -> bool:
        return row["range"] >= 3

    shares = {
        ("bridging_share_of_classified", "all"): (bridges, lambda _: True),
        ("bridging_share_of_observed", "all"): (bridges, observed),
    }
    overlaps = [
        Row(row["overlap"], 1.0, row["episode_id"], row["account_id"])
        for row in one.classified
        if observed(row) and row["overlap"] is not None
    ]
    mean = two_way.interval(overlaps, is_proportion=False)
    return {**_shares(one.classified, "account_id", shares), ("mean_overlap_of_observed", "all"): mean}


def _relays(one: Week) -> Intervals:
    acts = [row for row in one.acts if row["role"] == "person" and row["act"] in ("repost", "quote")]
    done = Counter((row["episode_id"], row["account_id"]) for row in acts)
    rows = [Row(number - 1, number, *pair) for pair, number in done.items()]
    return {("redundant_relays", "all"): two_way.interval(rows, is_proportion=False)}


def _dyads(one: Week) -> Intervals:
    """A case is a pair, and belongs to who acted first in it; half to each where both did at once."""
    met: dict[frozenset[str], object] = {}
    for row in one.study.interactions.to_pylist():
        pair = frozenset((row["source_id"], row["target_id"]))
        met[pair] = min(met.get(pair, row["time"]), row["time"])
    active = defaultdict(list)
    for row in one.here(one.study.interactions.to_pylist()):
        pair = frozenset((row["source_id"], row["target_id"]))
        if row["is_campaign"] and not pair & set(one.study.roles) and one.in_week(row["time"]):
            active[pair].append((row["time"], row["source_id"]))
    rows = []
    for pair, acts in active.items():
        first = {who for time, who in acts if time == min(acts)[0]}
        new = float(one.in_week(met[pair]))
        rows += [Row(new / len(first), 1 / len(first), None, who, pair) for who in first]
    return {("new_dyad_share", "all"): two_way.interval(rows)}


def _actors(one: Week) -> Intervals:
    posts = [row for row in one.study.campaign_posts.to_pylist() if row["account_id"] not in one.study.roles]
    begun: dict[str, object] = {}
    for row in posts:
        begun[row["account_id"]] = min(begun.get(row["account_id"], row["time"]), row["time"])
    actors = {row["account_id"] for row in one.here(posts) if one.in_week(row["time"])}
    rows = [Row(float(one.in_week(begun[name])), 1.0, None, name) for name in actors]
    return {("first_time_share", "all"): two_way.interval(rows)}


def _periphery(one: Week) -> Intervals:
    begin = week_start(one.week, one.study.zone)
    history = one.persons_contacts(begin - one.window, begin)
    core = nx.core_number(nx.Graph((row["source_id"], row["target_id"]) for row in history))
    rows = [Row(core.get(row["account_id"], 0) <= 1, 1.0, row["episode_id"], row["account_id"]) for row in one.mobs]
    return {("periphery_share", "all"): two_way.interval(rows)}


def _conversion(one: Week) -> Intervals:
    rows = [Row(gain, 1.0, episode, account) for episode, account, gain in conversion_gains(one)]
    return {("conversion_difference", "all"): two_way.interval(rows, is_proportion=False, limits=(-1.0, 1.0))}
