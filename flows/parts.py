"""Staged rows in parts that fit in memory: whole weeks where they are small, shares of one week where it is not.

Everything that clean computes of a post or an account looks at that one's rows only, so parts cut by their
identifiers give what the whole would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from flows.staged import StagedRun, staged_rows

POSTS_AT_ONCE, ACCOUNTS_AT_ONCE = 20_000, 100_000
_DIGITS = 6
"""Hex digits of a pseudonym that parts are cut by."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of `weeks` (all if None) whose `column` is from `low` to before `high` (None: no bound)."""

    column: str
    weeks: tuple[str, ...] | None = None
    low: str | None = None
    high: str | None = None

    @property
    def where(self) -> pc.Expression | None:
        """The same as a filter, of staged and of lake rows; None where nothing is left out.

        A null, or what is no pseudonym, falls in exactly one part too, so that the gate sees it. The cast is
        explained at :func:`passerelle.delta.among`.
        """
        name = pc.field(self.column).cast(pa.string())
        tests = []
        if self.weeks is not None:
            tests.append(pc.field("iso_week").isin(list(self.weeks)))
        if self.low is not None:
            tests.append(name >= self.low)
        if self.high is not None:
            tests.append((name < self.high) if self.low is not None else (name < self.high) | name.is_null())
        return reduce(lambda one, other: one & other, tests) if tests else None


def post_parts(runs: Sequence[StagedRun]) -> list[Part]:
    """Parts of the staged versions of posts, of about POSTS_AT_ONCE rows or less."""
    counts = pc.value_counts(staged_rows(runs, "post_versions", ["iso_week"])["iso_week"]).to_pylist()
    parts: list[Part] = []
    weeks: list[str] = []
    size = 0
    for entry in sorted(counts, key=lambda entry: str(entry["values"])):
        if weeks and size + entry["counts"] > POSTS_AT_ONCE:
            parts += _shares("post_id", size, POSTS_AT_ONCE, tuple(weeks))
            weeks, size = [], 0
        weeks.append(entry["values"])
        size += entry["counts"]
    return [*parts, *_shares("post_id", size, POSTS_AT_ONCE, tuple(weeks))] if weeks else parts


def account_parts(runs: Sequence[StagedRun]) -> list[Part]:
    """Parts of the staged looks at accounts, of about ACCOUNTS_AT_ONCE rows or less."""
    return list(_shares("account_id", sum(run.rows("accounts") for run in runs), ACCOUNTS_AT_ONCE))


def _shares(column: str, size: int, at_once: int, weeks: tuple[str, ...] | None = None) -> Iterator[Part]:
    """`size` rows cut by the first digits of their identifiers, which are evenly spread."""
    number = max(1, -(-size // at_once))
    letter = column[0]
    cuts = [f"{letter}{16**_DIGITS * i // number:0{_DIGITS}x}" for i in range(1, number)]
    for low, high in zip([None, *cuts], [*cuts, None], strict=True):
        yield Part(column, weeks, low, high)
