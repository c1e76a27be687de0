"""Every weekly indicator's value by loops over rows, for comparison: slow, plain, written from the rules alone.

Left out: what Leiden decides (`cross_community_share`, `e_i_index`, `reach_communities`), tested on graphs whose
communities are plain to see.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import networkx as nx

from transforms.help.study import Study

Row = dict[str, object]
Values = dict[tuple[str, str], float | None]
CLASSES = ["strong", "moderately_weak", "weak", "dormant", "new", "unknown"]
OBSERVED = {"strong", "moderately_weak", "weak"}
HOUR = timedelta(hours=1)


def ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def week_of(moment: datetime, zone: str) -> str:
    year, week, _ = moment.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02d}"


def week_start(week: str, zone: str) -> datetime:
    return datetime.fromisocalendar(int(week[:4]), int(week[6:]), 1).replace(tzinfo=ZoneInfo(zone))


class Week:
    """One week of a study, as lists of dicts; `platform` None is all of them."""

    def __init__(self, study: Study, week: str, platform: str | None = None) -> None:
        self.study, self.week, self.platform = study, week, platform
        mine = [row for row in study.episodes.to_pylist() if row["iso_week"] == week]
        self.episodes = [row for row in mine if platform in (None, row["platform"])]
        self.of = {row["episode_id"]: row for row in self.episodes}
        self.everybody = self.linked("mobilisations")
        self.mobs = [row for row in self.everybody if row["role"] == "person"]
        self.classified = [row for row in self.mobs if row["tie_class"] != "unknown"]
        self.alters, self.acts, self.cascades = self.linked("alters"), self.linked("acts"), self.linked("cascades")
        self.window = timedelta(days=study.analysis.window_days)

    def linked(self, table: str) -> list[Row]:
        return [row for row in getattr(self.study, table).to_pylist() if row["episode_id"] in self.of]

    def here(self, rows: list[Row]) -> list[Row]:
        return [row for row in rows if self.platform in (None, row["platform"])]

    def in_week(self, moment: datetime) -> bool:
        return week_of(moment, self.study.zone) == self.week

    def persons_contacts(self, begin: datetime, end: datetime) -> list[Row]:
        rows = self.study.interactions.to_pylist()
        groups = self.study.roles
        return [
            row
            for row in rows
            if begin <= row["time"] < end and row["source_id"] not in groups and row["target_id"] not in groups
        ]


def reference_values(study: Study, week: str, platform: str | None = None) -> Values:
    """(indicator, stratum) -> value of one week; strata without the platform's prefix."""
    one = Week(study, week, platform)
    values: Values = {}
    for family in (_counts, _mix, _spans, _yields, _response, _novelty, _relays, _brokers, _concentration):
        values.update(family(one))
    for family in (_periphery, _cascades, _reach, _newcomers, _conversion, _outcomes):
        values.update(family(one))
    return values


def _counts(one: Week) -> Values:
    roles = Counter(row["role"] for row in one.everybody)
    orphans = [row for row in one.here(one.study.orphans.to_pylist()) if one.in_week(row["time"])]
    found = {
        "calls": sum(len(row["call_ids"]) for row in one.episodes),
        "episodes": len(one.episodes),
        "mature_episodes": sum(row["is_mature"] for row in one.episodes),
        "mobilisers": len(one.mobs),
        "distinct_mobilisers": len({row["account_id"] for row in one.mobs}),
        "classified": len(one.classified),
        "referrals": sum(row["num_referrals"] for row in one.mobs),
        "organiser_mobilisers": roles["organiser"],
        "bot_mobilisers": roles["bot"],
        "late_repeat_calls": _late_repeats(one),
        "orphan_replies": len(orphans),
        "orphan_replies_with_hashtag": sum(row["has_hashtag"] for row in orphans),
    }
    return {(name, "all"): value for name, value in found.items()}


