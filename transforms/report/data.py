"""What a release hands over to be shown. Nothing here is computed, so that a page can be made again from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from transforms.collection.recapture import Recapture
from transforms.graphs.footbridges import BridgeNetwork

CALLS = pa.schema([("age_days", pa.float64()), ("is_answered", pa.bool_())])
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
    """Everything one issue shows.

    `week`: newest final ISO week, None while there is none; `provisional_week`: the week just ended, if it is not
    final. `indicators`: table `weekly_indicators`, also of earlier weeks. `survival`, `survival_stranger`: of `week`,
    schema `SURVIVAL` of `transforms.indicators`. `bridges_weeks`: the weeks that the bridges are made of, such as
    ``2026-W40/2026-W47``, since one week gives few cells of k acts. `calls`: schema `CALLS`, one row a mature episode.
    `revisions`: at least the columns of `REVISIONS`, of what was and is public.
    """

    campaign: CampaignFacts
    week: str | None
    provisional_week: str | None
    as_of: datetime
    indicators: pa.Table
    survival: pa.Table
    survival_stranger: pa.Table
    bridges: BridgeNetwork | None
    bridges_weeks: str
    calls: pa.Table
    quality: Quality
    revisions: pa.Table
    provenance: Provenance
