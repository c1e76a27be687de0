"""Invented releases: a whole one, from invented exact counts that are told by the rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from passerelle.weeks import week_after
from transforms.graphs.footbridges import BridgeNetwork
from transforms.report import (
    PUBLIC,
    REVISIONS,
    CampaignFacts,
    Provenance,
    Quality,
    ReleaseData,
    ReleasePage,
    Told,
    Truth,
    compose,
    edition_of,
    public_indicators,
    tell,
    told_groups,
)
from transforms.report.chains import (
    ANSWERED,
    CHAINS,
    DEFINITION,
    FIRST,
    LANGUAGES,
    NEWCOMERS,
    OUTCOMES,
    SO_FAR,
    STRANGER,
    TIES,
    Chain,
    back,
    definition,
    kept,
)
from transforms.report.lines import LINES
from transforms.report.public_indicators import Circumstance

WEEK, PROVISIONAL, NUM_WEEKS = "2026-W46", "2026-W47", 20
TIE_SHARES = dict(zip(TIES, (0.06, 0.09, 0.3, 0.22, 0.18, 0.15), strict=True))
Row = dict[str, Any]
Week = Mapping[Chain, Mapping[str, int]]
Build = Callable[..., ReleaseData]


def shown(data: ReleaseData, code: str) -> ReleasePage:
    """The page of a release."""
    return compose(edition_of(data), code)


def split(draw: np.random.Generator, total: int, names: tuple[str, ...]) -> dict[str, int]:
    """`total` shared out among cells by chance."""
    return dict(zip(names, (int(n) for n in draw.multinomial(total, [1 / len(names)] * len(names))), strict=True))


def week_counts(seed: int, size: int = 140, calls: int = 34) -> dict[Chain, dict[str, int]]:
    """Exact counts of a week, chains of one population with one total."""
    draw = np.random.default_rng(seed)
    ties = dict(zip(TIES, (int(n) for n in draw.multinomial(size, list(TIE_SHARES.values()))), strict=True))
    untied, tied = ties["dormant"] + ties["new"], ties["weak"] + ties["moderately_weak"] + ties["strong"]
    found = {chain: split(draw, 40, cells) for chain, cells in CHAINS.items() if chain != SO_FAR}
    mutual, days = CHAINS[Chain("mobilisers", "mutual")], CHAINS[Chain("mobilisers", "days")]
    found |= {
        Chain("mobilisers", "ties"): ties,
        Chain("mobilisers", "mutual"): {"unknown": ties["unknown"]}
        | split(draw, untied, mutual[1:4])
        | split(draw, tied, mutual[4:]),
        Chain("mobilisers", "days"): {"unknown": ties["unknown"], "untied": untied} | split(draw, tied, days[2:]),
        Chain("mobilisers", "sides"): {"unknown": ties["unknown"]}
        | split(draw, size - ties["unknown"], ("no_community", "inside", "across")),
        Chain("mobilisers", "accounts"): {"distinct": size - 9, "repeats": 9},
        LANGUAGES: {"undetermined": 4, "other": 3, "fr": size - 27, "en": 20},
        OUTCOMES: {"result": 11, "thanks": 6, "either": 0},
        NEWCOMERS: {"newcomers": 31},
        **{back(k): {"back": 7, "gone": 24} for k in range(1, 13)},
    }
    for chain in (chain for chain in found if chain.population == "silent"):
        found[chain] = split(draw, 620, CHAINS[chain])
    answers = split(draw, calls - 8, ANSWERED)
    late = {name: count // 2 for name, count in answers.items()}
    for chain, cells in ((FIRST, answers), (STRANGER, late)):
        found[chain] = cells | {"none": calls - 4 - sum(cells.values()), "immature": 0, "repeats": 4}
    return found


def more_counts(week: Week) -> dict[Chain, Mapping[str, int]]:
    """Other definitions and thinner histories that go with the counts of a week."""
    ties = week[Chain("mobilisers", "ties")]
    untied, weaker = ties["dormant"] + ties["new"], ties["weak"] + ties["moderately_weak"]
    grid = {(w, d): min(weaker, 2 * (w < 84) + (d < 4)) for w in (28, 56, 84, 168) for d in (3, 4, 6)}
    chains: dict[Chain, Mapping[str, int]] = {
        definition(*pair): dict(
            zip(DEFINITION, (ties["unknown"], untied + moved, weaker - moved, ties["strong"]), strict=True)
        )
        for pair, moved in grid.items()
    }
    return chains | {kept(share): ties for share in (0.75, 0.5, 0.25)}


def truth_of(counts: Mapping[str, Week], provisional: Mapping[str, Week] | None = None) -> Truth:
    """Exact counts of final weeks and of later ones."""
    open_ = provisional or {}
    return Truth("invented", tuple(counts), tuple(open_), {**counts, **open_}, lambda week: more_counts(counts[week]))


def told_data(told: Told, **fields: Any) -> dict[str, Any]:
    """The fields of a release that follow from what is told."""
    known = {
        (week, line.indicator, line.stratum): Circumstance(
            1.2, "above" if line.indicator == "weak_tie_share_of_classified" else None
        )
        for week in told.final
        for line in LINES
    }
    return {"told": told, "indicators": public_indicators(told, known), **fields}


def revision(indicator: str, published: float, now: float, **more: str) -> Row:
    """One row of revisions, of the week before the newest final one."""
    status = {"stratum": "all", "published_status": "final", "now_status": "final"}
    return {"iso_week": "2026-W45", "indicator": indicator, "published": published, "now": now, **status, **more}


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


def final_weeks() -> dict[str, Week]:
    """Twenty weeks."""
    weeks = [week_after(WEEK, back_ - NUM_WEEKS + 1) for back_ in range(NUM_WEEKS)]
    return {week: week_counts(seed) for seed, week in enumerate(weeks)}


def release() -> ReleaseData:
    """A release of twenty final weeks and a provisional one."""
    counts = final_weeks()
    told = tell(truth_of(counts, {PROVISIONAL: {SO_FAR: {"episodes": 21, "repeats": 3}}}))
    revised = [
        revision("weak_tie_share_of_classified", 0.41, 0.43),
        revision("median_hours_to_first", 6, 12),
        revision("mobilisers", 145, 150, published_status="provisional"),
        revision("response_rate", 0.712, 0.714),
        revision("tie_mix", 0.1, 0.2, stratum="new"),
    ]
    return ReleaseData(
        campaign=FACTS,
        week=WEEK,
        provisional_week=PROVISIONAL,
        as_of=datetime(2026, 11, 23, 5, 0, tzinfo=UTC),
        **told_data(told),
        groups=told_groups(bridges(), f"{[*counts][8]}/{WEEK}", PUBLIC),
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
