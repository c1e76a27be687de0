"""Issue after issue on one lake: what was told stays told, whatever comes later; the same data give the same issue."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from flows.analyse import analyse
from flows.clean import clean
from flows.earlier import data_file
from flows.intake import import_files
from flows.job import Job
from flows.publish import publish
from flows.reissue import issue_again
from flows.telling import known_beside, tell_public, truth_of
from tests.flows.campaigns import START, job, posts_file
from tests.life.compare_tellings import PROBE, Cells, compare_tellings, probed
from transforms.report.public_indicators import Circumstance

pytestmark = pytest.mark.slow


@pytest.fixture
def work(tmp_path: Path) -> Job:
    made = job(tmp_path)
    take_in(made, tmp_path / "a.csv", 120)
    return made


def take_in(work: Job, path: Path, rows: int, seen: datetime | None = None) -> None:
    import_files(work, [posts_file(path, rows=rows, seen=seen)], clock=seen or START)
    clean(work.lake)


def told(work: Job, days: float | None = None, lost: Sequence[str] = ()) -> Path:
    moment = None if days is None else START + timedelta(days=days)
    analysed = analyse(work.lake, work.campaign, work.pseudonyms, moment)
    return publish(work.lake, work.campaign, analysed, lost=tuple(lost)).folder


def cells(release: Path) -> Cells:
    rows = pq.read_table(data_file(release, "cells")).to_pylist()
    return {(row["iso_week"], row["population"], row["chain"], row["cell"]): row["people"] for row in rows}


def copied_from(release: Path) -> Any:
    return json.loads((release / "release.json").read_bytes())["disclosure"]["copied_from"]


def finals(release: Path) -> set[str]:
    return {key[0] for key in cells(release) if key[2] == "first"}


def test_each_issue_is_copied_from_the_one_before_and_says_so(work: Job) -> None:
    issues = [told(work, days) for days in (14, 21, 28)] + [told(work)]
    assert copied_from(issues[0]) is None
    for before, now in itertools.pairwise(issues):
        assert copied_from(now)["release"] == str(before.relative_to(work.lake.releases))
        assert finals(before) < finals(now)
        assert list(compare_tellings(cells(before), cells(now))) == []
    assert told(work) == issues[-1], "made again, it is the same issue"
    assert told(work, 21) == issues[1]


def test_late_posts_move_a_told_week_one_way_or_not_at_all(work: Job, tmp_path: Path) -> None:
    before = told(work)
    take_in(work, tmp_path / "b.csv", 150, START + timedelta(days=58))
    after = told(work)
    assert finals(before) < finals(after)
    assert list(compare_tellings(cells(before), cells(after))) == []
    assert told(work) == after


def test_an_issue_that_misses_a_source_makes_no_week_final(work: Job) -> None:
    partial = told(work, lost=["pont.test"])
    assert finals(partial) == set()
    whole = told(work)
    assert finals(whole)
    again = told(work, 40, lost=["pont.test"])
    assert finals(again) == finals(whole), "what was told is told again"
    assert "source missing" in (partial / "en" / "index.html").read_text("utf-8")


def test_the_restricted_edition_has_the_figures_of_the_lake(work: Job) -> None:
    release = told(work)
    exact = pq.read_table(work.lake.restricted_of(release) / "data" / "weekly_indicators.parquet").to_pylist()
    there = {
        (row["iso_week"], row["indicator"], row["stratum"]): row
        for row in work.lake.read("weekly_indicators").to_pylist()
    }
    shared = [row for row in exact if (row["iso_week"], row["indicator"], row["stratum"]) in there]
    assert len(shared) > 100
    for row in shared:
        held = there[row["iso_week"], row["indicator"], row["stratum"]]
        assert (row["value"], row["low"], row["high"]) == (held["value"], held["low"], held["high"])


def test_exact_cells_give_the_figures_of_the_lake(work: Job) -> None:
    """Two ways to one number: what is counted for telling, and the indicators themselves."""
    release = told(work)
    computed = {
        (row["iso_week"], row["indicator"], row["stratum"]): row["value"]
        for row in work.lake.read("weekly_indicators").to_pylist()
    }
    from transforms.report import EXACT, public_indicators, tell

    analysed = analyse(work.lake, work.campaign, work.pseudonyms)
    exact = public_indicators(tell(truth_of(analysed, work.campaign), grain=EXACT), {}).to_pylist()
    compared = 0
    for row in exact:
        value = computed.get((row["iso_week"], row["indicator"], row["stratum"]))
        is_coarse = "median" in row["indicator"] or row["indicator"] == "reach_languages"
        if row["value"] is not None and value is not None and not is_coarse:
            assert row["value"] == pytest.approx(value, abs=1e-9), row
            compared += 1
    assert compared > 100
    assert release.exists()


def test_issues_of_an_older_rule_are_made_again_from_the_first_week_on(work: Job) -> None:
    issues = [told(work, days) for days in (14, 21)] + [told(work)]
    weeks = [issue.parent for issue in issues]
    for issue in issues:
        manifest = issue / "release.json"
        manifest.write_bytes(manifest.read_bytes().replace(b"nested-5/1", b"nested-5/0"))
    analysed = analyse(work.lake, work.campaign, work.pseudonyms)
    again = issue_again(work, analysed.study.as_of)
    again.append(publish(work.lake, work.campaign, analysed).folder)
    assert [issue.parent for issue in again] == weeks
    assert [issue.name for issue in again] == ["r2"] * 3
    assert copied_from(again[0]) is None
    assert [copied_from(issue)["release"] for issue in again[1:]] == [
        str(issue.relative_to(work.lake.releases)) for issue in again[:-1]
    ]
    assert work.lake.latest_release() == again[-1]
    assert issue_again(work, analysed.study.as_of) == []


def test_what_lies_beside_the_pages_is_the_same_in_both_forms(work: Job) -> None:
    files = sorted((told(work) / "data").glob("*.parquet"))
    assert len(files) >= 10
    for path in files:
        rows, beside = pq.read_table(path), path.with_suffix(".csv")
        types = {field.name: field.type for field in rows.schema}
        options = csv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""])
        assert csv.read_csv(beside, convert_options=options).equals(rows), path.name


def test_what_was_told_stays_told_where_the_lake_begins_later_now(work: Job) -> None:
    """The first weeks are emptied (an erasure, a correction): they are told again, none is forgotten."""
    before = told(work)
    posts = work.lake.read("posts")
    late = START + timedelta(days=20)
    work.lake.overwrite(
        "posts", posts.filter(pc.greater(posts["created_at"], pa.scalar(late, posts["created_at"].type)))
    )
    after = told(work)
    assert finals(before) <= finals(after)
    assert list(compare_tellings(cells(before), cells(after))) == []


def test_what_goes_with_a_figure_is_copied_with_it_and_computed_where_that_is_told_anew(work: Job) -> None:
    analysed = analyse(work.lake, work.campaign, work.pseudonyms)
    public, _ = tell_public(work.lake, analysed, truth_of(analysed, work.campaign), "2026-W14")
    week = public.told.final[-1]
    ties, dyads = (week, "weak_tie_share_of_classified", "all"), (week, "new_dyad_share", "all")
    before = {**public.circumstances, ties: Circumstance(9.0, "below"), dyads: Circumstance(9.0)}
    anew = replace(public.told, anew=frozenset({(week, "mobilisers")}))
    found = known_beside(analysed, anew, before)
    assert found[ties] == public.circumstances[ties] != before[ties]
    assert found[dyads] == before[dyads]
    assert found.keys() == public.circumstances.keys()


def test_a_word_on_chance_needs_no_design_effect_beside_it(work: Job) -> None:
    analysed = analyse(work.lake, work.campaign, work.pseudonyms)
    rows = analysed.indicators.to_pylist()
    tested = [row | {"z": -3.0, "p": 0.01} if row["indicator"] == "e_i_index" else row for row in rows]
    sure = replace(analysed, indicators=pa.Table.from_pylist(tested, schema=analysed.indicators.schema))
    public, _ = tell_public(work.lake, sure, truth_of(sure, work.campaign), "2026-W14")
    assert public.circumstances[public.told.final[-1], "e_i_index", "all"].chance == "below"


@pytest.mark.skipif(not PROBE.exists(), reason="the probe is not beside the repository (../shared/tools)")
def test_the_probe_finds_nobody_in_one_issue_nor_the_next(work: Job) -> None:
    for issue in (told(work, 21), told(work)):
        assert list(probed(issue, work.lake.restricted_of(issue))) == []
