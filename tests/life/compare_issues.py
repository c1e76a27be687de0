"""One issue against the one before: where `latest` points, final figures, what the page tells of those that moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from passerelle.lake import Lake
from tests.life.compare_tellings import Cells, compare_tellings, probed
from tests.life.lake_rows import Key, Row, rows

_KEY = ("iso_week", "indicator", "stratum")
_FOLLOW_UP = timedelta(hours=168)
_CHANGED = re.compile(r'id="changed">.*?(?=<h2)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Issue:
    """What stood in the lake and under `latest` after a Monday's report.

    `figures` are the lake's, `public` those of the public edition, made of `cells`; `leaks` what simple attacks find;
    `told` is what its page says that has changed.
    """

    at: datetime
    week: str
    revision: int
    figures: dict[Key, Row]
    public: dict[Key, Row]
    told: str
    cells: Cells
    leaks: list[str]


def issue(lake: Path, at: datetime) -> Issue:
    """The issue that `latest` names at that moment."""
    latest = (lake / "releases" / "latest").resolve()
    found = re.search(r"/releases/(\d{4})/(W\d\d)/r(\d+)$", str(latest))
    assert found, f"latest names {latest}"
    public = pq.read_table(latest / "data" / "weekly_indicators.parquet").to_pylist()
    page = _CHANGED.search((latest / "en" / "index.html").read_text("utf-8"))
    told = page[0] if page else ""
    cells = pq.read_table(latest / "data" / "cells.parquet").to_pylist()
    return Issue(
        at,
        f"{found[1]}-{found[2]}",
        int(found[3]),
        _keyed(rows(lake, "weekly_indicators")),
        _keyed(public),
        told,
        {(row["iso_week"], row["population"], row["chain"], row["cell"]): row["people"] for row in cells},
        list(probed(latest, Lake(lake).restricted_of(latest))),
    )


def compare_week(now: Issue) -> Iterator[str]:
    """A Monday's issue is that of the week that has just ended, however quiet that was, and tells of nobody."""
    yield from (f"{now.week}: {leak}" for leak in now.leaks)
    year, week, _ = (now.at - timedelta(days=1)).isocalendar()
    if now.week != f"{year}-W{week:02d}":
        yield f"latest names {now.week} on {now.at}"


def compare_issues(before: Issue, now: Issue, lake: Path) -> Iterator[str]:
    """`latest` never goes back; what was final stays, but where something of that time became known, which is told."""
    if (now.week, now.revision) < (before.week, before.revision):
        yield f"latest went from {before.week} r{before.revision} back to {now.week} r{now.revision}"
    yield from (f"{now.week}: {wrong}" for wrong in compare_tellings(before.cells, now.cells))
    news = _news(lake, before.at)
    for key in _moved(before.figures, now.figures):
        if not any(moment < _closed(str(key[0])) for moment in news):
            moved = _both(before.figures, now.figures, key)
            yield f"{now.week}: {key} was final, nothing of that time is new, yet {moved}"
    for key in _moved(before.public, now.public):
        if str(key[0]) not in now.told:
            yield f"{now.week}: {key} was published, not told that {_both(before.public, now.public, key)}"


def _moved(before: dict[Key, Row], now: dict[Key, Row]) -> list[Key]:
    finals = [key for key, row in before.items() if row["status"] == "final"]
    return sorted(key for key in finals if not _same(before[key], now.get(key)))


def _same(old: Row, new: Row | None) -> bool:
    if new is None or new["status"] != "final" or old["n"] != new["n"]:
        return False
    one, other = old["value"], new["value"]
    return one == other or (one is not None and other is not None and abs(one - other) <= 1e-9 * max(1.0, abs(one)))


def _news(lake: Path, since: datetime) -> list[datetime]:
    """Times of what became known since: new posts, boosts, edits, and posts found deleted."""
    posts, times = rows(lake, "posts"), {}
    for row in posts:
        times[row["post_id"]] = row["created_at"]
    fresh = [row["created_at"] for row in posts if max(row["first_captured_at"], row["edited_at"] or _LONG_AGO) > since]
    fresh += [times[row["post_id"]] for row in rows(lake, "deletions") if row["deleted_at"] > since]
    return fresh + [row["not_before"] for row in rows(lake, "engagements") if row["first_seen"] > since]


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def _closed(week: str) -> datetime:
    """When the follow-up of the last call of an ISO week has ended."""
    year, number = week.split("-W")
    return datetime.fromisocalendar(int(year), int(number), 7).replace(tzinfo=UTC) + timedelta(days=1) + _FOLLOW_UP


def _keyed(table: list[Row]) -> dict[Key, Row]:
    return {tuple(row[name] for name in _KEY): row for row in table}


def _both(before: dict[Key, Row], now: dict[Key, Row], key: Key) -> str:
    old, new = before[key], now.get(key)
    return f"{old['value']} (n {old['n']}) became {new and (new['status'], new['value'], new['n'])}"