def _late_repeats(one: Week) -> int:
    """Calls that are in no episode: posts with the hashtag labelled so, and not listed by any."""
    inside = {post for row in one.study.episodes.to_pylist() for post in row["call_ids"]}
    calls = {row["post_id"] for row in one.study.labels.to_pylist() if row["label"] == "call"}
    rows = [row for row in one.here(one.study.posts.to_pylist()) if row["post_id"] in calls - inside]
    tagged = [row for row in rows if not one.study.hashtags.isdisjoint(row["hashtags"])]
    return sum(row["repost_of_id"] is None and one.in_week(row["created_at"]) for row in tagged)


def _mix(one: Week) -> Values:
    ties = Counter(row["tie_class"] for row in one.mobs)
    total = len(one.classified)
    values: Values = {("ties", name): ties[name] for name in CLASSES}
    values |= {("tie_mix", name): ratio(ties[name], total) for name in CLASSES[:-1]}
    values["tie_mix", "unknown"] = ratio(ties["unknown"], len(one.mobs))
    values["tie_mix", "absent"] = ratio(ties["dormant"] + ties["new"], total)
    weak = ties["weak"] + ties["moderately_weak"]
    values["weak_tie_share_of_classified", "all"] = ratio(weak, total)
    values["weak_tie_share_of_observed", "all"] = ratio(weak, weak + ties["strong"])
    values["activation", "all"] = ratio(ties["dormant"], total)
    return values


def mutual_bin(number: float) -> str:
    return "0" if number == 0 else "1-2" if number <= 2 else "3+"


def _spans(one: Week) -> Values:
    mutual = Counter(mutual_bin(row["num_mutual"]) for row in one.classified)
    names = {2.0: "2", 3.0: "3", math.inf: "inf"}
    ranges = Counter(names.get(row["range"], "4+") for row in one.classified)
    observed = [row for row in one.classified if row["tie_class"] in OBSERVED]
    overlaps = [row["overlap"] for row in observed if row["overlap"] is not None]
    values: Values = {("mutual", name): mutual[name] for name in ("0", "1-2", "3+")}
    values |= {("range", name): ranges[name] for name in ("2", "3", "4+", "inf")}
    values["mean_overlap_of_observed", "all"] = ratio(sum(overlaps), len(overlaps))
    for name, rows in (("classified", one.classified), ("observed", observed)):
        values[f"bridging_share_of_{name}", "all"] = ratio(sum(row["range"] >= 3 for row in rows), len(rows))
    return values


def day_bin(days: int) -> str:
    return str(days) if days <= 3 else "4-6" if days <= 6 else "7+"


def _yields(one: Week) -> Values:
    def share(rows: list[Row]) -> float | None:
        return ratio(sum(row["is_mobiliser"] for row in rows), len(rows))

    values: Values = {}
    for name in sorted(OBSERVED):
        values["yield", name] = share([row for row in one.alters if row["tie_class"] == name])
    weak, strong = values["yield", "weak"], values["yield", "strong"]
    values["ln_yield_weak_over_strong", "all"] = math.log(weak / strong) if weak and strong else None
    for name in ("1", "2", "3", "4-6", "7+"):
        values["yield_by_days", name] = share([row for row in one.alters if day_bin(row["num_days"]) == name])
    for name in ("0", "1-2", "3+"):
        values["yield_by_mutual", name] = share([row for row in one.alters if mutual_bin(row["num_mutual"]) == name])
    return values


def _response(one: Week) -> Values:
    mature = [row for row in one.episodes if row["is_mature"]]
    answered = {row["episode_id"] for row in one.mobs}
    values: Values = {
        ("response_rate", "all"): ratio(sum(row["episode_id"] in answered for row in mature), len(mature))
    }
    strangers = [row for row in one.mobs if row["tie_class"] in ("dormant", "new")]
    for suffix, rows in (("", one.mobs), ("_stranger", strangers)):
        hours = []
        for episode in one.episodes:
            times = [row["time"] for row in rows if row["episode_id"] == episode["episode_id"]]
            limit = min(one.study.analysis.follow_up_hours, (one.study.as_of - episode["t_call"]) / HOUR)
            hours.append(((min(times) - episode["t_call"]) / HOUR, True) if times else (limit, False))
        values |= _kaplan_meier(hours, suffix)
    return values


