"""The kernel that counts contacts of pairs before a moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.graphs.jit import Longs, compiled

Flags = NDArray[np.bool_]
_DAY = 86_400_000_000
_MONDAY = 3  # 1970-01-01 was a Thursday: days since then plus 3, divided by 7, number the ISO weeks


@compiled
def count_contacts(
    first: Longs, when: Longs, upward: Flags, place: Longs, begin: Longs, end: Longs, covered_from: Longs
) -> tuple[Longs, Longs, Flags, Flags, Flags]:
    """For pair ``place[i]`` (-1: none) in [begin, end): distinct UTC days, ISO weeks, contact upward, downward.

    The last array says whether the pair was seen in [covered_from, begin). All times in microseconds.
    """
    count = len(place)
    days, weeks = np.zeros(count, np.int64), np.zeros(count, np.int64)
    up, down, seen = np.zeros(count, np.bool_), np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for i in range(count):
        if place[i] < 0:
            continue
        low, high = first[place[i]], first[place[i] + 1]
        at = low + np.searchsorted(when[low:high], begin[i])
        seen[i] = at > low and when[at - 1] >= covered_from[i]
        last_day = last_week = np.int64(-(2**62))
        while at < high and when[at] < end[i]:
            day = when[at] // _DAY
            week = (day + _MONDAY) // 7
            days[i] += day != last_day
            weeks[i] += week != last_week
            last_day, last_week = day, week
            if upward[at]:
                up[i] = True
            else:
                down[i] = True
            at += 1
    return days, weeks, up, down, seen
