"""Results told and thanks: what came of the calls, as far as anybody wrote it and the classifier saw it."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.calls import held_out
from transforms.proportions import Interval
from transforms.report.chains import CHAINS, OUTCOMES
from transforms.report.disclosure import Sum, Told
from transforms.report.language import Language
from transforms.report.series import Series

NAME = "outcome_posts"


def outcome_sentences(week: str | None, series: Series, told: Told, words: Language) -> list[str]:
    """Sentences on `week`, the newest final one, on all since the first, and on how far the classifier goes wrong."""
    if week is None:
        return [words.say("outcomes.no_week")]
    return [_of_week(week, series, told, words), *_since(told, words), _errors(words)]


def _of_week(week: str, series: Series, told: Told, words: Language) -> str:
    whole, number = series.at(week, NAME), words.week_number(week)
    if whole.value is None:
        return words.say("headline.no_data", week=number) + "."
    if whole.value == 0:
        return words.say("outcomes.none" if told.grain.base == 1 else "outcomes.few", week=number)
    return words.say("outcomes.text", week=number, total=words.number(whole.value), parts=_parts(week, series, words))


def _parts(week: str, series: Series, words: Language) -> str:
    """How many of them tell a result and how many only thank."""
    counts = [series.count(week, NAME, stratum) or 0 for stratum in ("all", "result", "thanks")]
    total, result, thanks = counts
    said = words.say("outcomes.parts", result=_count(result, words), thanks=_count(thanks, words))
    rest = total - result - thanks
    return said + (words.say("outcomes.rest", count=words.number(rest)) if rest else "")


def _count(number: int, words: Language) -> str:
    return words.say("outcomes.nought") if number == 0 else words.number(number)


def _since(told: Told, words: Language) -> Iterator[str]:
    """All of them so far: the sum of what was told week by week."""
    posts = Sum(OUTCOMES, CHAINS[OUTCOMES])
    weeks = [week for week in told.weeks_told(told.final, posts) if told.people([week], posts)]
    if len(weeks) > 1:
        total = words.number(told.people(weeks, posts) or 0)
        yield words.say("outcomes.so_far", total=total, week=words.week(weeks[0]))


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
