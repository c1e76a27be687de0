"""The boxes beside the finding: quality, the provisional week, revisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.report.cells import COUNTS
from transforms.report.changes import change
from transforms.report.data import ReleaseData
from transforms.report.disclosure import K, is_small
from transforms.report.figures import Sheet
from transforms.report.headline import capital
from transforms.report.language import Language
from transforms.report.measures import CARDS, SHARE_24H
from transforms.report.series import Series

NOT_PEOPLE = ("gaps", "incomplete_threads", "quarantined", "late")
PEOPLE = ("refused", "opted_out", "deleted")
MOST_REVISIONS = 14
WRITTEN = {measure.indicator: measure for measure in CARDS}


def status(data: ReleaseData, words: Language) -> str:
    """*final* or *provisional*, and *partial* where something is missing."""
    parts = [words.say("words.final" if data.week else "words.provisional")]
    return ", ".join(parts if data.quality.is_whole else [*parts, words.say("words.partial")])


def quality(data: ReleaseData, words: Language) -> list[tuple[str, str]]:
    """Label and value of each line of the quality box; counts of people under k are not told."""
    box = data.quality
    covered = words.say("quality.covered_none") if box.covered is None else words.percent(box.covered)
    lines = [("status", capital(status(data, words))), ("covered", covered)]
    lines += [(name, words.number(getattr(box, name))) for name in NOT_PEOPLE]
    lines += [(name, _people(getattr(box, name), words)) for name in PEOPLE]
    passed, failed = words.number(box.checks_passed), words.number(box.checks_failed)
    lines.append(("checks", words.say("quality.checks_value", passed=passed, failed=failed)))
    return [(words.say(f"quality.{name}"), value) for name, value in lines]


def provisional(data: ReleaseData, series: Series, words: Language) -> list[str]:
    """Sentences on the week just ended: counts so far, and the share at 24 h, a comparison at equal follow-up."""
    week = data.provisional_week
    if week is None:
        return []
    return [words.say("provisional.text"), *_counts(week, series, words), _share_at_24h(week, data.week, series, words)]


def revisions(data: ReleaseData, words: Language) -> Sheet | None:
    """What was published and what is known now, newest week first; None where nothing changed to the eye."""
    rows = [
        [row["iso_week"], words.texts["indicators"][row["indicator"]], *_before_and_after(row, words)]
        for row in sorted(data.revisions.to_pylist(), key=lambda row: str(row["iso_week"]), reverse=True)
        if row["indicator"] in words.texts["indicators"] and row["stratum"] == "all" and _is_seen(row, words)
    ]
    columns = [words.say(f"revisions.{name}") for name in ("week", "indicator", "published", "now")]
    return Sheet(words.say("revisions.title"), columns, rows[:MOST_REVISIONS]) if rows else None


def _people(count: int, words: Language) -> str:
    return words.say("words.few", k=K) if is_small(count) else words.number(count)


def _counts(week: str, series: Series, words: Language) -> list[str]:
    counts = {name: series.count(week, name) for name in ("calls", "episodes")}
    if None in counts.values():
        return []
    if counts["calls"] == 0:
        return [words.say("provisional.quiet")]
    return [words.say("provisional.counts", **{name: words.number(n or 0) for name, n in counts.items()})]


def _share_at_24h(week: str, final: str | None, series: Series, words: Language) -> str:
    now, before = series.at(week, SHARE_24H.indicator), series.at(final, SHARE_24H.indicator)
    if now.value is None:
        return words.say("provisional.none")
    told = {"value": SHARE_24H.text(now.value, words), "interval": SHARE_24H.interval(now, words)}
    moved = change(now, before, SHARE_24H.margin)
    if moved is None or before.value is None or final is None:
        return words.say("provisional.share24_alone", **told)
    return words.say(
        "provisional.share24",
        before=SHARE_24H.text(before.value, words),
        before_interval=SHARE_24H.interval(before, words),
        before_week=words.week_number(final),
        direction=words.say(f"directions.{moved.direction}"),
        **told,
    )


def _before_and_after(row: Mapping[str, Any], words: Language) -> tuple[str, str]:
    """Counts that differ by fewer than k would give somebody away: then the new one is not told."""
    before, now = row["published"], row["now"]
    is_count = row["indicator"] in COUNTS
    if is_count and before is not None and now is not None and is_small(abs(now - before)):
        return _written(row, "published", words), words.say("revisions.close", k=K)
    return _written(row, "published", words), _written(row, "now", words)


def _is_seen(row: Mapping[str, Any], words: Language) -> bool:
    """Whether the figure reads differently; that it became final is no revision."""
    final = {"published_status": row["now_status"]} if row["published"] is not None else {}
    return _written({**row, **final}, "published", words) != _written(row, "now", words)


def _written(row: Mapping[str, Any], which: str, words: Language) -> str:
    value, status = row[which], row[f"{which}_status"]
    if value is None or status == "suppressed":
        return words.say("words.masked" if status == "suppressed" else "words.undefined")
    measure = WRITTEN.get(row["indicator"])
    text = words.number(value) if measure is None else measure.text(value, words)
    return f"{text} ({words.say('words.provisional')})" if status == "provisional" else text
