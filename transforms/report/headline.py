"""The title, the sentence under it, and at most three key points: all by rule, from the numbers alone."""

from __future__ import annotations

from passerelle.weeks import week_after
from transforms.indicators.catalogue import EIGHT
from transforms.report.data import ReleaseData
from transforms.report.language import Language
from transforms.report.measures import MEDIAN, RATIO, RESPONSE, SHARE
from transforms.report.revised import final_revisions
from transforms.report.series import Estimate, Series


def title(data: ReleaseData, series: Series, words: Language) -> str:
    """The finding with number, direction and uncertainty, or in plain words why there is none."""
    if data.week is None:
        return words.say("headline.no_week")
    reading = SHARE.reading(data.week, series)
    if reading.value is None:
        return words.say(f"headline.{_silence(data.week, reading, series)}", week=words.week_number(data.week))
    moved = SHARE.moved(data.week, series)
    return words.say(
        f"headline.{moved.direction if moved else 'alone'}{_eight(reading)}",
        value=SHARE.text(reading.value, words),
        interval=SHARE.interval(reading, words),
    )


def lede(data: ReleaseData, series: Series, words: Language) -> str:
    """Which weeks are meant, and compared with which."""
    if data.week is None:
        return words.say("headline.lede_none")
    reading, number = SHARE.reading(data.week, series), words.week_number(data.week)
    if reading.num_weeks > 1:
        key = "lede_8w_alone" if SHARE.moved(data.week, series) is None else "lede_8w"
        return words.say(f"headline.{key}", week=number)
    week = capital(words.week(data.week))
    if SHARE.moved(data.week, series) is None:
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
    return "too_few" if reading.status == "too_few" else "undefined"


def _eight(reading: Estimate) -> str:
    """Which sentence: of a week, or of eight."""
    return EIGHT if reading.num_weeks > 1 else ""


def _share_point(week: str, series: Series, words: Language) -> str | None:
    reading = SHARE.reading(week, series)
    if reading.value is None:
        return None
    told = {"value": SHARE.text(reading.value, words), "interval": SHARE.interval(reading, words)}
    moved = SHARE.moved(week, series)
    if moved is None:
        sentence = words.say(f"points.share_alone{_eight(reading)}", **told)
    else:
        sentence = words.say(
            f"points.share{_eight(reading)}",
            **told,
            before=words.week_number(week_after(week, -1)),
            change=SHARE.difference(moved.value, words),
            change_interval=SHARE.difference_interval(moved, words),
            direction=words.say(f"directions.{moved.direction}"),
        )
    return " ".join([sentence, *([words.say(f"points.{reading.chance}")] if reading.chance else [])])


def _response_point(week: str, series: Series, words: Language) -> str | None:
    rate, time = RESPONSE.reading(week, series), MEDIAN.reading(week, series)
    sentences = []
    if rate.value is not None:
        told = {"value": RESPONSE.text(rate.value, words), "interval": RESPONSE.interval(rate, words)}
        sentences.append(words.say(f"points.response{_eight(rate)}", **told))
    if time.value is not None:
        told = {"value": MEDIAN.text(time.value, words), "interval": MEDIAN.interval(time, words)}
        sentences.append(words.say(f"points.median{_eight(time)}", **told))
    elif time.status == "undefined" and sentences:
        sentences.append(words.say("points.median_none"))
    return " ".join(sentences) or None


def _yield_point(week: str, series: Series, words: Language) -> str | None:
    reading = RATIO.reading(week, series)
    if reading.value is None or reading.low is None or reading.high is None:
        return None
    key = "lower" if reading.high < 0 else "higher" if reading.low > 0 else "same"
    told = {"value": RATIO.text(reading.value, words), "interval": RATIO.interval(reading, words)}
    return words.say(f"points.yield_{key}{_eight(reading)}", **told)
