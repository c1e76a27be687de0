"""The four figures of the cards: which indicator, how it is written, which change would matter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from transforms.report.changes import Change, change
from transforms.report.language import Language
from transforms.report.series import Reading


@dataclass(frozen=True, slots=True)
class Measure:
    """`margin`: a change within it matters to nobody; in the indicator's unit, for hours a share of the week before."""

    key: str
    indicator: str
    unit: Literal["share", "hours", "log_ratio"]
    margin: float

    def text(self, value: float, words: Language) -> str:
        """A value as readers see it; a log ratio as the ratio."""
        if self.unit == "share":
            return words.percent(value)
        return words.hours(value) if self.unit == "hours" else words.ratio(math.exp(value))

    def interval(self, reading: Reading, words: Language) -> str:
        """``37 % à 49 %``; an end that is not known is left open."""
        return span(*(self._end(end, words) for end in (reading.low, reading.high)), words)

    def change(self, now: Reading, before: Reading) -> Change | None:
        """Change from `before` to `now`, with its word."""
        scale = abs(before.value or 0) if self.unit == "hours" else 1.0
        return change(now, before, self.margin * scale)

    def difference(self, value: float, words: Language) -> str:
        """A change as readers see it: points, hours, or a factor."""
        if self.unit == "share":
            points = words.number(100 * value, signed=True)
            return words.say("words.point" if abs(round(100 * value)) < 2 else "words.points", value=points)
        if self.unit == "hours":
            return words.hours(value, signed=True)
        return words.say("words.times", value=words.ratio(math.exp(value)))

    def difference_interval(self, one: Change, words: Language) -> str:
        """Interval of a change; for shares the word *points* is left to the value beside it."""
        ends = (one.low, one.high)
        if self.unit == "share":
            written = [words.number(100 * end, signed=True) if math.isfinite(end) else None for end in ends]
        else:
            written = [self.difference(end, words) if math.isfinite(end) else None for end in ends]
        return span(*written, words)

    def _end(self, end: float | None, words: Language) -> str | None:
        return None if end is None or not math.isfinite(end) else self.text(end, words)


SHARE = Measure("share", "weak_tie_share_of_classified", "share", 0.05)
RESPONSE = Measure("response", "response_rate", "share", 0.05)
MEDIAN = Measure("median", "median_hours_to_first", "hours", 0.25)
RATIO = Measure("ratio", "ln_yield_weak_over_strong", "log_ratio", math.log(1.25))
SHARE_24H = Measure("share_24h", "share_24h", "share", 0.05)
CARDS = (SHARE, RESPONSE, MEDIAN, RATIO)


def span(low: str | None, high: str | None, words: Language) -> str:
    """An interval in words, open where an end is None."""
    if low is None and high is None:
        return words.say("words.undefined")
    if high is None:
        return words.say("words.open_interval", low=low)
    if low is None:
        return words.say("words.from_interval", high=high)
    return words.say("words.interval", low=low, high=high)