def _kaplan_meier(hours: list[tuple[float, bool]], suffix: str) -> Values:
    left, median, by_day = 1.0, None, 1.0
    for moment in sorted({hour for hour, happened in hours if happened}):
        at_risk = sum(hour >= moment for hour, _ in hours)
        left *= 1 - sum(happened and hour == moment for hour, happened in hours) / at_risk
        median = moment if median is None and left <= 0.5 + 1e-9 else median
        by_day = left if moment <= 24 else by_day
    watched = max((hour for hour, _ in hours), default=0)
    share = 1 - by_day if hours and (watched >= 24 or by_day < 1e-9) else None
    return {(f"median_hours_to_first{suffix}", "all"): median, (f"share_24h{suffix}", "all"): share}


def _novelty(one: Week) -> Values:
    zone, groups = one.study.zone, one.study.roles
    everything = one.study.interactions.to_pylist()
    first: dict[frozenset[str], datetime] = {}
    for row in everything:
        pair = frozenset((row["source_id"], row["target_id"]))
        first[pair] = min(first.get(pair, row["time"]), row["time"])
    active = {
        frozenset((row["source_id"], row["target_id"]))
        for row in one.here(everything)
        if row["is_campaign"] and not {row["source_id"], row["target_id"]} & set(groups) and one.in_week(row["time"])
    }
    new = [pair for pair in active if week_of(first[pair], zone) == one.week]
    posts = [row for row in one.study.campaign_posts.to_pylist() if row["account_id"] not in groups]
    begun: dict[str, datetime] = {}
    for row in posts:
        begun[row["account_id"]] = min(begun.get(row["account_id"], row["time"]), row["time"])
    actors = {row["account_id"] for row in one.here(posts) if one.in_week(row["time"])}
    beginners = [name for name in actors if one.in_week(begun[name])]
    found = {
        "active_dyads": len(active),
        "new_dyads": len(new),
        "new_dyad_share": ratio(len(new), len(active)),
        "actors": len(actors),
        "first_time_actors": len(beginners),
        "first_time_share": ratio(len(beginners), len(actors)),
    }
    return {(name, "all"): value for name, value in found.items()}


def _relays(one: Week) -> Values:
    acts = [row for row in one.acts if row["role"] == "person" and row["act"] in ("repost", "quote")]
    distinct = {(row["account_id"], row["episode_id"]) for row in acts}
    share = 1 - len(distinct) / len(acts) if acts else None
    return {("relays", "all"): len(acts), ("redundant_relays", "all"): share}


def _brokers(one: Week) -> Values:
    carried: dict[tuple[str, str], set[str]] = defaultdict(set)
    for episode in one.episodes:
        rows = [row for row in one.mobs if row["episode_id"] == episode["episode_id"]]
        history = one.persons_contacts(episode["t_call"] - one.window, episode["t_call"])
        tied = {frozenset((row["source_id"], row["target_id"])) for row in history}
        for u in rows:
            for v in rows:
                met = frozenset((u["account_id"], v["account_id"])) in tied
                if met and u["time"] < v["time"] and v["tie_class"] in ("dormant", "new"):
                    carried[episode["beneficiary_id"], v["account_id"]].add(u["account_id"])
    pairs = Counter(broker for brokers in carried.values() for broker in brokers)
    values: Values = {
        ("broker_pairs", "all"): sum(pairs.values()),
        ("brokered_pairs_distinct", "all"): len(carried),
        ("brokers", "all"): len(pairs),
    }
    for top in (1, 5):
        last = min((number for _, number in pairs.most_common(top)), default=0)
        gone = {broker for broker, number in pairs.items() if number >= last}
        values["fragility", str(top)] = ratio(sum(brokers <= gone for brokers in carried.values()), len(carried))
    return values


