"""Results told and thanks: what came of the calls, as far as anybody wrote it and the classifier saw it."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.calls import held_out
from transforms.proportions import Interval
from transforms.report.disclosure import K
from transforms.report.language import Language
from transforms.report.series import Series
from transforms.report.so_far import SoFar

NAME = "outcome_posts"


def outcome_sentences(week: str | None, series: Series, since: SoFar | None, words: Language) -> list[str]:
    """Sentences on `week`, the newest final one, on all since the first, and on how far the classifier goes wrong."""
    if week is None:
        return [words.say("outcomes.no_week")]
    return [_of_week(week, series, words), *_since(since, words), _errors(words)]


def _of_week(week: str, series: Series, words: Language) -> str:
    whole = series.at(week, NAME)
    if whole.status == "missing":
        return words.say("headline.no_data", week=words.week_number(week)) + "."
    if whole.value is None:
        return words.say("outcomes.few", k=K, week=words.week_number(week))
    if whole.value == 0:
        return words.say("outcomes.none", week=words.week_number(week))
    total, parts = words.number(whole.value), _parts(week, round(whole.value), series, words)
    return words.say("outcomes.text", week=words.week_number(week), total=total, parts=parts)


def _parts(week: str, total: int, series: Series, words: Language) -> str:
    """How many of the `total` tell a result and how many only thank, unless that would show a small number."""
    counts = [series.count(week, NAME, stratum) for stratum in ("result", "thanks")]
    result, thanks = (_count(number, words) for number in counts)
    if result is None or thanks is None:
        return words.say("outcomes.masked", k=K)
    rest = total - sum(number or 0 for number in counts)
    told = words.say("outcomes.parts", result=result, thanks=thanks)
    return told + (words.say("outcomes.rest", count=words.number(rest)) if rest else "")


def _count(number: int | None, words: Language) -> str | None:
    return words.say("outcomes.nought") if number == 0 else None if number is None else words.number(number)


def _since(since: SoFar | None, words: Language) -> Iterator[str]:
    if since is not None:
        key = "outcomes.so_far" if since.is_whole else "outcomes.at_least"
        yield words.say(key, total=words.number(since.total), week=words.week(since.first), k=K)


def _errors(words: Language) -> str:
    """Precision and recall of the label on the posts held out."""
    scores = held_out().by_label["thanks_outcome"]
    precision = _score(scores.precision, scores.precision_interval, words)
    recall = _score(scores.recall, scores.recall_interval, words)
    return words.say("outcomes.errors", precision=precision, recall=recall)


def _score(value: float | None, interval: Interval, words: Language) -> str:
    low, high = interval
    if value is None or low is None or high is None:
        return words.say("words.undefined")
    ends = words.interval(words.percent(low), words.percent(high))
    return words.say("outcomes.score", value=words.percent(value), interval=ends)
