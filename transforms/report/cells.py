"""What the public edition may show: no cell of fewer than k people, nor anything from which one could be computed.

Every published figure is a known linear sum of a few unknown head counts (mobilisers by tie class, responders by
bin). A figure is published, most important first, only if those already published together with it leave every
small head count undetermined; that is, if no small cell's unit vector lies in their row space. Secondary
suppression and suppressed totals follow from this one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from passerelle.tables import WEEKLY_INDICATORS
from transforms.report.series import Reading

K = 5
TIED = ("strong", "moderately_weak", "weak")
UNTIED = ("dormant", "new")
CLASSES = (*TIED, *UNTIED, "unknown")
YIELDS = ("yield_by_days", "yield_by_mutual")
COUNTS = frozenset(
    {
        "calls",
        "episodes",
        "mature_episodes",
        "distinct_mobilisers",
        "active_dyads",
        "new_dyads",
        "actors",
        "first_time_actors",
        "relays",
        "redundant_relays",
        "referrals",
        "broker_pairs",
        "brokered_pairs_distinct",
        "brokers",
        "organiser_mobilisers",
        "bot_mobilisers",
        "orphan_replies",
        "orphan_replies_with_hashtag",
        "reach_communities",
        "newcomers",
    }
)

Key = tuple[str, str]
Week = dict[Key, Reading]
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One publishable row (indicator, stratum) and the sums of head counts that it gives away."""

    key: Key
    gives: tuple[frozenset[str], ...]


def public_indicators(indicators: pa.Table, k: int = K) -> pa.Table:
    """`weekly_indicators` as the public edition shows them: suppressed rows have no value, interval, test or n.

    Rows of single platforms are left to the restricted edition: all of them less one would give that one away.
    """
    rows = indicators.to_pylist()
    weeks: dict[tuple[str, str], Week] = {}
    for row in rows:
        reading = Reading(row["value"], row["low"], row["high"], n=row["n"], status=row["status"])
        weeks.setdefault((row["campaign"], row["iso_week"]), {})[row["indicator"], row["stratum"]] = reading
    hidden = {where: set(_hidden(week, k)) for where, week in weeks.items()}
    for row in rows:
        key = (row["indicator"], row["stratum"])
        if row["status"] == "suppressed" or key in hidden[row["campaign"], row["iso_week"]]:
            row.update(value=None, low=None, high=None, z=None, p=None, n=None, status="suppressed")
    return pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema)


def is_small(count: float | None, k: int = K) -> bool:
    """Between 1 and k − 1; nobody is no person that could be recognised."""
    return count is not None and 0 < round(count) < k


def _hidden(week: Week, k: int) -> Iterator[Key]:
    pooled = {indicator for indicator, stratum in week if stratum == "all"}
    for (indicator, stratum), reading in week.items():
        is_platform = ":" in stratum or (stratum != "all" and indicator in pooled)
        is_count = indicator in COUNTS and is_small(reading.value, k)
        is_few_alters = indicator in ("yield", *YIELDS) and is_small(reading.n, k)
        if is_platform or is_count or is_few_alters:
            yield indicator, stratum
    heads = _heads(week)
    figures = sorted(_figures(week, heads), key=lambda figure: _importance(figure, heads), reverse=True)
    yield from (figure.key for figure in _refused(figures, heads, k))


def _heads(week: Week) -> dict[str, int]:
    """Head counts of the week: ``ties:weak`` mobilisers, ``yield_by_days:2`` responders."""
    heads = {f"ties:{name}": round(week[key].value or 0) for name in CLASSES if (key := ("ties", name)) in week}
    for (indicator, stratum), reading in week.items():
        if indicator in YIELDS:
            heads[f"{indicator}:{stratum}"] = round((reading.value or 0) * (reading.n or 0))
    return heads


def _figures(week: Week, heads: dict[str, int]) -> Iterator[Figure]:
    """Rows of the week that tell something about head counts, and what they tell."""
    tied, weak, untied = (_ties(names) for names in (TIED, TIED[1:], UNTIED))
    sums = {
        ("mobilisers", "all"): (_ties(CLASSES),),
        ("classified", "all"): (_ties(CLASSES[:-1]),),
        ("weak_tie_share_of_classified", "all"): (weak,),
        ("weak_tie_share_of_observed", "all"): (weak, tied),
        ("ties", "absent"): (untied,),
        ("tie_mix", "absent"): (untied,),
    }
    for name in CLASSES:
        sums |= {(indicator, name): (_ties([name]),) for indicator in ("ties", "tie_mix", "yield")}
    for head in heads:
        indicator, stratum = head.split(":")
        sums |= {(indicator, stratum): (frozenset([head]),)} if indicator in YIELDS else {}
    for key, gives in sums.items():
        if key in week and week[key].value is not None:
            yield Figure(key, tuple(one & heads.keys() for one in gives))


def _ties(names: Iterable[str]) -> frozenset[str]:
    return frozenset(f"ties:{name}" for name in names)


def _importance(figure: Figure, heads: dict[str, int]) -> tuple[int, int]:
    """Totals and the headline first, then classes, then bins; within each the larger first."""
    is_sum, is_bin = len(max(figure.gives, key=len)) > 1, figure.key[0] in YIELDS
    return 2 * is_sum + (not is_bin), sum(heads[name] for name in figure.gives[0])


def _refused(figures: list[Figure], heads: dict[str, int], k: int) -> Iterator[Figure]:
    names = sorted(heads)
    vectors = {figure.key: [_vector(one, names) for one in figure.gives] for figure in figures}
    small = [_vector([name], names) for name in names if is_small(heads[name], k)]
    small += [v for vs in vectors.values() for v in vs if is_small(v @ np.array([heads[n] for n in names]), k)]
    if not small:
        return
    known = _known(names)
    for figure in figures:
        tried = [*known, *vectors[figure.key]]
        if any(_determined(cell, tried) for cell in small):
            yield figure
        else:
            known = tried


def _known(names: list[str]) -> list[Vector]:
    """What anybody knows: the bins of either yield hold the same people as the classes of tied mobilisers."""
    tied = _vector(_ties(TIED), names)
    bins = ([name for name in names if name.startswith(f"{indicator}:")] for indicator in YIELDS)
    return [tied - _vector(some, names) for some in bins if some]


def _vector(heads: Iterable[str], names: list[str]) -> Vector:
    wanted = set(heads)
    return np.array([float(name in wanted) for name in names])


def _determined(cell: Vector, known: list[Vector]) -> bool:
    """Whether `cell` is a linear combination of what is `known`."""
    if not known:
        return False
    matrix = np.array(known)
    return bool(np.linalg.matrix_rank(np.vstack([matrix, cell])) == np.linalg.matrix_rank(matrix))
