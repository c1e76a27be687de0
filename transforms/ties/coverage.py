"""Whose history was collected, and from when: what separates *no contact* from *not looked at*."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from transforms.moments import micros

NEVER = np.iinfo(np.int64).max
"""Start of coverage of somebody whose history was never collected (microseconds)."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Spans of time for which an account's public history is in the lake.

    `spans`: account_id, covered_from, covered_until; those of one account do not touch. `everybody_from`: imported
    archives hold everybody's posts from here on, but for the `uncovered`; null when no archive says so.
    """

    spans: pa.Table
    everybody_from: datetime | None = None
    uncovered: frozenset[str] = frozenset()

    def starts(self, accounts: Iterable[str], at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Per account and moment `at`: since when its history is known without a gap until `at`.

        Microseconds since 1970 (UTC); `NEVER` where it is not known. An account is covered for a window (rule 20)
        when this is not after the window's first moment.
        """
        asked = pd.DataFrame({"account_id": list(accounts), "at": at})
        asked["row"] = np.arange(len(asked))
        start = np.full(len(asked), NEVER, np.int64)
        known = asked.merge(self._frame(), on="account_id")
        known = known[(known["begin"] <= known["at"]) & (known["at"] <= known["end"])]
        np.minimum.at(start, known["row"].to_numpy(), known["begin"].to_numpy())
        if self.everybody_from is not None:
            outside = asked["account_id"].isin(self.uncovered).to_numpy()
            begin = micros(self.everybody_from)
            start = np.where(~outside & (begin <= at), np.minimum(start, begin), start)
        return start

    def _frame(self) -> pd.DataFrame:
        times = [self.spans[name].cast(pa.int64()).to_numpy() for name in ("covered_from", "covered_until")]
        ids = self.spans["account_id"].to_pylist()
        return pd.DataFrame({"account_id": ids, "begin": times[0], "end": times[1]})


def build_coverage(
    coverage: pa.Table,
    everybody_from: datetime | None = None,
    uncovered: Iterable[str] = (),
    same: Mapping[str, str] | None = None,
) -> Coverage:
    """Coverage from the lake's table `coverage` and what the campaign file says of imported archives.

    Rows of scope ``history`` with a `covered_from` count, complete or not (a cut history states a later start);
    without `covered_until` they reach to `asked_at`. Spans that touch or overlap are joined. Whoever has several
    accounts (`same`: each other one with the first) is covered while all of those are whose history was asked for.
    """
    spans = [
        (row["subject_id"], row["covered_from"], row["covered_until"] or row["asked_at"])
        for row in coverage.to_pylist()
        if row["scope"] == "history" and row["covered_from"] is not None
    ]
    joined = _of_people(_join(sorted(spans)), same or {})
    moment = pa.timestamp("us", tz="UTC")
    schema = pa.schema([("account_id", pa.string()), ("covered_from", moment), ("covered_until", moment)])
    columns: list[list[object]] = [list(part) for part in zip(*joined, strict=True)] or [[], [], []]
    table = pa.table(dict(zip(schema.names, columns, strict=True)), schema=schema)
    return Coverage(table, everybody_from, frozenset(uncovered))


Span = tuple[str, datetime, datetime]


def _of_people(spans: list[Span], same: Mapping[str, str]) -> list[Span]:
    by_account: dict[str, list[Span]] = {}
    for span in spans:
        by_account.setdefault(span[0], []).append(span)
    people: dict[str, list[Span]] = {}
    for account, mine in by_account.items():
        person = same.get(account, account)
        people[person] = _both(people[person], mine) if person in people else mine
    return sorted((person, begin, end) for person, mine in people.items() for _, begin, end in mine)


def _both(some: list[Span], others: list[Span]) -> list[Span]:
    """The time that lies in one of `some` and in one of `others`."""
    met = [(name, max(a, c), min(b, d)) for name, a, b in some for _, c, d in others]
    return [span for span in met if span[1] < span[2]]


def _join(spans: list[tuple[str, datetime, datetime]]) -> list[tuple[str, datetime, datetime]]:
    joined: list[tuple[str, datetime, datetime]] = []
    for account, begin, end in spans:
        if joined and joined[-1][0] == account and begin <= joined[-1][2]:
            _, first, last = joined.pop()
            joined.append((account, first, max(last, end)))
        else:
            joined.append((account, begin, end))
    return joined
