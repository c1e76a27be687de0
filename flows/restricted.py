"""The restricted edition: pseudonymous tables for researchers, and what organisers can act on."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.analyse import RESULTS, Analysis
from passerelle.lake import Lake
from passerelle.tables import TABLES
from transforms.help.automation import automation_signs
from transforms.help.study import Study
from transforms.indicators import broker_ranks


def write_restricted(folder: Path, lake: Lake, analysis: Analysis, week: str) -> None:
    """Write every table of the restricted edition under `folder`, Hive-partitioned where the lake's table is.

    Beside the posts until the analysis's as-of and what was derived from them: ``automation_signs`` (accounts that look
    automated, for a decision), ``broker_ranks`` of `week` (who carried calls to people the seeker had no tie with),
    ``unanswered`` (mature calls without help).
    """
    study = analysis.study
    for name, rows in _published(lake, analysis).items():
        table = TABLES[name]
        _write(folder / name, table.conform(rows).sort_by([(key, "ascending") for key in table.key]), table.partition)
    _write(folder / "automation_signs", automation_signs(study.posts))
    _write(folder / "broker_ranks", broker_ranks(study, week))
    _write(folder / "unanswered", unanswered_episodes(study))


def _published(lake: Lake, analysis: Analysis) -> dict[str, pa.Table]:
    posts, as_of = lake.read("posts", version=analysis.versions.get("posts")), analysis.study.as_of
    return {
        "posts": posts.filter(pc.less_equal(posts["created_at"], pa.scalar(as_of, posts["created_at"].type))),
        **{name: getattr(analysis.study, name) for name in RESULTS},
        "labels": analysis.labels,
        "weekly_indicators": analysis.indicators,
    }


def unanswered_episodes(study: Study) -> pa.Table:
    """Mature episodes that nobody but organisers and bots answered, oldest call first (columns of `episodes`)."""
    people = study.mobilisations.filter(pc.equal(study.mobilisations["role"], "person"))
    answered = pc.is_in(study.episodes["episode_id"], pc.unique(people["episode_id"]))
    alone = study.episodes.filter(pc.and_(study.episodes["is_mature"], pc.invert(answered)))
    return alone.sort_by([("t_call", "ascending"), ("episode_id", "ascending")])


def _write(folder: Path, rows: pa.Table, partition: str | None = None) -> None:
    folder.mkdir(parents=True)
    if partition is None:
        pq.write_table(rows, folder / "part-0.parquet", compression="zstd")
        return
    pq.write_to_dataset(
        rows,
        folder,
        partition_cols=[partition],
        compression="zstd",
        basename_template="part-{i}.parquet",
        use_threads=False,
    )
