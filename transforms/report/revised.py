"""What was published and is known better now: a table of the best known figures, and a sentence on the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.indicators.catalogue import checked
from transforms.report.cells import COUNTS
from transforms.report.data import ReleaseData
from transforms.report.disclosure import K, is_small
from transforms.report.figures import Sheet
from transforms.report.language import Language
from transforms.report.measures import CARDS

LISTED = (*(measure.indicator for measure in CARDS), "calls", "episodes", "mobilisers")
MOST = 14
WRITTEN = {measure.indicator: measure for measure in CARDS}


def revisions(data: ReleaseData, words: Language) -> Sheet | None:
    """What was published and what is known now, newest week first; None where none of `LISTED` changed."""
    rows = [
        [row["iso_week"], checked(row["indicator"]).label(words.code), *_before_and_after(row, words)]
        for row in _listed(data, words)
    ]
    columns = [words.say(f"revisions.{name}") for name in ("week", "indicator", "published", "now")]
    return Sheet(words.say("revisions.title"), columns, rows) if rows else None


def unlisted(data: ReleaseData, words: Language) -> str | None:
    """How many other final figures read differently now, and of which weeks; None where there are none."""
    listed = _listed(data, words)
    rows = [row for row in final_revisions(data, words) if row not in listed]
    weeks = ", ".join(sorted({row["iso_week"] for row in rows}))
    key = "revisions.unlisted_one" if len(rows) == 1 else "revisions.unlisted"
    return words.say(key, count=words.number(len(rows)), weeks=weeks) if rows else None


def final_revisions(data: ReleaseData, words: Language) -> list[Mapping[str, Any]]:
    """Figures that were final and read differently now, newest week first."""
    return [row for row in _seen(data, words) if row["published_status"] == "final"]


def _listed(data: ReleaseData, words: Language) -> list[Mapping[str, Any]]:
    rows = [row for row in _seen(data, words) if row["indicator"] in LISTED and row["stratum"] == "all"]
    return [row for row in rows if not _is_masked_now(row)][:MOST]


def _seen(data: ReleaseData, words: Language) -> list[Mapping[str, Any]]:
    rows = sorted(data.revisions.to_pylist(), key=lambda row: str(row["iso_week"]), reverse=True)
    return [row for row in rows if _is_seen(row, words)]


def _before_and_after(row: Mapping[str, Any], words: Language) -> tuple[str, str]:
    """Counts that differ by fewer than k would give somebody away: then the new one is not told."""
    before, now = row["published"], row["now"]
    is_count = row["indicator"] in COUNTS
    if is_count and before is not None and now is not None and is_small(abs(now - before)):
        return _written(row, "published", words), words.say("revisions.close", k=K)
    return _written(row, "published", words), _written(row, "now", words)


def _is_seen(row: Mapping[str, Any], words: Language) -> bool:
    """Whether the figure reads differently; that it became final is no revision, that it is masked now is one."""
    if _is_masked_now(row):
        return bool(row["published_status"] != "suppressed")
    final = {"published_status": row["now_status"]} if row["published"] is not None else {}
    return _written({**row, **final}, "published", words) != _written(row, "now", words)


def _is_masked_now(row: Mapping[str, Any]) -> bool:
    return bool(row["now_status"] == "suppressed")


def _written(row: Mapping[str, Any], which: str, words: Language) -> str:
    value, status = row[which], row[f"{which}_status"]
    if value is None or status == "suppressed":
        return words.say("words.masked" if status == "suppressed" else "words.undefined")
    measure = WRITTEN.get(row["indicator"])
    text = words.number(value) if measure is None else measure.text(value, words)
    return f"{text} ({words.say('words.provisional')})" if status == "provisional" else text