def _concentration(one: Week) -> Values:
    done = sorted(Counter(row["account_id"] for row in one.mobs).values())
    n = len(done)
    differences = sum(abs(x - y) for x in done for y in done)
    gini = differences / (2 * n * sum(done)) * n / (n - 1) if n > 1 else None
    return {("gini", "all"): gini, ("top5_share", "all"): ratio(sum(done[-5:]), sum(done))}


def _periphery(one: Week) -> Values:
    begin = week_start(one.week, one.study.zone)
    graph = nx.Graph()
    history = one.persons_contacts(begin - one.window, begin)
    graph.add_edges_from((row["source_id"], row["target_id"]) for row in history)
    core = nx.core_number(graph)
    far = sum(core.get(row["account_id"], 0) <= 1 for row in one.mobs)
    return {("periphery_share", "all"): ratio(far, len(one.mobs))}


def _cascades(one: Week) -> Values:
    follow_up = timedelta(hours=one.study.analysis.follow_up_hours)
    largest, reposts = [], []
    for episode in one.episodes:
        trees, relayed = [(1, 0, 1, 0.0)], [0]
        for call in episode["call_ids"]:
            rows = [row for row in one.cascades if row["episode_id"] == episode["episode_id"]]
            rows = [row for row in rows if row["call_id"] == call]
            rows = [row for row in rows if episode["t_call"] <= row["time"] < episode["t_call"] + follow_up]
            relayed.append(sum(row["act"] == "repost" for row in rows))
            graph = nx.Graph([(row["post_id"], row["parent_id"]) for row in rows if row["act"] != "repost"])
            graph.add_node(call)
            graph = graph.subgraph(nx.node_connected_component(graph, call))
            levels = Counter(nx.single_source_shortest_path_length(graph, call).values())
            mean = nx.average_shortest_path_length(graph) if len(graph) > 1 else 0.0
            trees.append((len(graph), max(levels), max(levels.values()), mean))
        largest.append(max(trees))
        reposts.append(max(relayed))
    grown = [tree for tree in largest if tree[0] > 1]
    n = len(largest)
    values: Values = {("cascade_breadth", "reposts"): ratio(sum(reposts), n)}
    for place, name in enumerate(("cascade_size", "cascade_depth", "cascade_breadth")):
        values[name, "all"] = ratio(sum(tree[place] for tree in largest), n)
    values["structural_virality", "all"] = ratio(sum(tree[3] for tree in grown), len(grown))
    return values


def _effective(groups: list[str]) -> float | None:
    sizes = Counter(groups).values()
    return math.exp(-sum(s / len(groups) * math.log(s / len(groups)) for s in sizes)) if groups else None


def _reach(one: Week) -> Values:
    accounts = {row["account_id"]: row for row in one.study.accounts.to_pylist()}
    people = [row["account_id"] for row in one.mobs]
    followers = [accounts[name]["followers"] for name in set(people) if name in accounts]
    followers = [number for number in followers if number is not None]
    begin = week_start(one.week, one.study.zone)
    end = week_start(one.week, one.study.zone) + timedelta(days=7)
    spoken: dict[str, Counter[str]] = defaultdict(Counter)
    follow_up = timedelta(hours=one.study.analysis.follow_up_hours)
    for row in one.study.posts.to_pylist():
        own = row["repost_of_id"] is None and row["language"] is not None
        if own and begin - one.window <= row["created_at"] < end + follow_up:
            spoken[row["author_id"]][row["language"]] += 1
    mother = {name: min(used, key=lambda word: (-used[word], word)) for name, used in spoken.items()}
    values: Values = {("reach_followers", "all"): sum(followers) if followers else None}
    instance = {name: row["instance"] for name, row in accounts.items() if row["instance"] is not None}
    for title, known in (("reach_instances", instance), ("reach_languages", mother)):
        groups = [known[name] for name in people if name in known]
        values[title, "all"] = _effective(groups)
        values[title, "observed"] = len(set(groups))
        values[title, "unknown"] = ratio(len(people) - len(groups), len(people))
    return values


