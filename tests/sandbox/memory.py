"""What the simulator remembers of every pair, and the tie class it gives: plain lists, one rule a line."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from tests.sandbox.parameters import Parameters

CLASSES = ("strong", "moderately_weak", "weak", "absent")


class Memory:
    """Contacts of every account with every other, in order of time."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._seen: dict[int, dict[int, list[tuple[datetime, bool]]]] = defaultdict(lambda: defaultdict(list))

    def remember(self, source: int, target: int, time: datetime) -> None:
        """`source` acted towards `target`."""
        self._seen[source][target].append((time, True))
        self._seen[target][source].append((time, False))

    def met(self, one: int) -> list[int]:
        """Everyone `one` ever had contact with, in order of number."""
        return sorted(self._seen[one])

    def tie(self, one: int, other: int, moment: datetime) -> str:
        """Class of the pair as of `moment`, from [moment - window, moment)."""
        opened = moment - timedelta(days=self._parameters.window_days)
        contacts = [(t, out) for t, out in self._seen[one].get(other, []) if opened <= t < moment]
        days = {t.date() for t, _ in contacts}
        weeks = {t.isocalendar()[:2] for t, _ in contacts}
        both = len({out for _, out in contacts}) == 2
        if not days:
            return "absent"
        if len(days) >= self._parameters.strong_days and both and len(weeks) >= 2:
            return "strong"
        return "moderately_weak" if len(days) >= 2 or both else "weak"

    def alters(self, one: int, moment: datetime) -> dict[int, str]:
        """Everyone with a tie to `one` as of `moment`, with the class."""
        ties = {other: self.tie(one, other, moment) for other in self.met(one)}
        return {other: kind for other, kind in ties.items() if kind != "absent"}
