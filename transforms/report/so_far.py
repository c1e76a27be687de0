"""How many posts told an outcome since the first: a sum from which no week's count of 1 to k − 1 can be worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from passerelle.weeks import week_after, week_bounds
from transforms.report.disclosure import K, is_small

BLOCK = 8
"""Weeks that are added up before their small counts count: blocks of the calendar, the same in every issue."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """`total` posts since the week `first`; not `is_whole` where small counts had to be left out."""

    total: int
    first: str
    is_whole: bool


def so_far(indicators: pa.Table, last: str | None) -> SoFar | None:
    """The sum over the weeks up to `last`; None where fewer than two of them count any.

    `indicators` must hold suppressed values too. Weeks whose own count is told always count. Weeks of 1 to k − 1 are
    added block by block, once their block is over, and only if the sum then tells nothing of any one of them: so two
    issues never differ by a small count.
    """
    counts = _counts(indicators, last or "")
    since = [week for week in sorted(counts) if counts[week]]
    if last is None or len(since) < 2:
        return None
    left_out = _left_out(counts, _block(week_after(last, 1)))
    total = sum(counts.values()) - left_out
    return SoFar(total, since[0], left_out == 0) if total else None


def may_be_added(few: Sequence[int]) -> bool:
    """Whether the sum of counts known to be 1 to k − 1 is no small count itself, and leaves each of them open."""
    return sum(few) >= K and len(few) < sum(few) < (K - 1) * len(few)


def _counts(indicators: pa.Table, last: str) -> dict[str, int]:
    return {
        row["iso_week"]: round(row["value"] or 0)
        for row in indicators.select(["iso_week", "indicator", "stratum", "value"]).to_pylist()
        if (row["indicator"], row["stratum"]) == ("outcome_posts", "all") and row["iso_week"] <= last
    }


def _left_out(counts: Mapping[str, int], open_block: int) -> int:
    blocks: dict[int, list[int]] = {}
    for week, count in counts.items():
        if is_small(count):
            blocks.setdefault(_block(week), []).append(count)
    return sum(sum(few) for block, few in blocks.items() if block >= open_block or not may_be_added(few))


def _block(week: str) -> int:
    return week_bounds(week)[0].toordinal() // 7 // BLOCK
