"""The boxes beside the finding: quality and the provisional week."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.data import Quality, ReleaseData
from transforms.report.headline import capital
from transforms.report.language import Language
from transforms.report.series import Series

COUNTED = ("gaps", "incomplete_threads", "quarantined", "late", "refused", "opted_out", "deleted")


def status(data: ReleaseData, words: Language) -> str:
    """*final* or *provisional*, and *partial* where something is missing."""
    parts = [words.say("words.final" if data.week else "words.provisional")]
    return ", ".join(parts if data.quality.is_whole else [*parts, words.say("words.partial")])


def quality(data: ReleaseData, words: Language) -> list[tuple[str, str]]:
    """Label and value of each line of the quality box, as coarse as the edition tells."""
    box = data.quality
    covered = words.say("quality.covered_none") if box.covered is None else words.percent(box.covered)
    lines = [("status", capital(status(data, words))), ("covered", covered)]
    lines += [(name, words.number(getattr(box, name))) for name in COUNTED]
    passed, failed = words.counted(box.checks_passed, "passed"), words.number(box.checks_failed)
    lines.append(("checks", words.say("quality.checks_value", passed=passed, failed=failed)))
    told = [(words.say(f"quality.{name}"), value) for name, value in lines]
    return [*told[:2], *_together(box, words), *_seen(box, words), *told[2:]]


def provisional(data: ReleaseData, series: Series, words: Language) -> list[str]:
    """Sentences on the week just ended: how many calls and episodes so far, and why nothing else."""
    week = data.provisional_week
    return [] if week is None else [words.say("provisional.text"), *_counts(week, series, words)]


def _together(box: Quality, words: Language) -> Iterator[tuple[str, str]]:
    """Which platforms the figures take together: nobody is to think that they are of one."""
    if len(box.seen) > 1:
        yield words.say("quality.platforms"), ", ".join(platform for platform, _ in box.seen)


def _seen(box: Quality, words: Language) -> Iterator[tuple[str, str]]:
    """By platform, the share of posts that was seen: a share only, since counts are told rounded elsewhere."""
    for platform, found in box.seen:
        name = "quality.seen" if len(box.seen) == 1 else "quality.seen_of"
        if found.total is None or found.low is None or found.high is None:
            value = words.say(f"quality.seen_{found.reason}")
        else:
            ends = (words.percent(found.seen / total) for total in (found.high, found.low))
            servers = words.counted(found.num_lists, "servers")
            share = words.percent(found.seen / found.total)
            value = words.say("quality.seen_value", value=share, interval=words.interval(*ends), servers=servers)
        yield words.say(name, platform=platform), value


def _counts(week: str, series: Series, words: Language) -> list[str]:
    counts = {name: series.count(week, name) for name in ("calls", "episodes")}
    if None in counts.values():
        return []
    if counts["calls"] == 0:
        return [words.say("provisional.quiet")]
    return [words.say("provisional.counts", **{name: words.counted(n or 0, name) for name, n in counts.items()})]
