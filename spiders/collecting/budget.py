"""What a run may still spend of what its source allows: counted in the crawl state, so that the next run goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from passerelle.allowances import PERIODS, Allowance
from passerelle.campaign import Source
from passerelle.platforms import PLATFORMS
from passerelle.wording import decimal
from spiders.collecting.state import CrawlState

Cost = Mapping[str, int]
"""Parts by the name of the allowance that they are spent of."""


class Spending:
    """What `source` allows, what `state` says was spent of it, and what this run spends.

    `allowances` by name. `refused` are the names of those that did not suffice for something in this run.
    The time is that of the last answer: a replay comes to the same.
    """

    def __init__(self, source: Source, state: CrawlState, begin: datetime) -> None:
        self.allowances = {one.name: one for one in PLATFORMS[source.kind].allowances}
        self.refused: set[str] = set()
        self._most = {name: most_parts(one, source) for name, one in self.allowances.items()}
        self._spent = state.spent
        self._at = begin

    def spent(self, name: str) -> int:
        """Parts of the allowance `name` that were spent in the period that now is."""
        since = self.allowances[name].since(self._at)
        hours = self._spent.get(name, {})
        # an hour that has begun before the last 24 counts whole: rather too little than too much is asked
        return sum(parts for hour, parts in hours.items() if datetime.fromisoformat(hour) > since - timedelta(hours=1))

    def left(self, name: str) -> int:
        """Parts of it that may still be spent."""
        return max(0, self._most[name] - self.spent(name))

    def most(self, name: str) -> int:
        """Parts of it that may be spent in a period."""
        return self._most[name]

    def anew(self, name: str) -> datetime:
        """When it begins anew."""
        return self.allowances[name].until(self._at)

    def affords(self, cost: Cost) -> bool:
        """Whether enough is left for what costs so much; if not, it is noted."""
        short = {name for name, parts in cost.items() if parts > self.left(name)}
        self.refused |= short
        return not short

    def spend(self, cost: Cost, at: datetime) -> None:
        """Count what an answer that came `at` has cost."""
        self._at = max(self._at, at)
        for name, parts in cost.items():
            known = self._spent.setdefault(name, {})
            hour = _hour(self._at)
            known[hour] = known.get(hour, 0) + parts
            self._forget(name, known)

    def exhaust(self, name: str, at: datetime) -> None:
        """The server says that nothing is left of it, whoever has spent it."""
        self._at = max(self._at, at)
        self.spend({name: self.left(name)}, at)
        self.refused.add(name)

    def told(self, name: str) -> tuple[str, str]:
        """In English and French, what of it may be spent now, and since when it counts."""
        one, until = self.allowances[name], self.anew(name).isoformat(timespec="minutes")
        left, spent, most = self.left(name), self.spent(name) / one.parts, self.most(name) / one.parts
        period_en, period_fr = PERIODS[one.period]
        en = f"at most {amount(one, left, 'en')}: {shown(spent, 'en')} of {shown(most, 'en')} {period_en} are spent"
        fr = f"il reste {amount(one, left, 'fr')} sur {shown(most, 'fr')} {period_fr}"
        each_en, each_fr = (
            f"{mark}{words}" if words else "" for mark, words in zip(("; ", " ; "), one.each, strict=True)
        )
        return f"{en}; anew at {until}{each_en}", f"{fr} ; compteur remis à zéro le {until}{each_fr}"

    def lines(self, host: str) -> list[tuple[str, str]]:
        """In English and French, a line for each that did not suffice: what was spent, and when there is more."""
        return [_line(host, self, name) for name in sorted(self.refused)]

    def _forget(self, name: str, hours: dict[str, int]) -> None:
        since = self.allowances[name].since(self._at) - timedelta(hours=1)
        for hour in [hour for hour in hours if datetime.fromisoformat(hour) <= since]:
            del hours[hour]


def most_parts(allowance: Allowance, source: Source) -> int:
    """Parts of an allowance that `source` may spend: what its budget in the campaign file says, else what is usual."""
    told = source.budget.get(allowance.name, allowance.most)
    return round((told or 0) * allowance.parts)


def amount(allowance: Allowance, parts: int, language: str) -> str:
    """So many parts of an allowance, as a person reads it (``en`` or ``fr``)."""
    words = allowance.what[0 if language == "en" else 1]
    return f"{shown(parts / allowance.parts, language)} {words}"


def shown(value: float, language: str) -> str:
    """A number of units: whole ones without decimals, money with two."""
    return decimal(value, 0 if value == int(value) else 2, language)


def _line(host: str, spending: Spending, name: str) -> tuple[str, str]:
    one, until = spending.allowances[name], spending.anew(name).isoformat(timespec="minutes")
    spent, most = spending.spent(name), spending.most(name)
    en = f"{host}: {shown(spent / one.parts, 'en')} of {amount(one, most, 'en')} are spent"
    fr = f"{host} : {shown(spent / one.parts, 'fr')} sur {amount(one, most, 'fr')}, tout est dépensé"
    return (
        f"{en}; collect again after {until}, it goes on from there",
        f"{fr} ; relancez après {until}, la collecte reprendra là",
    )


def _hour(at: datetime) -> str:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0).isoformat(timespec="hours")
