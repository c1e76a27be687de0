"""The public edition of a release: nothing is drawn or written for everybody but from one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from transforms.report.cells import public_indicators
from transforms.report.data import REVISIONS, ReleaseData
from transforms.report.series import Series
from transforms.report.so_far import SoFar, so_far


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """What everybody may see of a release.

    `data`: its indicators and revisions with what may be told; `series`: look-up in these indicators; `since`: posts
    that told an outcome so far, a sum from which no small count can be found.
    """

    data: ReleaseData
    series: Series
    since: SoFar | None


def public_edition(data: ReleaseData, public: pa.Table | None = None) -> Edition:
    """The edition of `data`. `public`: `public_indicators(data.indicators)`, where it is at hand already."""
    told = public_indicators(data.indicators) if public is None else public
    series = Series(told)
    shown = replace(data, indicators=told, revisions=_publishable(data.revisions, series))
    return Edition(shown, series, so_far(data.indicators, data.week))


def _publishable(revisions: pa.Table, public: Series) -> pa.Table:
    """Revisions without the values, on either side, of figures that may not be told now."""
    rows = revisions.select(REVISIONS.names).to_pylist()
    for row in rows:
        if public.at(row["iso_week"], row["indicator"], row["stratum"]).status == "suppressed":
            row.update(published=None, now=None, now_status="suppressed")
    return pa.Table.from_pylist(rows, schema=REVISIONS)
