"""The boxes beside the finding: quality, the provisional week, revisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.report.cells import COUNTS, K, is_small
from transforms.report.changes import change
from transforms.report.data import ReleaseData
from transforms.report.figures import Sheet
from transforms.report.headline import capital
from transforms.report.language import Language
from transforms.report.measures import CARDS, SHARE_24H, Measure
from transforms.report.series import Series

NOT_PEOPLE = ("gaps", "incomplete_threads", "quarantined", "late")
PEOPLE = ("refused", "opted_out", "deleted")
HEAD_COUNTS = {*COUNTS, "ties", "mobilisers", "classified"}
_WRITTEN = {measure.indicator: measure for measure in (*CARDS, SHARE_24H)}


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
    """What was published and what is known now; None where nothing changed."""
    rows = [
        [row["iso_week"], _indicator(row, words), *_before_and_after(row, words)] for row in data.revisions.to_pylist()
    ]
    columns = [words.say(f"revisions.{name}") for name in ("week", "indicator", "published", "now")]
    return Sheet(words.say("revisions.title"), columns, rows) if rows else None


def _people(count: int, words: Language) -> str:
    return words.say("words.few", k=K) if is_small(count) else words.number(count)


def _counts(week: str, series: Series, words: Language) -> list[str]:
    counts = {name: series.count(week, name) for name in ("calls", "episodes")}
    if None in counts.values():
        return []
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


def _indicator(row: Mapping[str, Any], words: Language) -> str:
    name, stratum = str(row["indicator"]), str(row["stratum"])
    known = words.texts["indicators"].get(name, name.replace("_", " "))
    if stratum == "all":
        return str(known)
    return f"{known}, {words.texts['ties'].get(stratum, stratum)}"


def _before_and_after(row: Mapping[str, Any], words: Language) -> tuple[str, str]:
    """Counts that differ by fewer than k would give somebody away: then the new one is not told."""
    before, now = row["published"], row["now"]
    measure = _WRITTEN.get(str(row["indicator"]))
    is_count = str(row["indicator"]) in HEAD_COUNTS
    is_close = is_count and before is not None and now is not None and is_small(abs(now - before))
    written = [_written(measure, value, is_count, words) for value in (before, now)]
    return written[0], words.say("revisions.close", k=K) if is_close else written[1]


def _written(measure: Measure | None, value: float | None, is_count: bool, words: Language) -> str:
    if value is None:
        return "–"
    if measure is None:
        return words.number(value) if is_count else words.percent(value)
    return measure.text(value, words)
