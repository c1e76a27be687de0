"""A reply to what a server showed in another run, earlier or later: whichever run comes first, and killed between."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from flows.clean import clean
from flows.job import Job
from flows.rebuild import rebuild
from passerelle.lake import Lake
from passerelle.records import PostRecord, Record
from tests.flows.campaigns import START, job
from tests.flows.test_clean import job_with_key
from tests.flows.test_two_sources import ONE, TWO, moment, stage

PARENT, OWN = "https://three.test/p", "mastodon:one.test/7"
COUNT = 1_200


def parent(day: float, source: str = ONE, **more: Any) -> PostRecord:
    return post(day, PARENT, source, **({"shown_as": OWN} if source == ONE else {}), **more)


def reply(day: float, number: int = 0, **more: Any) -> PostRecord:
    told: dict[str, Any] = {"reply_to": OWN, "only_local": ("reply_to",)} | more
    return post(day, f"https://one.test/{number}", ONE, shown_as=f"mastodon:one.test/r{number}", **told)


def post(day: float, name: str, source: str, **more: Any) -> PostRecord:
    return PostRecord(
        platform="mastodon", post=name, author="acct:a@one.test", created_at=START, captured_at=moment(day),
        source=source, text="au secours", text_format="plain", **more,
    )  # fmt: skip


@pytest.fixture
def work(tmp_path: Path) -> Job:
    return job(tmp_path)


Runs = list[tuple[float, str, list[Record]]]
RUNS: Runs = [
    (1, ONE, [reply(1, n) for n in range(COUNT)]),
    (2, ONE, [parent(2)]),
    (3, ONE, [reply(3, COUNT), post(3, "https://one.test/q", ONE, quote_of=OWN, only_local=("quote_of",))]),
]


def pointed(lake: Lake) -> set[tuple[Any, Any]]:
    return {(row["reply_to_id"], row["quote_of_id"]) for row in lake.read("posts").to_pylist()}


def rows(lake: Lake) -> dict[str, Any]:
    return {name: lake.read(name).to_pylist() for name in ("posts", "post_versions", "post_names")}


def true(work: Job) -> set[tuple[Any, Any]]:
    found = work.pseudonyms.post(PARENT)
    return {(found, None), (None, None), (None, found)}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whichever_run_comes_first_every_reply_points_to_the_post(work: Job, order: tuple[int, ...]) -> None:
    for place in order:
        stage(work, [RUNS[place]])
        clean(work.lake)
    assert pointed(work.lake) == true(work)
    assert work.lake.read("posts").num_rows == COUNT + 3
    assert set(rebuild(work.lake).values()) == {0}


def test_all_at_once_is_as_one_by_one(tmp_path: Path) -> None:
    work, other = (job_with_key(tmp_path / name, "0" * 64) for name in ("once", "one by one"))
    stage(work, RUNS)
    clean(work.lake)
    for run in RUNS:
        stage(other, [run])
        clean(other.lake)
    assert rows(work.lake) == rows(other.lake)
    versions = work.lake.versions()
    clean(work.lake)
    assert work.lake.versions() == versions, "nothing new, nothing written"


def test_a_name_that_a_killed_clean_had_written_still_reaches_the_posts(
    work: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(work, [RUNS[0]])
    clean(work.lake)
    stage(work, [RUNS[1]])
    with monkeypatch.context() as killed:
        killed.setattr("flows.clean.settle_named", lambda lake, names: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            clean(work.lake)
    assert work.lake.read("post_names").num_rows == COUNT + 1
    assert (work.pseudonyms.post(OWN), None) in pointed(work.lake)
    clean(work.lake)
    assert pointed(work.lake) == true(work) - {(None, work.pseudonyms.post(PARENT))}


def test_a_post_that_another_server_showed_says_nothing_of_this_servers_ids(work: Job) -> None:
    stage(work, [RUNS[0], (2, TWO, [parent(2, TWO)])])
    clean(work.lake)
    assert (work.pseudonyms.post(OWN), None) in pointed(work.lake)
    stage(work, [(4, ONE, [parent(4)])])
    clean(work.lake)
    assert (work.pseudonyms.post(OWN), None) not in pointed(work.lake)
