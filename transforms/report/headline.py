"""The title, the sentence under it, and at most three key points: all by rule, from the numbers alone."""

from __future__ import annotations

from passerelle.weeks import week_after
from transforms.report.changes import Change
from transforms.report.data import ReleaseData
from transforms.report.language import Language
from transforms.report.measures import MEDIAN, RATIO, RESPONSE, SHARE, HeadlineMeasure
from transforms.report.revised import final_revisions
from transforms.report.series import Estimate, Series

SIGNIFICANT = 0.05


def title(data: ReleaseData, series: Series, words: Language) -> str:
    """The finding with number, direction and uncertainty, or in plain words why there is none."""
    if data.week is None:
        return words.say("headline.no_week")
    reading = series.at(data.week, SHARE.indicator)
    if reading.value is None:
        return words.say(f"headline.{_silence(data.week, reading, series)}", week=words.week_number(data.week))
    moved = _moved(SHARE, data.week, series)
    return words.say(
        f"headline.{moved.direction if moved else 'alone'}",
        value=SHARE.text(reading.value, words),
        interval=SHARE.interval(reading, words),
    )


def lede(data: ReleaseData, series: Series, words: Language) -> str:
    """Which week is meant, and compared with which."""
    if data.week is None:
        return words.say("headline.lede_none")
    week = capital(words.week(data.week))
    if _moved(SHARE, data.week, series) is None:
        return words.say("headline.lede_alone", week=week)
    return words.say("headline.lede", week=week, before=words.week_number(week_after(data.week, -1)))


def caution(data: ReleaseData, words: Language) -> str | None:
    """A sentence where sources are missing or checks failed."""
    quality = data.quality
    sources = words.say("headline.partial_sources", sources=", ".join(quality.missing_sources))
    failed = "partial_check" if quality.checks_failed == 1 else "partial_checks"
    checks = words.say(f"headline.{failed}", count=words.number(quality.checks_failed))
    if quality.missing_sources and quality.checks_failed:
        reason = words.say("headline.partial_both", one=sources, other=checks)
    elif quality.missing_sources or quality.checks_failed:
        reason = sources if quality.missing_sources else checks
    else:
        return None
    return words.say("headline.partial", reason=reason)


def points(data: ReleaseData, series: Series, words: Language) -> list[str]:
    """At most three sentences; never none."""
    if data.week is None:
        return [words.say("headline.lede_none")]
    found = [
        _share_point(data.week, series, words),
        _response_point(data.week, series, words),
        _yield_point(data.week, series, words),
    ]
    return [point for point in found if point] or [words.say("points.nothing"), _earlier(data, words)]


def _earlier(data: ReleaseData, words: Language) -> str:
    """Whether what was final before is still as it was."""
    return words.say("points.revised" if final_revisions(data, words) else "points.kept")


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _silence(week: str, reading: Estimate, series: Series) -> str:
    """Why there is no headline figure."""
    calls, episodes = series.at(week, "calls"), series.at(week, "episodes")
    if calls.status == "missing" and episodes.status == "missing":
        return "no_data"
    if calls.value == 0 or episodes.value == 0:
        return "quiet"
    return "suppressed" if reading.status == "suppressed" else "undefined"


def _moved(measure: HeadlineMeasure, week: str, series: Series) -> Change | None:
    before = series.at(week_after(week, -1), measure.indicator)
    return measure.change(series.at(week, measure.indicator), before)


def _share_point(week: str, series: Series, words: Language) -> str | None:
    reading = series.at(week, SHARE.indicator)
    if reading.value is None:
        return None
    value, interval = SHARE.text(reading.value, words), SHARE.interval(reading, words)
    moved = _moved(SHARE, week, series)
    if moved is None:
        sentence = words.say("points.share_alone", value=value, interval=interval)
    else:
        sentence = words.say(
            "points.share",
            value=value,
            interval=interval,
            before=words.week_number(week_after(week, -1)),
            change=SHARE.difference(moved.value, words),
            change_interval=SHARE.difference_interval(moved, words),
            direction=words.say(f"directions.{moved.direction}"),
        )
    return " ".join(filter(None, (sentence, _against_chance(reading, words))))


def _against_chance(reading: Estimate, words: Language) -> str | None:
    if reading.p is None or reading.z is None:
        return None
    key = "chance" if reading.p >= SIGNIFICANT else "above" if reading.z > 0 else "below"
    return words.say(f"points.{key}", p=words.number(reading.p, 3 if reading.p < 0.1 else 2))


def _response_point(week: str, series: Series, words: Language) -> str | None:
    rate, time = series.at(week, RESPONSE.indicator), series.at(week, MEDIAN.indicator)
    sentences = []
    if rate.value is not None:
        sentences.append(
            words.say(
                "points.response", value=RESPONSE.text(rate.value, words), interval=RESPONSE.interval(rate, words)
            )
        )
    if time.value is not None:
        sentences.append(
            words.say("points.median", value=MEDIAN.text(time.value, words), interval=MEDIAN.interval(time, words))
        )
    elif time.status == "undefined" and sentences:
        sentences.append(words.say("points.median_none"))
    return " ".join(sentences) or None


def _yield_point(week: str, series: Series, words: Language) -> str | None:
    reading = series.at(week, RATIO.indicator)
    if reading.value is None or reading.low is None or reading.high is None:
        return None
    key = "lower" if reading.high < 0 else "higher" if reading.low > 0 else "same"
    return words.say(
        f"points.yield_{key}", value=RATIO.text(reading.value, words), interval=RATIO.interval(reading, words)
    )
