"""Which release is the latest: it only ever goes forward, by week and then by revision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from passerelle.lake import Lake

MISSING = "missing_sources"


def move_latest(lake: Lake, release: Path, *, is_past: bool = False) -> Path:
    """Let `latest` name `release`, unless a later one is whole; returns the release that it names now.

    A whole release that a killed run wrote but did not name counts as later; an erased one does not. A release as of an
    earlier moment (`is_past`) never takes the place of another of its week.
    """
    with lake.lock():
        named = lake.latest_release()
        if is_past and named and _order(release)[:2] <= _order(named)[:2]:
            return named
        known = {release, *_whole(lake)} | ({named} if named else set())
        newest = max(known, key=_order)
        if newest != named:
            lake.point_latest(newest)
    return newest


def releases_of(lake: Lake) -> list[Path]:
    """Every release that readers can have, whole or not, oldest issue first."""
    return sorted((manifest.parent for manifest in lake.releases.glob("*/W*/r*/release.json")), key=_order)


def _whole(lake: Lake) -> Iterator[Path]:
    """Releases in which no source is missing, as they say themselves."""
    for manifest in lake.releases.glob("*/W*/r*/release.json"):
        if orjson.loads(manifest.read_bytes()).get(MISSING) == []:
            yield manifest.parent


def _order(release: Path) -> tuple[int, int, int]:
    """Year, week and revision of ``2026/W16/r2``."""
    year, week, revision = release.parts[-3:]
    return int(year), int(week.removeprefix("W")), int(revision.removeprefix("r"))
