"""What a platform allows whoever has a key of their own: so many units a while, of which each question costs some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Period = Literal["day", "month", "24h"]
PERIODS: dict[Period, tuple[str, str]] = {
    "day": ("a day", "par jour"),
    "month": ("a month", "par mois"),
    "24h": ("in 24 h", "par 24 h"),
}
_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`most` of `what` (English, French) a `period`; `name` is its name in the campaign file (`budget`).

    A day or a month begins at midnight in `zone`, ``24h`` are those that have just passed. None for `most`: nothing
    but what the campaign file allows. Counted in whole `parts` of one (money: 1000 thousandths). `each` says what one
    thing costs (English, French).
    """

    name: str
    what: tuple[str, str]
    most: int | None
    period: Period = "day"
    zone: str = "UTC"
    parts: int = 1
    each: tuple[str, str] = ("", "")

    def since(self, at: datetime) -> datetime:
        """When the period began that `at` is in, in UTC."""
        if self.period == "24h":
            return (at - _DAY).astimezone(UTC)
        local = at.astimezone(ZoneInfo(self.zone))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return (midnight if self.period == "day" else midnight.replace(day=1)).astimezone(UTC)

    def until(self, at: datetime) -> datetime:
        """When, at the latest, all of it may be spent anew by whoever has spent it at `at`, in UTC."""
        if self.period == "24h":
            return (at + _DAY).astimezone(UTC)
        begin = self.since(at).astimezone(ZoneInfo(self.zone))
        days = 1 if self.period == "day" else 31
        later = begin.replace(tzinfo=None) + timedelta(days=days)
        midnight = later if self.period == "day" else later.replace(day=1)
        return midnight.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
