"""The four figures of the cards: which indicator, how it is written, which change would matter."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from transforms.indicators.catalogue import Kind, checked
from transforms.report.changes import Change, change
from transforms.report.language import Language
from transforms.report.series import Estimate, Series


@dataclass(frozen=True, slots=True)
class HeadlineMeasure:
    """`key`: what its texts are called by. `margin`: a change within it matters to nobody; in the indicator's unit, for
    times a share of the week before.
    """

    key: str
    indicator: str
    margin: float

    @property
    def kind(self) -> Kind:
        """Share, time or log ratio, as the catalogue has it."""
        return checked(self.indicator).kind

    def name(self, words: Language) -> str:
        """What it is called where its unit stands beside."""
        return checked(self.indicator).short(words.code)

    def text(self, value: float, words: Language) -> str:
        """A value as readers see it; a log ratio as the ratio, a time as the hours within which half have an answer."""
        if self.kind == "time":
            return words.say("words.within", hours=words.hours(value))
        return words.percent(value) if self.kind == "share" else words.ratio(math.exp(value))

    def interval(self, reading: Estimate, words: Language) -> str:
        """``37 % à 49 %``; an end that is not known is left open."""
        return words.interval(self._end(reading.low, words), self._end(reading.high, words))

    def reading(self, week: str | None, series: Series) -> Estimate:
        """Of the week, or of the 8 final weeks up to it where the week alone tells too little."""
        return series.best(week, self.indicator)

    def moved(self, week: str, series: Series) -> Change | None:
        """Change from the week before; of a reading over 8 weeks, from the 8 weeks before those."""
        now = self.reading(week, series)
        moved = self.change(now, series.before(week, self.indicator, now))
        if moved is None or series.spoken is None:
            return moved
        public = self.moved(week, series.spoken)
        return replace(moved, direction=public.direction if public else "inconclusive")

    def change(self, now: Estimate, before: Estimate) -> Change | None:
        """Change from `before` to `now`, with its word."""
        scale = abs(before.value or 0) if self.kind == "time" else 1.0
        return change(now, before, self.margin * scale)

    def difference(self, value: float, words: Language) -> str:
        """A change as readers see it: points, hours, or a factor."""
        if self.kind == "share":
            return words.points(100 * value)
        if self.kind == "time":
            return words.hours(value, signed=True)
        return words.say("words.times", value=words.ratio(math.exp(value)))

    def difference_interval(self, one: Change, words: Language) -> str:
        """Interval of a change; points and factors are left to the value beside it."""
        low, high = (self._bare(end, words) if math.isfinite(end) else None for end in (one.low, one.high))
        return words.interval(low, high)

    def _bare(self, end: float, words: Language) -> str:
        if self.kind == "share":
            return words.number(100 * end, signed=True)
        return words.hours(end, signed=True) if self.kind == "time" else words.ratio(math.exp(end))

    def _end(self, end: float | None, words: Language) -> str | None:
        if end is None or not math.isfinite(end):
            return None
        return words.hours(end) if self.kind == "time" else self.text(end, words)


SHARE = HeadlineMeasure("share", "weak_tie_share_of_classified", 0.05)
RESPONSE = HeadlineMeasure("response", "response_rate", 0.05)
MEDIAN = HeadlineMeasure("median", "median_hours_to_first", 0.25)
RATIO = HeadlineMeasure("ratio", "ln_yield_weak_over_strong", math.log(1.25))
CARDS = (SHARE, RESPONSE, MEDIAN, RATIO)
