"""What an edition of a release hands over to be shown. Nothing here is computed: a page can be made again from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from transforms.collection.recapture import Recapture
from transforms.indicators.catalogue import EIGHT
from transforms.report.disclosure import Told
from transforms.report.groups import HelpNetwork

REVISIONS = pa.schema(
    [
        ("iso_week", pa.string()),
        ("indicator", pa.string()),
        ("stratum", pa.string()),
        ("published", pa.float64()),
        ("published_status", pa.string()),
        ("now", pa.float64()),
        ("now_status", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What the campaign file says that readers should know. `zone`: IANA zone in which weeks begin."""

    name: str
    title: str
    hashtags: tuple[str, ...]
    purpose: str
    contact: str
    licence: str
    zone: str


@dataclass(frozen=True, slots=True)
class Quality:
    """How whole the data are. Counts are of the period shown, `covered` is a share of 1 (None: nobody to cover).

    `seen`: by platform, how many posts of the eight weeks were seen, and how many there are as far as can be known;
    `gaps`: stretches of a timeline that were not collected; `late`: posts that came after their week was first
    published; `missing_sources`: sources that failed this time (then the report says *partial*).
    """

    covered: float | None
    gaps: int
    incomplete_threads: int
    quarantined: int
    refused: int
    opted_out: int
    deleted: int
    late: int
    checks_passed: int
    checks_failed: int
    missing_sources: tuple[str, ...] = ()
    seen: tuple[tuple[str, Recapture], ...] = ()

    @property
    def is_whole(self) -> bool:
        """No source is missing and no check failed."""
        return not self.missing_sources and self.checks_failed == 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the page comes from, and how to make it again."""

    run: str
    commit: str
    lock_sha256: str
    manifest_sha256: str
    rebuild: str
    next_issue: date


@dataclass(frozen=True, slots=True)
class ReleaseData:
    """Everything one issue shows, as an edition may show it: nothing here is finer than what it tells.

    `week`: newest final ISO week, None while there is none; `provisional_week`: the week just ended, if it is not
    final. `told`: the cells under all numbers; `indicators`: schema `PUBLIC_INDICATORS`, also of earlier weeks.
    `revisions`: at least the columns of `REVISIONS`. `is_public`: for everybody, not for those who may
    see exact figures.
    """

    campaign: CampaignFacts
    week: str | None
    provisional_week: str | None
    as_of: datetime
    told: Told
    indicators: pa.Table
    groups: HelpNetwork
    quality: Quality
    revisions: pa.Table
    provenance: Provenance
    is_public: bool = True

    def design_effect(self, indicator: str, stratum: str = "all") -> float | None:
        """That of a share in the newest final week; None where it is not known."""
        wanted = (self.week, f"{indicator}{EIGHT}", stratum)
        names = ("iso_week", "indicator", "stratum", "design_effect")
        rows = zip(*(self.indicators[name].to_pylist() for name in names), strict=True)
        return next((effect for *key, effect in rows if tuple(key) == wanted), None)
