"""How far the headline depends on the definition of a tie and on the history seen, from told cells alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from passerelle.campaign import Analysis
from transforms.indicators.sensitivity import SHARES_KEPT, STRONG_DAYS, WINDOWS
from transforms.report.chains import NUM_WEEKS, TIES, Chain, definition, kept
from transforms.report.disclosure import Sum, Told
from transforms.report.lines import EVERYBODY
from transforms.report.margins import share_interval

Row = dict[str, object]
NUMBERS = [(name, pa.float64()) for name in ("value", "low", "high")]
GRID = pa.schema(
    [
        ("iso_week", pa.string()),
        ("num_weeks", pa.int64()),
        ("window_days", pa.int64()),
        ("strong_days", pa.int64()),
        *NUMBERS,
        ("n", pa.int64()),
        ("status", pa.string()),
        ("is_chosen", pa.bool_()),
    ]
)
THINNING = pa.schema(
    [
        ("iso_week", pa.string()),
        ("num_weeks", pa.int64()),
        ("share_kept", pa.float64()),
        ("stratum", pa.string()),
        ("value", pa.float64()),
        ("n", pa.int64()),
        ("status", pa.string()),
    ]
)
HISTORY = pa.schema(
    [("iso_week", pa.string()), ("value", pa.float64()), ("n", pa.int64()), ("status", pa.string())],
)
TIED_MIX: Mapping[str, tuple[str, ...]] = {name: (name,) for name in TIES[1:]} | {"absent": ("dormant", "new")}


def sensitivity_tables(told: Told, analysis: Analysis, week: str, design_effect: float | None) -> dict[str, pa.Table]:
    """Tables by the names they are published under: ``sensitivity``, ``thinning``, ``history_coverage``.

    They are of ISO week `week` or, where it tells too little, of the 8 final weeks up to it; coverage of each of those.
    `design_effect`: of the share of weak ties.
    """
    weeks = _window(told, week)
    grid = [_alternative(told, weeks, pair, analysis, design_effect) for pair in _definitions()]
    return {
        "sensitivity": pa.Table.from_pylist(grid if weeks else [], schema=GRID),
        "thinning": pa.Table.from_pylist(list(_less_history(told, weeks)), schema=THINNING),
        "history_coverage": pa.Table.from_pylist(list(_coverage(told, week)), schema=HISTORY),
    }


def _definitions() -> list[tuple[int, int]]:
    return [(window, days) for window in WINDOWS for days in STRONG_DAYS]


def _window(told: Told, week: str) -> Sequence[str]:
    """The week, or the final ones up to it that tell other definitions; none where there is no such week."""
    if week not in told.final:
        return []
    last = told.final.index(week) + 1
    alone, eight = told.final[last - 1 : last], told.final[max(0, last - NUM_WEEKS) : last]
    enough = (told.people(alone, *_of(Chain(*EVERYBODY[0].chain), TIES[1:])) or 0) >= told.grain.fewest
    return told.weeks_told(alone if enough else eight, *_of(definition(WINDOWS[0], STRONG_DAYS[0]), ("strong",)))


def _of(chain: Chain, cells: Sequence[str]) -> tuple[Sum, ...]:
    return (Sum(chain, tuple(cells)),)


def _alternative(
    told: Told, weeks: Sequence[str], pair: tuple[int, int], analysis: Analysis, design_effect: float | None
) -> Row:
    chain = definition(*pair)
    above, below = (
        told.people(weeks, *_of(chain, cells)) or 0 for cells in (("weaker",), ("untied", "weaker", "strong"))
    )
    is_told = below >= told.grain.fewest
    low, high = share_interval(above, below, design_effect, told.grain.slack(len(weeks))) if is_told else (None, None)
    return {
        "iso_week": weeks[-1] if weeks else None,
        "num_weeks": len(weeks),
        "window_days": pair[0],
        "strong_days": pair[1],
        "value": above / below if is_told else None,
        "low": low,
        "high": high,
        "n": below,
        "status": _status(below, told),
        "is_chosen": pair == (analysis.window_days, analysis.strong_days),
    }


def _status(below: int, told: Told) -> str:
    return "final" if below >= told.grain.fewest else "too_few" if below else "undefined"


def _less_history(told: Told, weeks: Sequence[str]) -> Iterator[Row]:
    chains = {1.0: Chain(*EVERYBODY[0].chain)} | {share: kept(share) for share in SHARES_KEPT}
    for share, chain in chains.items() if weeks else ():
        total, unknown = (told.people(weeks, *_of(chain, cells)) or 0 for cells in (TIES, ("unknown",)))
        parts = {stratum: (cells, total - unknown) for stratum, cells in TIED_MIX.items()}
        for stratum, (cells, below) in (parts | {"unknown": (("unknown",), total)}).items():
            above = told.people(weeks, *_of(chain, cells)) or 0
            yield {
                "iso_week": weeks[-1],
                "num_weeks": len(weeks),
                "share_kept": share,
                "stratum": stratum,
                "value": above / below if below >= told.grain.fewest else None,
                "n": below,
                "status": _status(below, told),
            }


def _coverage(told: Told, week: str) -> Iterator[Row]:
    last = told.final.index(week) + 1 if week in told.final else 0
    for one in told.final[max(0, last - NUM_WEEKS) : last]:
        total, unknown = (told.people([one], *_of(EVERYBODY[0].chain, cells)) or 0 for cells in (TIES, ("unknown",)))
        is_told = total >= told.grain.fewest
        share = (total - unknown) / total if is_told else None
        yield {"iso_week": one, "value": share, "n": total, "status": _status(total, told)}
