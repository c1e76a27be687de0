"""The restricted edition: pseudonymous tables for researchers, and what organisers can act on."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.analyse import RESULTS, Analysed
from passerelle.tables import TABLES
from transforms.help.automation import automation_signs
from transforms.indicators import broker_ranks, change_table
from transforms.report import unanswered_episodes


def write_restricted(folder: Path, analysed: Analysed, week: str) -> None:
    """Write every table of the restricted edition under `folder`, Hive-partitioned where the lake's table is.

    Beside the posts until the study's as-of and what was derived from them: ``automation_signs`` (accounts that look
    automated, for a decision), ``broker_ranks`` of `week` (who carried calls to people the seeker had no tie with),
    ``changes`` of its shares from the week before, ``unanswered`` (mature calls without help).
    """
    study = analysed.study
    for name, rows in _published(analysed).items():
        table = TABLES[name]
        _write(folder / name, table.conform(rows).sort_by([(key, "ascending") for key in table.key]), table.partition)
    _write(folder / "automation_signs", automation_signs(study.posts))
    _write(folder / "broker_ranks", broker_ranks(analysed.frames, week))
    _write(folder / "changes", change_table(analysed.frames, week))
    _write(folder / "unanswered", unanswered_episodes(study.episodes, study.mobilisations))


def _published(analysed: Analysed) -> dict[str, pa.Table]:
    posts, as_of = analysed.tables["posts"], analysed.study.as_of
    return {
        "posts": posts.filter(pc.less_equal(posts["created_at"], pa.scalar(as_of, posts["created_at"].type))),
        **{name: getattr(analysed.study, name) for name in RESULTS},
        "weekly_indicators": analysed.indicators,
    }


def _write(folder: Path, rows: pa.Table, partition: str | None = None) -> None:
    folder.mkdir()
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
