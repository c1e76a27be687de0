"""What was published and is known better now: a table of the best known figures, and a sentence on the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transforms.indicators.catalogue import checked
from transforms.report.data import ReleaseData
from transforms.report.figures import Sheet
from transforms.report.language import Language
from transforms.report.measures import CARDS

LISTED = (*(measure.indicator for measure in CARDS), "calls", "episodes", "mobilisers")
MOST = 14
WRITTEN = {measure.indicator: measure for measure in CARDS}


def revisions(data: ReleaseData, words: Language) -> Sheet | None:
    """What was published and what is told now, newest week first; None where none of `LISTED` changed."""
    rows = [
        [
            row["iso_week"],
            checked(row["indicator"]).label(words.code),
            *(_written(row, which, words) for which in ("published", "now")),
        ]
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
    return [row for row in _seen(data, words) if row["indicator"] in LISTED and row["stratum"] == "all"][:MOST]


def _seen(data: ReleaseData, words: Language) -> list[Mapping[str, Any]]:
    """Newest week first."""
    rows = sorted(data.revisions.to_pylist(), key=lambda row: str(row["iso_week"]), reverse=True)
    return [row for row in rows if _is_seen(row, words)]


def _is_seen(row: Mapping[str, Any], words: Language) -> bool:
    """Whether what was told reads differently; that it became final is no revision, nor is a first telling."""
    if row["published_status"] is None:
        return False
    final = {"published_status": "final"} if row["published"] is not None and row["now_status"] == "final" else {}
    return _written({**row, **final}, "published", words) != _written(row, "now", words)


def _written(row: Mapping[str, Any], which: str, words: Language) -> str:
    value, status = row[which], row[f"{which}_status"]
    if value is None:
        return words.say(f"words.{status if status == 'too_few' else 'undefined'}")
    measure = WRITTEN.get(row["indicator"])
    text = words.number(value) if measure is None else measure.text(value, words)
    return f"{text} ({words.say(f'words.{status}')})" if status in ("provisional", "held") else text
