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
from flows.earlier import COPIED_FROM
from flows.editions import DISCLOSURE, digest_of, draft_of, keep, seal, supersede
from flows.latest import MISSING, move_latest
from flows.papers import keep_papers, processing
from flows.release_data import Gathered, gather
from flows.restricted import write_restricted
from passerelle.campaign import Campaign
from passerelle.lake import BESIDE, Lake
from passerelle.private import readable_by_others
from transforms.report import (
    RULE,
    Edition,
    Processing,
    ReleasePage,
    compose,
    render_paper,
    render_sensitivity,
    sensitivity_tables,
)
from transforms.report.disclosure import BASE


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
    supersede(lake, RULE)
    gathered = gather(lake, campaign, analysed, lost)
    draft = draft_of(lake, gathered.issue)
    keep_papers(lake, campaign)
    facts = _facts(lake, campaign, gathered, lost)
    how = processing(campaign, lake)
    with readable_by_others():
        pages = _write_edition(draft.public, gathered.public, campaign, how)
        seal(draft.public, "public", facts)
    _write_edition(draft.restricted, gathered.restricted, campaign, how)
    write_restricted(draft.restricted, analysed, gathered.public.data.week or gathered.issue)
    own = {"public_sha256": digest_of(draft.public), "agreement": analysed.agreement}
    seal(draft.restricted, "restricted", facts | own)
    folder = keep(lake, draft)
    latest = lake.latest_release() if lost else move_latest(lake, folder, is_past=analysed.is_past)
    files = {name: folder / name / "index.html" for name in pages}
    return Published(
        folder, lake.restricted_of(folder), files, {name: page.points for name, page in pages.items()}, lost, latest
    )


def _write_edition(folder: Path, edition: Edition, campaign: Campaign, how: Processing) -> dict[str, ReleasePage]:
    """Pages by language with the notice, and the data beside them: the same in every language."""
    pages = {str(language): compose(edition, language) for language in campaign.languages}
    doubts = _doubts(edition, campaign)
    for language, page in pages.items():
        _write_page(folder / language, page, doubts)
    drawn = next(iter(pages.values())).tables
    told = {"cells": edition.data.told.table(), "weekly_indicators": edition.data.indicators}
    _write_tables(folder / BESIDE, {**drawn, **doubts, **told})
    _write_notices(folder, how, tuple(pages))
    return pages


def _doubts(edition: Edition, campaign: Campaign) -> dict[str, pa.Table]:
    week = edition.data.week or edition.data.provisional_week or ""
    effect = edition.data.design_effect("weak_tie_share_of_classified")
    return sensitivity_tables(edition.data.told, campaign.analysis, week, effect)


def _write_page(folder: Path, page: ReleasePage, doubts: Mapping[str, pa.Table]) -> None:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(page.html, "utf-8")
    other = render_sensitivity(doubts, page.words.code, is_public=page.edition.data.is_public)
    (folder / "sensitivity.html").write_text(other, "utf-8")


def _write_tables(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """What the figures show, and the cells that they are made of."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        pq.write_table(rows, folder / f"{name}.parquet", compression="zstd")
        pa_csv.write_csv(rows, folder / f"{name}.csv")


def _write_notices(draft: Path, facts: Processing, languages: tuple[str, ...]) -> None:
    for language in languages:
        others = tuple(code for code in languages if code != language)
        (draft / language / "notice.html").write_text(render_paper("notice", facts, language, others=others), "utf-8")


def _facts(lake: Lake, campaign: Campaign, gathered: Gathered, lost: tuple[str, ...]) -> dict[str, Any]:
    """What both manifests say; versions of the tables are left out: a replay has the same rows after other commits."""
    return {
        "campaign": campaign.name,
        "iso_week": gathered.issue,
        "as_of": gathered.public.data.as_of.isoformat(),
        "licence": campaign.licence,
        DISCLOSURE: {"rule": RULE, "base": BASE, COPIED_FROM: gathered.earlier.named(lake)},
        MISSING: lost,
    }