def _newcomers(one: Week) -> Values:
    zone = one.study.zone
    turns = [row for row in one.study.mobilisations.to_pylist() if row["role"] == "person"]
    begun: dict[str, datetime] = {}
    for row in turns:
        begun[row["account_id"]] = min(begun.get(row["account_id"], row["time"]), row["time"])
    turns = one.here(turns)
    fresh = {row["account_id"] for row in turns if one.in_week(begun[row["account_id"]]) and one.in_week(row["time"])}
    values: Values = {("newcomers", "all"): len(fresh)}
    monday = week_start(one.week, zone)
    for later in range(1, 13):
        week = week_of(monday + timedelta(days=7 * later, hours=12), zone)
        if week_start(week, zone) + timedelta(days=7) > one.study.as_of:
            break
        back = {row["account_id"] for row in turns if week_of(row["time"], zone) == week}
        values["retention", str(later)] = ratio(len(fresh & back), len(fresh))
    return values


def _outcomes(one: Week) -> Values:
    said = {row["post_id"]: row["outcome"] for row in one.study.labels.to_pylist() if row["label"] == "thanks_outcome"}
    told = []
    for row in one.here(one.study.posts.to_pylist()):
        is_tagged = row["repost_of_id"] is None and not one.study.hashtags.isdisjoint(row["hashtags"])
        if is_tagged and row["post_id"] in said and row["author_id"] not in one.study.roles:
            told += [said[row["post_id"]]] if one.in_week(row["created_at"]) else []
    counts = {"all": len(told), "result": told.count("result"), "thanks": told.count("thanks")}
    return {("outcome_posts", stratum): number for stratum, number in counts.items()}


def _conversion(one: Week) -> Values:
    gains = [gain for _, _, gain in conversion_gains(one)]
    return {("conversion_difference", "all"): ratio(sum(gains), len(gains))}


def conversion_gains(one: Week) -> list[tuple[str, str, float]]:
    """Episode, mobiliser, and whether the tie became strong less how often like ones did."""
    gains = []
    for episode in one.episodes:
        t_call, helped = episode["t_call"], episode["beneficiary_id"]
        if t_call + one.window > one.study.as_of:
            continue
        sent = Counter(row["source_id"] for row in one.persons_contacts(t_call - one.window, t_call))
        rows = [row for row in one.alters if row["episode_id"] == episode["episode_id"]]
        rows = [row for row in rows if row["tie_class"] in ("weak", "moderately_weak")]
        kind = {row["account_id"]: (row["tie_class"], _quintile(sent, row["account_id"])) for row in rows}
        for row in (row for row in rows if row["is_mobiliser"]):
            like = [other for other in rows if not other["is_mobiliser"]]
            like = [other for other in like if kind[other["account_id"]] == kind[row["account_id"]]]
            outcomes = [_is_strong(one, other["account_id"], helped, t_call + one.window) for other in like]
            if outcomes:
                became = _is_strong(one, row["account_id"], helped, t_call + one.window)
                gains.append((episode["episode_id"], row["account_id"], became - sum(outcomes) / len(outcomes)))
    return gains


def _quintile(sent: Counter[str], name: str) -> int:
    ordered = sorted(sent.values())
    if not ordered:
        return 0
    place = [q * (len(ordered) - 1) for q in (0.2, 0.4, 0.6, 0.8)]
    limits = []
    for at in place:
        low = math.floor(at)
        high = min(low + 1, len(ordered) - 1)
        limits.append(ordered[low] + (at - low) * (ordered[high] - ordered[low]))
    return sum(sent[name] > limit + 1e-9 for limit in limits)


def _is_strong(one: Week, left: str, right: str, at: datetime) -> bool:
    rows = [row for row in one.study.interactions.to_pylist() if at - one.window <= row["time"] < at]
    rows = [row for row in rows if {row["source_id"], row["target_id"]} == {left, right}]
    days, weeks = {row["time"].date() for row in rows}, {row["time"].isocalendar()[:2] for row in rows}
    both = len({row["source_id"] for row in rows}) == 2
    return len(days) >= one.study.analysis.strong_days and both and len(weeks) >= 2
