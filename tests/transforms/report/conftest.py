"""Invented releases: a whole one, and the sorry ones (no data, half a week, everything suppressed)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from passerelle.tables import WEEKLY_INDICATORS
from passerelle.weeks import week_after
from transforms.graphs.footbridges import BridgeNetwork
from transforms.indicators import SURVIVAL
from transforms.report import (
    CALLS,
    REVISIONS,
    CampaignFacts,
    Provenance,
    Quality,
    ReleaseData,
    ReleasePage,
    compose,
    public_edition,
)

WEEK, PROVISIONAL, NUM_WEEKS = "2026-W46", "2026-W47", 20
SHARES = {"strong": 0.16, "moderately_weak": 0.19, "weak": 0.24, "dormant": 0.09, "new": 0.32}
Row = dict[str, Any]
Build = Callable[..., ReleaseData]


def shown(data: ReleaseData, code: str) -> ReleasePage:
    """The public page of a release."""
    return compose(public_edition(data), code)


def row(week: str, indicator: str, value: float | None, **more: Any) -> Row:
    """One row of weekly_indicators of an invented campaign."""
    defaults = {"stratum": "all", "low": None, "high": None, "z": None, "p": None, "n": None, "status": "final"}
    return {"campaign": "invented", "iso_week": week, "indicator": indicator, "value": value, **defaults, **more}


def week_rows(week: str, seed: int, status: str = "final", size: int = 140) -> Iterator[Row]:
    """All the rows that the page reads, with head counts that add up."""
    draw = np.random.default_rng(seed)
    heads = dict(zip(SHARES, (int(n) for n in draw.multinomial(size, list(SHARES.values()))), strict=True))
    tied = {name: heads[name] for name in ("strong", "moderately_weak", "weak")}
    weak, observed = heads["moderately_weak"] + heads["weak"], sum(tied.values())
    for stratum, posts in (("all", 17), ("result", 11), ("thanks", 6)):
        yield row(week, "outcome_posts", posts, stratum=stratum, n=posts, status=status)
    counts = {"calls": 34, "episodes": 28, "mature_episodes": 28, "mobilisers": size + 9, "classified": size}
    for name, count in counts.items():
        yield row(week, name, count, n=count, status=status)
    for name, count in heads.items():
        yield row(week, "ties", count, stratum=name, n=size, status=status)
        yield share(week, "tie_mix", count, size, stratum=name, status=status)
    yield row(week, "ties", 9, stratum="unknown", status=status)
    yield share(week, "tie_mix", heads["dormant"] + heads["new"], size, stratum="absent", status=status)
    yield share(week, "weak_tie_share_of_classified", weak, size, z=2.4, p=0.013, status=status)
    yield share(week, "weak_tie_share_of_observed", weak, observed, status=status)
    for name, count in tied.items():
        alters = count * {"strong": 4, "moderately_weak": 9, "weak": 16}[name]
        yield share(week, "yield", count, alters, stratum=name, status=status)
    for indicator, bins in (("yield_by_days", ("1", "2", "3", "4-6", "7+")), ("yield_by_mutual", ("0", "1-2", "3+"))):
        parts = draw.multinomial(observed, [1 / len(bins)] * len(bins))
        for order, (name, count) in enumerate(zip(bins, (int(n) for n in parts), strict=True)):
            yield share(week, indicator, count, count * (14 - 2 * order), stratum=name, status=status)
    ratio = math.log(4 / 16) + draw.normal(0, 0.1)
    yield row(week, "ln_yield_weak_over_strong", ratio, low=ratio - 0.5, high=ratio + 0.5, status=status)
    yield share(week, "response_rate", 20 + int(draw.integers(0, 6)), 28, status=status)
    median = float(draw.uniform(4, 8))
    yield row(week, "median_hours_to_first", median, low=median * 0.6, high=median * 1.9, n=28, status=status)
    yield share(week, "share_24h", 17 + int(draw.integers(0, 6)), 28, status=status)


def share(week: str, indicator: str, count: int, of: int, **more: Any) -> Row:
    """A share with a plain normal interval: enough to look at."""
    value = count / of
    reach = 1.96 * math.sqrt(max(value * (1 - value), 0.01) / of)
    return row(week, indicator, value, low=max(0, value - reach), high=min(1, value + reach), n=of, **more)


def indicators(rows: list[Row]) -> pa.Table:
    """The table that `rows` make."""
    return pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema)


def revision(indicator: str, published: float, now: float, **more: str) -> Row:
    """One row of revisions, of the week before the newest final one."""
    status = {"stratum": "all", "published_status": "final", "now_status": "final"}
    return {"iso_week": "2026-W45", "indicator": indicator, "published": published, "now": now, **status, **more}


def survival(scale: float, seed: int, floor: float) -> pa.Table:
    """A falling step curve with a band."""
    hours = np.sort(np.random.default_rng(seed).exponential(scale, 18))
    left = np.linspace(1, floor, 19)[1:]
    band = {"low": np.clip(left - 0.15, 0, 1), "high": np.clip(left + 0.13, 0, 1)}
    return pa.table({"hours": hours, "survival": left, **band, "at_risk": range(28, 10, -1)}, schema=SURVIVAL)


def bridges() -> BridgeNetwork:
    """Eight invented groups; the last is joined to nobody."""
    draw = np.random.default_rng(5)
    communities = pa.table({"community": range(1, 9), "num_people": [94, 71, 66, 52, 38, 21, 11, 6]})
    rows = [
        {"source": a, "target": b, "tie_class": tie, "num_mobilisations": int(draw.integers(0, 26 if a == b else 11))}
        for a in range(1, 8)
        for b in range(1, 8)
        for tie in ("strong", "weak", "new")
    ]
    return BridgeNetwork(communities, pa.Table.from_pylist(rows), 37)


def calls(num_open: int, total: int = 400) -> pa.Table:
    """`total` episodes of the last twenty weeks, the first `num_open` of them without answer."""
    ages = np.linspace(7.5, 139, total)
    open_ = np.zeros(total, bool)
    open_[np.linspace(0, total - 1, num_open).astype(int)] = True
    return pa.table({"age_days": ages, "is_answered": ~open_}, schema=CALLS)


QUALITY = Quality(
    covered=0.91,
    gaps=0,
    incomplete_threads=12,
    quarantined=37,
    refused=64,
    opted_out=2,
    deleted=18,
    late=9,
    checks_passed=41,
    checks_failed=0,
)
FACTS = CampaignFacts(
    name="invented",
    title="Entraide pour l'emploi",
    hashtags=("Passerelle4emploi", "P4emploi"),
    purpose="Mesurer par quels liens passe l'entraide, à des fins de recherche",
    contact="opposition@passerelle.example",
    licence="CC-BY-4.0",
    zone="Europe/Paris",
)
PROVENANCE = Provenance(
    run="20261123T050000Z-exemple.invalid",
    commit="0123abc",
    lock_sha256="a1" * 32,
    manifest_sha256="b2" * 32,
    rebuild="passerelle report --release 2026-W46",
    next_issue=date(2026, 11, 30),
)


def release() -> ReleaseData:
    """A release of twenty final weeks and a provisional one."""
    weeks = [week_after(WEEK, back - NUM_WEEKS + 1) for back in range(NUM_WEEKS)]
    rows = [one for seed, week in enumerate(weeks) for one in week_rows(week, seed)]
    rows += week_rows(PROVISIONAL, 99, "provisional", 60)
    revised = [
        revision("weak_tie_share_of_classified", 0.41, 0.43),
        revision("median_hours_to_first", 6.1, 5.8, published_status="provisional"),
        revision("mobilisers", 148, 150),
        revision("response_rate", 0.712, 0.714),
        revision("tie_mix", 0.1, 0.2, stratum="new"),
    ]
    return ReleaseData(
        campaign=FACTS,
        week=WEEK,
        provisional_week=PROVISIONAL,
        as_of=datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        indicators=indicators(rows),
        survival=survival(9, 1, 0.2),
        survival_stranger=survival(26, 2, 0.45),
        bridges=bridges(),
        bridges_weeks=f"{weeks[8]}/{WEEK}",
        calls=calls(74),
        quality=QUALITY,
        revisions=pa.Table.from_pylist(revised, schema=REVISIONS),
        provenance=PROVENANCE,
    )


@pytest.fixture(scope="session")
def build() -> Build:
    """The release with some of its fields replaced."""
    whole = release()
    return lambda **fields: replace(whole, **fields)


@pytest.fixture(scope="session")
def whole(build: Build) -> ReleaseData:
    """The release as it should be."""
    return build()
