"""The quality box, as coarse as its edition tells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from transforms.collection.recapture import Recapture
from transforms.report.data import Quality
from transforms.report.disclosure import Grain, Told, rounded
from transforms.report.lines import CLASSIFIED, EVERYBODY

COUNTED = ("gaps", "incomplete_threads", "quarantined", "refused", "opted_out", "deleted", "late")


def told_quality(quality: Quality, told: Told) -> Quality:
    """The box with every number rounded; checks are nobody's."""
    counts: dict[str, Any] = {name: rounded(getattr(quality, name), told.grain.base) for name in COUNTED}
    seen = tuple((platform, _told_seen(found, told.grain)) for platform, found in quality.seen)
    return replace(quality, **counts, seen=seen, covered=covered_share(told))


def covered_share(told: Told) -> float | None:
    """Share of the mobilisers of all final weeks whose tie is known; None of too few."""
    known, everybody = (told.people(told.final, *sums) or 0 for sums in (CLASSIFIED, EVERYBODY))
    return known / everybody if everybody >= told.grain.fewest else None


def _told_seen(found: Recapture, grain: Grain) -> Recapture:
    if found.total is None or found.low is None or found.high is None:
        return replace(found, seen=rounded(found.seen, grain.base))
    if found.seen < grain.fewest:
        return Recapture(found.num_lists, 0, reason="little_overlap")
    total, low, high = (float(rounded(round(end), grain.base)) for end in (found.total, found.low, found.high))
    return Recapture(found.num_lists, rounded(found.seen, grain.base), total, low, high)
