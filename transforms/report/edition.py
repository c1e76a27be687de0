"""An edition of a release: nothing is drawn or written but from one."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.report.data import ReleaseData
from transforms.report.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """What may be seen of a release, and the look-up in its indicators."""

    data: ReleaseData
    series: Series


def edition_of(data: ReleaseData, public: Edition | None = None) -> Edition:
    """The edition of `data`; that of exact figures takes its direction words from the `public` one."""
    return Edition(data, Series(data.indicators, public.series if public else None))
