"""What the sensitivity page shows: the headline under other definitions, with less history, and what was covered."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from passerelle.allowed import TIE_CLASSES
from passerelle.campaign import Analysis
from passerelle.weeks import week_after, week_range
from transforms.help.study import Study
from transforms.indicators.sensitivity import TiedPairs, history_coverage, sensitivity_grid, thinning_curve
from transforms.proportions import UNKNOWN, wilson
from transforms.report.disclosure import is_small
from transforms.report.sensitivity import GRID
from transforms.report.thinning import HISTORY, THINNING

MIN_MOBILISERS = 20
COVERAGE_WEEKS = 8


def sensitivity_tables(study: Study, public: pa.Table, week: str) -> dict[str, pa.Table]:
    """Tables by the names they are published under: ``sensitivity``, ``thinning``, ``history_coverage``.

    They are of ISO week `week`, coverage of the 8 weeks up to it. What the `public` indicators withhold is withheld
    here too, and so is everything of a week with fewer than 20 mobilisers.
    """
    pairs = TiedPairs(study, [week])
    return {
        "sensitivity": alternatives(pairs, study.analysis, week),
        "thinning": less_history(pairs, public, week),
        "history_coverage": coverage(study, week),
    }


def alternatives(pairs: TiedPairs, analysis: Analysis, week: str) -> pa.Table:
    """The headline's weak-tie share of `week` under every other window and threshold (schema `GRID`).

    Two definitions that differ by 1 to 4 mobilisations would single these out, so only one of the two is told. The
    definition in use goes first, then those furthest from it.
    """
    grid = sensitivity_grid(pairs).to_pylist()
    chosen = (analysis.window_days, analysis.strong_days)
    used = next((_weak(row) for row in grid if _definition(row) == chosen), 0)
    told: list[int] = []
    for row in sorted(grid, key=lambda row: (_definition(row) != chosen, -abs(_weak(row) - used))):
        row["is_told"] = _classified(row) >= MIN_MOBILISERS and not any(is_small(abs(_weak(row) - n)) for n in told)
        told += [_weak(row)] if row["is_told"] else []
    return pa.Table.from_pylist([_alternative(row, week, chosen) for row in grid], schema=GRID)


def _alternative(row: dict[str, Any], week: str, chosen: tuple[int, int]) -> dict[str, Any]:
    interval = wilson(_weak(row), _classified(row)) if row["is_told"] else UNKNOWN
    return {
        "iso_week": week,
        "window_days": row["window_days"],
        "strong_days": row["strong_days"],
        "value": row["weak_tie_share_of_classified"] if row["is_told"] else None,
        "low": interval.low,
        "high": interval.high,
        "status": "final" if row["is_told"] else "suppressed",
        "is_chosen": _definition(row) == chosen,
    }


def _definition(row: dict[str, Any]) -> tuple[int, int]:
    return row["window_days"], row["strong_days"]


def _weak(row: dict[str, Any]) -> int:
    return int(row["weak"] + row["moderately_weak"])


def _classified(row: dict[str, Any]) -> int:
    return int(sum(row[name] for name in TIE_CLASSES) - row["unknown"])


def less_history(pairs: TiedPairs, public: pa.Table, week: str) -> pa.Table:
    """The tie mix of `week` with a share of the contacts (schema `THINNING`).

    A class that the public edition withholds is withheld at every share: with few contacts missing, the number is
    nearly the same.
    """
    told = {
        row["stratum"]
        for row in public.to_pylist()
        if row["iso_week"] == week and row["indicator"] == "tie_mix" and row["value"] is not None
    }
    rows = thinning_curve(pairs).to_pylist() if len(pairs) else []
    return pa.Table.from_pylist([_thinned(row, week, row["stratum"] in told) for row in rows], schema=THINNING)


def _thinned(row: dict[str, Any], week: str, is_told: bool) -> dict[str, Any]:
    if not is_told:
        row = row | {"value": None, "low": None, "high": None}
    return {"iso_week": week, **row, "status": "final" if is_told else "suppressed"}


def coverage(study: Study, week: str) -> pa.Table:
    """Share of the mobilisations whose history is covered, in the 8 weeks up to `week` (schema `HISTORY`)."""
    weeks = week_range(f"{week_after(week, 1 - COVERAGE_WEEKS)}/{week}")
    return pa.Table.from_pylist([_covered(TiedPairs(study, [one]), one) for one in weeks], schema=HISTORY)


def _covered(pairs: TiedPairs, week: str) -> dict[str, Any]:
    number, share = len(pairs), history_coverage(pairs)
    if share is None:
        return {"iso_week": week, "value": None, "n": 0, "status": "undefined"}
    if number < MIN_MOBILISERS or is_small(number * share) or is_small(number * (1 - share)):
        return {"iso_week": week, "value": None, "n": None, "status": "suppressed"}
    return {"iso_week": week, "value": share, "n": number, "status": "final"}
