"""The report is of the week before the last look, whether or not that look saw anything new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from flows.analyse import analyse
from flows.clean import clean
from flows.intake import import_files
from flows.job import Job
from flows.publish import publish
from passerelle.records import CoverageRecord, PostRecord
from pipelines.landing import Landing
from tests.flows.campaigns import job, posts_file

HOST = "pont.test"
FIRST, SECOND = datetime(2026, 3, 30, 4, tzinfo=UTC), datetime(2026, 4, 6, 4, tzinfo=UTC)


def collect(work: Job, clock: datetime) -> None:
    """A run that finds the same thirty posts, none of them younger than the Sunday before the first run."""
    with Landing(work.lake, f"{clock:%Y%m%dT%H%M%SZ}-{HOST}", HOST, work.campaign, work.pseudonyms, clock) as landing:
        for number in range(30):
            landing.add(
                PostRecord(
                    platform="mastodon",
                    post=f"https://{HOST}/{number}",
                    author=f"acct:p{number}@{HOST}",
                    created_at=FIRST - timedelta(hours=20 * number + 30),
                    captured_at=clock + timedelta(minutes=1),
                    source=HOST,
                    text_format="plain",
                    text="Je cherche un poste de comptable #i4emploi",
                    hashtags=("i4emploi",),
                )
            )
        landing.add(
            CoverageRecord(
                platform="mastodon",
                source=HOST,
                scope="timeline",
                subject="i4emploi",
                captured_at=clock + timedelta(minutes=2),
                complete=True,
                got=30,
            )
        )
        landing.finish({})
    clean(work.lake)


def issue(work: Job) -> tuple[str, datetime]:
    analysis = analyse(work.lake, work.campaign, work.pseudonyms)
    published = publish(work.lake, work.campaign, analysis)
    told = orjson.loads((published.folder / "release.json").read_bytes())
    return str(told["iso_week"]), analysis.study.as_of


def test_after_a_quiet_week_the_right_week_is_published(tmp_path: Path) -> None:
    work = job(tmp_path)
    collect(work, FIRST)
    assert issue(work)[0] == "2026-W13"
    collect(work, SECOND)
    week, as_of = issue(work)
    assert week == "2026-W14"
    assert as_of >= SECOND
    rows = work.lake.read("weekly_indicators").to_pylist()
    [quiet] = [row for row in rows if (row["iso_week"], row["indicator"]) == ("2026-W14", "actors")]
    assert (quiet["value"], quiet["status"]) == (0, "final"), "a week in which nothing happened is a week too"


def test_an_import_is_as_old_as_its_file(tmp_path: Path) -> None:
    """What was imported today, of posts captured long ago, is as of then; and weeks after it are not made up."""
    work = job(tmp_path)
    import_files(work, [posts_file(tmp_path / "a.csv", seen=FIRST)], clock=SECOND + timedelta(days=365))
    clean(work.lake)
    week, as_of = issue(work)
    assert (week, as_of.replace(microsecond=0)) == ("2026-W13", FIRST)
