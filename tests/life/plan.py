"""What is done on which day of a life, what goes wrong on the servers meanwhile, and where a step is killed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from tests.sandbox.faults import Fault

Command = Literal["collect", "report", "weekly"]
GENEROUS, TIGHT = 300, 30


@dataclass(frozen=True, slots=True)
class Kill:
    """SIGKILL at a `share` of the step's requests or writes, to the command alone or to its whole group."""

    at: Literal["request", "write"]
    share: float
    whole_group: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One process (`report` is two: a collection, then the report), begun at `moment`."""

    moment: datetime
    command: Command
    kill: Kill | None = None
    faults: tuple[Fault, ...] = ()
    limit: int = GENEROUS


@dataclass(frozen=True, slots=True)
class Plan:
    """The days (0 is Monday) of plain collections, and the weeks whose Monday is the Prefect flow's."""

    start: datetime
    num_weeks: int
    seed: int
    days: tuple[int, ...] = (2, 4)
    by_flow: frozenset[int] = frozenset((2, 4, 6))
    hour: timedelta = field(default=timedelta(hours=5))

    def weeks(self) -> Iterator[list[Step]]:
        """Each week's steps; the last of a week is that of the Monday after it."""
        rng = np.random.default_rng([self.seed, 3])
        for week in range(self.num_weeks):
            yield self._week(rng, week)

    def _week(self, rng: np.random.Generator, week: int) -> list[Step]:
        opened = self.start + timedelta(weeks=week)
        # a timer is never on time to the second
        moments = [opened + timedelta(days=d, minutes=float(rng.uniform(0, 40))) + self.hour for d in (*self.days, 7)]
        killed = week % len(moments)  # each in turn, from the very first to a Monday's
        troubled = (killed + 1) % len(self.days) if week else None
        steps = []
        for turn, moment in enumerate(moments):
            monday = "weekly" if week in self.by_flow else "report"
            command: Command = "collect" if turn < len(self.days) else monday  # type: ignore[assignment]
            kill = self._kill(rng, week) if turn == killed else None
            faults, limit = self._trouble(rng, week, moment) if turn == troubled and not kill else ((), GENEROUS)
            steps.append(Step(moment, command, kill, faults, limit))
        return steps

    def _kill(self, rng: np.random.Generator, week: int) -> Kill:
        at: Literal["request", "write"] = "request" if week % 2 == 0 else "write"
        return Kill(at, float(rng.uniform(0.15, 0.95)), whole_group=week % 4 > 1)

    def _trouble(self, rng: np.random.Generator, week: int, moment: datetime) -> tuple[tuple[Fault, ...], int]:
        """In turn: a server that goes away midway, a tight limit, one that is away for a day, one that hiccups."""
        until = moment + timedelta(hours=20)
        within = {"begins": moment - timedelta(hours=2), "ends": until, "times": 1_000_000}
        kind = (week - 1) % 4
        if kind == 0:
            return (Fault("unavailable", after=int(rng.integers(4, 12)), **within),), GENEROUS  # type: ignore[arg-type]
        if kind == 1:
            return (), TIGHT
        if kind == 2:
            return (Fault("unavailable", **within),), GENEROUS  # type: ignore[arg-type]
        hiccups = (Fault("reset", times=2, after=3), Fault("rate_limited", reset="iso", seconds=90, after=9))
        return (*hiccups, Fault("truncated", match="/timelines/", times=1)), GENEROUS
