"""Publish: a release beside the old ones, then `latest` last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from flows.analyse import Analysed
from flows.aside import AsideRun
from flows.editions import digest_of, draft_of, keep, seal, supersede
from flows.latest import MISSING, move_latest
from flows.papers import keep_papers, processing
from flows.release_data import gather
from flows.restricted import write_restricted
from passerelle.campaign import Campaign
from passerelle.lake import Lake
from passerelle.private import readable_by_others
from transforms.report import (
    Processing,
    ReleasePage,
    compose,
    render_paper,
    render_sensitivity,
    sensitivity_tables,
)


@dataclass(frozen=True, slots=True)
class Published:
    """A release: the folders of its editions, pages and key points by language, sources it misses, what `latest` names.

    `runs` are the rows of `runs` that were committed for it, `set_aside` the runs that did not pass.
    """

    folder: Path
    restricted: Path
    pages: dict[str, Path]
    key_points: dict[str, list[str]]
    lost: tuple[str, ...]
    latest: Path | None
    runs: tuple[Mapping[str, Any], ...] = ()
    set_aside: tuple[AsideRun, ...] = ()

    @property
    def is_latest(self) -> bool:
        """Whether `latest` names this release."""
        return self.latest == self.folder


def publish(lake: Lake, campaign: Campaign, analysed: Analysed, *, lost: tuple[str, ...] = ()) -> Published:
    """Write the release of the week that ended before the study's as-of, as a new revision where it differs.

    `latest` names it unless a later issue is there. With sources `lost` the pages say *partial*, and `latest` stays
    where it was.
    """
    supersede(lake, None)
    edition, week = gather(lake, campaign, analysed, lost)
    shown = edition.data.week or week
    draft = draft_of(lake, week)
    pages = {str(language): compose(edition, language) for language in campaign.languages}
    doubts = sensitivity_tables(analysed.study, edition.data.indicators, shown)
    keep_papers(lake, campaign)
    facts = _facts(campaign, week, analysed, lost)
    with readable_by_others():
        _write_pages(draft.public, pages, doubts, processing(campaign, lake))
        # what the pictures show is the same in every language
        drawn = next(iter(pages.values())).tables
        _write_tables(draft.public, {**drawn, **doubts, "weekly_indicators": edition.data.indicators})
        seal(draft.public, "public", facts)
    write_restricted(draft.restricted, analysed, shown)
    seal(draft.restricted, "restricted", {**facts, "public_sha256": digest_of(draft.public)})
    folder = keep(lake, draft)
    latest = lake.latest_release() if lost else move_latest(lake, folder, is_past=analysed.is_past)
    files = {name: folder / name / "index.html" for name in pages}
    return Published(
        folder, lake.restricted_of(folder), files, {name: page.points for name, page in pages.items()}, lost, latest
    )


def _write_pages(
    draft: Path, pages: Mapping[str, ReleasePage], doubts: Mapping[str, pa.Table], facts: Processing
) -> None:
    for language, page in pages.items():
        folder = draft / language
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(page.html, "utf-8")
        other = render_sensitivity(doubts["sensitivity"], doubts["thinning"], doubts["history_coverage"], language)
        (folder / "sensitivity.html").write_text(other, "utf-8")
        others = tuple(code for code in pages if code != language)
        (folder / "notice.html").write_text(render_paper("notice", facts, language, others=others), "utf-8")


def _write_tables(draft: Path, tables: Mapping[str, pa.Table]) -> None:
    """What the figures show, without small cells."""
    folder = draft / "data"
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        pq.write_table(rows, folder / f"{name}.parquet", compression="zstd")
        pa_csv.write_csv(rows, folder / f"{name}.csv")


def _facts(campaign: Campaign, week: str, analysed: Analysed, lost: tuple[str, ...]) -> dict[str, Any]:
    """What both manifests say; versions of the tables are left out: a replay has the same rows after other commits."""
    return {
        "campaign": campaign.name,
        "iso_week": week,
        "as_of": analysed.study.as_of.isoformat(),
        "licence": campaign.licence,
        "agreement": analysed.agreement,
        MISSING: lost,
    }
