"""What is planted: the numbers that the analysis of the recorded campaign must find again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

PARIS = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Parameters:
    """One invented campaign. Probabilities are per exposed person and episode; rates per week and direction."""

    seed: int = 20260302
    start: datetime = datetime(2026, 3, 1, 23, tzinfo=UTC)
    num_weeks: int = 22
    prior_weeks: int = 13
    num_active: int = 208
    num_quiet: int = 212
    num_seekers: int = 104
    episodes_a_week: tuple[int, int] = (10, 14)
    response: dict[str, float] = field(
        default_factory=lambda: {"strong": 0.24, "moderately_weak": 0.17, "weak": 0.14, "absent": 0.04}
    )
    strangers_exposed: float = 40.0
    share_seen: float = 0.8
    median_delay_hours: float = 16.0
    delay_spread: float = 1.15
    share_of_acts: dict[str, float] = field(
        default_factory=lambda: {"repost": 0.78, "reply": 0.14, "quote": 0.05, "mention": 0.03}
    )
    contacts_a_week: dict[str, float] = field(default_factory=lambda: {"strong": 0.36, "moderate": 0.11, "weak": 0.035})
    friends: dict[str, float] = field(default_factory=lambda: {"strong": 2.0, "moderate": 4.4, "weak": 16.0})
    own_community: dict[str, float] = field(default_factory=lambda: {"strong": 0.85, "moderate": 0.65, "weak": 0.3})
    share_on_behalf: float = 0.14
    share_repeated: float = 0.25
    share_found: float = 0.25
    window_days: int = 84
    strong_days: int = 4
    episode_days: int = 14
    follow_up_hours: int = 168

    @property
    def end(self) -> datetime:
        """End of the last week in Paris time; the last collection comes some hours later."""
        return self.start + timedelta(weeks=self.num_weeks) - timedelta(hours=1)

    @property
    def as_of(self) -> datetime:
        """The last collection's clock."""
        return self.end + timedelta(hours=6)

    def planted(self) -> dict[str, object]:
        """As JSON-able values."""
        return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}
