"""Jetstream: the invented pack beside the repository, both doors of it, and what each refuses."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.lake import Lake
from passerelle.records import CoverageRecord, PostRecord, Record
from spiders.collecting.state import CrawlState, Streamed
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.platforms import packs
from tests.spiders.platforms.stream_packs import StreamPack
from tests.spiders.stream_server import StreamServer

PACK = packs.Pack("jetstream", "bsky.social", "", account=lambda told: f"bluesky:{told['author']}", names="bluesky")
FIRST = "jetstream2.us-east.bsky.network"
KEPT = "tests.spiders.kept.KeepRecords"
LAND_TOO = f'ITEM_PIPELINES={{"{KEPT}": 1, "pipelines.landing_pipeline.LandingPipeline": 300}}'
EXCEPTIONS = {
    "posts 3mvhjxsqkp22b trusted_at": "it is the moment of the first look (below)",
    "coverage timeline i4emploi 2026-09-18T20:00:00Z reason": "gap: our one word; from when to when says its line",
}
pytestmark = pytest.mark.skipif(
    not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository"
)


def hear(
    folder: Path, pack: StreamPack, clock: str, *, stream: str = "", state: dict[str, Any] | None = None
) -> Crawled:
    """One run on what the pack gives; `stream` is the host that is heard."""
    source = f'stream = "{stream}"' if stream else ""
    campaign = campaign_file(folder, PACK.host, PACK.expected["hashtag"], source=source, kind="bluesky")
    lake = Lake(folder / "lake")
    if state is not None:
        lake.state_file(PACK.host).parent.mkdir(parents=True, exist_ok=True)
        lake.state_file(PACK.host).write_text(json.dumps(state), "utf-8")
    with StreamServer(pack.serve) as server:
        words = ("--stream", "--connect", server.address, "--clock", clock)
        return crawl(campaign, lake.root, *words, settings=(LAND_TOO, "PASSERELLE_BACKOFF_SECONDS=0.02"))


def coverage(records: list[Record]) -> list[CoverageRecord]:
    return [one for one in records if isinstance(one, CoverageRecord)]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Crawled]:
    folder = tmp_path_factory.mktemp("network")
    return [hear(folder, StreamPack("jetstream"), clock) for clock in StreamPack("jetstream").runs(FIRST)]


def test_the_invented_pack_comes_out_as_it_must(runs: list[Crawled]) -> None:
    assert [(run.code, run.verdict["outcome"]) for run in runs] == [(0, "complete"), (4, "partial")]
    records = [record for run in runs for record in run.records]
    differences = PACK.differences(records)
    assert differences.keys() == EXCEPTIONS.keys(), differences
    first = next(one for one in records if isinstance(one, PostRecord))
    assert first.captured_at == packs.time_of(PACK.expected["posts"][0]["trusted_at"])


def test_a_replay_of_both_runs_gives_the_same_records(runs: list[Crawled], tmp_path: Path) -> None:
    vault = runs[0].lake / "vault"
    again = crawl(
        runs[0].lake.parent / "campaign.toml", tmp_path / "again", "--replay", str(vault), settings=(LAND_TOO,)
    )
    assert again.code == 4, again.err
    for run in runs:
        assert Crawled(0, "", run.verdict, again.lake).records == run.records
        there, here = (lake / "staging" / run.verdict["run_id"] / "state.json" for lake in (run.lake, again.lake))
        assert json.loads(there.read_text("utf-8")) == json.loads(here.read_text("utf-8"))


def test_the_newer_door_says_what_it_skips_and_is_told_by_time_then(tmp_path: Path) -> None:
    known = Streamed(at_us=1789371720000000, number=41000, server="jetstream.example")
    pack, state = StreamPack("jetstream", lambda one: True), CrawlState(stream=known).to_json()
    done = hear(tmp_path, pack, "2026-09-20T08:01:00Z", stream="jetstream.example", state=state)
    assert pack.given == [4, 6], "refused by number, then asked by time"
    assert (done.code, done.verdict["outcome"]) == (4, "partial")
    [row] = coverage(done.records)
    assert (row.complete, row.reason) == (False, "gap")
    assert row.covered_from == datetime(2026, 9, 18, 20, tzinfo=UTC)
    assert "from 2026-09-14 07:42:00 to 2026-09-18 20:00:00 UTC" in " ".join(done.verdict["errors"]["en"])
    assert [one.post[-13:] for one in done.records if isinstance(one, PostRecord)] == ["3mvsxg7ini22b"]


def test_another_instance_is_asked_by_time_where_one_does_not_answer(tmp_path: Path) -> None:
    known = Streamed(at_us=1789371720000000, number=41105, server=FIRST)
    pack, state = StreamPack("jetstream", lambda one: one["status"] == 503), CrawlState(stream=known).to_json()
    done = hear(tmp_path, pack, "2026-09-20T08:00:00Z", state=state)
    assert done.code == 1
    assert pack.given == [7]
    cursors = dict(reversed(pack.asked))
    assert cursors.pop(FIRST) == "41105"
    assert len(cursors) == 3
    assert set(cursors.values()) == {"1789371715000000"}
    assert re.search(rf"{FIRST}: not connected; tried again in [23]\d s", done.err), "once the others gave nothing"
    assert f"{FIRST} gives no stream (HTTP 404)" in done.err
