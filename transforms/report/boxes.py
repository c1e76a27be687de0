"""The boxes beside the finding: quality and the provisional week."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.changes import change
from transforms.report.data import Quality, ReleaseData
from transforms.report.disclosure import K, is_small
from transforms.report.headline import capital
from transforms.report.language import Language
from transforms.report.measures import SHARE_24H
from transforms.report.series import Series

NOT_PEOPLE = ("gaps", "incomplete_threads", "quarantined", "late")
PEOPLE = ("refused", "opted_out", "deleted")


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
    passed, failed = words.counted(box.checks_passed, "passed"), words.number(box.checks_failed)
    lines.append(("checks", words.say("quality.checks_value", passed=passed, failed=failed)))
    told = [(words.say(f"quality.{name}"), value) for name, value in lines]
    return [*told[:2], *_together(box, words), *_seen(box, words), *told[2:]]


def provisional(data: ReleaseData, series: Series, words: Language) -> list[str]:
    """Sentences on the week just ended: counts so far, and the share at 24 h, a comparison at equal follow-up."""
    week = data.provisional_week
    if week is None:
        return []
    return [words.say("provisional.text"), *_counts(week, series, words), _share_at_24h(week, data.week, series, words)]


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


def _people(count: int, words: Language) -> str:
    return words.say("words.few", k=K) if is_small(count) else words.number(count)


def _counts(week: str, series: Series, words: Language) -> list[str]:
    counts = {name: series.count(week, name) for name in ("calls", "episodes")}
    if None in counts.values():
        return []
    if counts["calls"] == 0:
        return [words.say("provisional.quiet")]
    return [words.say("provisional.counts", **{name: words.counted(n or 0, name) for name, n in counts.items()})]


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
