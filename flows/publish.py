"""Publish: a release beside the old ones, then `latest` last."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from flows.analyse import Analysed
from flows.aside import AsideRun
from flows.latest import MISSING, move_latest
from flows.papers import keep_papers, processing
from flows.release_data import gather
from flows.restricted import write_restricted
from passerelle.campaign import Campaign
from passerelle.lake import Lake
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
    """A release: its folder, its pages and key points by language, the sources it misses, what `latest` now names.

    `runs` are the rows of `runs` that were committed for it, `set_aside` the runs that did not pass.
    """

    folder: Path
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
    edition, week = gather(lake, campaign, analysed, lost)
    shown = edition.data.week or week
    draft = lake.release(week) / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    pages = {str(language): compose(edition, language) for language in campaign.languages}
    doubts = sensitivity_tables(analysed.study, edition.data.indicators, shown)
    keep_papers(lake, campaign)
    _write_pages(draft, pages, doubts, processing(campaign, lake))
    # what the pictures show is the same in every language
    drawn = next(iter(pages.values())).tables
    _write_tables(draft, {**drawn, **doubts, "weekly_indicators": edition.data.indicators})
    write_restricted(draft / "restricted", analysed, shown)
    _write_manifest(draft, campaign, week, analysed, lost)
    folder = _keep(draft)
    latest = lake.latest_release() if lost else move_latest(lake, folder, is_past=analysed.is_past)
    files = {name: folder / "public" / name / "index.html" for name in pages}
    return Published(folder, files, {name: page.points for name, page in pages.items()}, lost, latest)


def _write_pages(
    draft: Path, pages: Mapping[str, ReleasePage], doubts: Mapping[str, pa.Table], facts: Processing
) -> None:
    for language, page in pages.items():
        folder = draft / "public" / language
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(page.html, "utf-8")
        other = render_sensitivity(doubts["sensitivity"], doubts["thinning"], doubts["history_coverage"], language)
        (folder / "sensitivity.html").write_text(other, "utf-8")
        others = tuple(code for code in pages if code != language)
        (folder / "notice.html").write_text(render_paper("notice", facts, language, others=others), "utf-8")


def _write_tables(draft: Path, tables: Mapping[str, pa.Table]) -> None:
    """What the figures show, without small cells."""
    folder = draft / "public" / "data"
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        pq.write_table(rows, folder / f"{name}.parquet", compression="zstd")
        pa_csv.write_csv(rows, folder / f"{name}.csv")


def _write_manifest(draft: Path, campaign: Campaign, week: str, analysed: Analysed, lost: tuple[str, ...]) -> None:
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    sums = {str(path.relative_to(draft)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    (draft / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()), "utf-8")
    content = {
        "schema": "passerelle.release/1",
        "campaign": campaign.name,
        "iso_week": week,
        "as_of": analysed.study.as_of.isoformat(),
        "licence": campaign.licence,
        "agreement": analysed.agreement,
        MISSING: lost,
        "files": sums,
    }
    # versions of the tables are left out: a replay reaches the same rows by another number of commits
    (draft / "release.json").write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _keep(draft: Path) -> Path:
    """The draft as the next revision, or the newest revision where that says the same already."""
    newest = max(draft.parent.glob("r*"), key=lambda path: int(path.name[1:]), default=draft.with_name("r0"))
    manifest = newest / "release.json"
    if manifest.exists() and manifest.read_bytes() == (draft / "release.json").read_bytes():
        shutil.rmtree(draft)
        return newest
    folder = draft.with_name(f"r{int(newest.name[1:]) + 1}")
    draft.rename(folder)
    return folder
