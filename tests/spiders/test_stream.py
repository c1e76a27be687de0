"""Streams over real sockets: second runs, cuts, kills, ends in order, the doors' ways, what hostile frames cost."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from passerelle import clock
from passerelle.records import CoverageRecord, DeletionRecord, EngagementRecord, PostRecord
from spiders.streaming.socket import open_socket
from tests.spiders.crawling import REPOSITORY, Crawled, campaign_file, crawl
from tests.spiders.invented_network import REPOST, TAG, Network, just_now, keys_of, town, uri
from tests.spiders.stream_server import Frames, No, Query, StreamServer

KEPT = "tests.spiders.kept.KeepRecords"
LAND_TOO = f'ITEM_PIPELINES={{"{KEPT}": 1, "pipelines.landing_pipeline.LandingPipeline": 300}}'
QUICK = "PASSERELLE_BACKOFF_SECONDS=0.02"


class Desk:
    """One campaign on one invented network, and as many runs as wanted."""

    def __init__(self, folder: Path, network: Network) -> None:
        self.folder, self.network = folder, network

    def campaign(self, server: StreamServer) -> Path:
        return campaign_file(self.folder, server.address, TAG, kind="bluesky")

    def run(self, *words: str, server: StreamServer | None = None, clock: bool = True) -> Crawled:
        """A run up to the present, which is when all has happened."""
        if server is None:
            with self.network.server(self.port) as one:
                return self.run(*words, server=one, clock=clock)
        self.port = server.port
        told = ("--clock", self.network.now.strftime("%Y-%m-%dT%H:%M:%SZ")) if clock else ()
        return crawl(self.campaign(server), self.folder / "lake", "--stream", *told, *words, settings=(LAND_TOO, QUICK))

    port = 0


def of(kind: type[Any], *runs: Crawled) -> list[Any]:
    return [record for run in runs for record in run.records if isinstance(record, kind)]


@pytest.mark.parametrize("newer", [False, True])
def test_both_doors_tell_the_same(tmp_path: Path, newer: bool) -> None:
    network = town()
    network.newer = newer
    done = Desk(tmp_path, network).run()
    assert (done.code, done.verdict["outcome"]) == (0, "complete"), done.err
    posts = of(PostRecord, done)
    assert keys_of(post.post for post in posts) == ["call", "answer", "relay", "thanks", "call", "regret"]
    edited = posts[4]
    assert (edited.text, edited.edited_at) == ("Qui connaît un atelier à Lyon ?", edited.captured_at)
    assert keys_of(one.post for one in of(DeletionRecord, done)) == ["regret"]
    assert [one.kind for one in of(EngagementRecord, done)] == ["favourite"]
    [row] = of(CoverageRecord, done)
    assert (row.complete, row.got, row.reason) == (True, 3, None)
    assert (row.covered_until - row.covered_from).total_seconds() == len(network.events) - 1


def test_a_second_run_goes_on_from_the_last_event_and_nothing_comes_twice(tmp_path: Path) -> None:
    network = town()
    desk = Desk(tmp_path, network)
    first = desk.run()
    network.reply("fay", "late", uri("ada", "call"), text="Moi aussi")
    network.delete("cleo", "relay", REPOST)
    network.others(3)
    with network.server(desk.port) as server:
        then = desk.run(server=server)
        last = first.state["stream"]["number"]
        assert server.cursors("/subscribe") == [str(last)], "inclusive, by number, of the door that is there"
    assert [one.post for one in of(PostRecord, then)] == [uri("fay", "late")]
    assert [one.post for one in of(DeletionRecord, then)] == [uri("cleo", "relay", REPOST)]
    [row], [before] = of(CoverageRecord, then), of(CoverageRecord, first)
    assert (row.complete, row.covered_from) == (True, before.covered_until)


def test_what_the_server_no_longer_tells_is_a_gap_and_said(tmp_path: Path) -> None:
    network = town()
    desk = Desk(tmp_path, network)
    first = desk.run()
    network.others(300)
    network.floor = len(network.events)
    network.post("gil", "after")
    network.others(2)
    then = desk.run()
    assert (then.code, then.verdict["outcome"]) == (4, "partial")
    [row], [before] = of(CoverageRecord, then), of(CoverageRecord, first)
    assert (row.complete, row.reason) == (False, "gap")
    assert (row.covered_from - before.covered_until).total_seconds() == 301
    assert f"from {before.covered_until:%Y-%m-%d %H:%M:%S} to {row.covered_from:%Y-%m-%d %H:%M:%S} UTC" in then.err
    third = desk.run()
    assert (third.code, of(CoverageRecord, third)[0].complete) == (0, True), "the gap is of the run that met it"


def test_a_connection_that_breaks_is_taken_up_where_it_was(tmp_path: Path) -> None:
    network = town()
    network.cuts = [1, 2, 6, 0, 3]
    desk = Desk(tmp_path, network)
    with network.server() as server:
        done = desk.run(server=server)
        cursors = server.cursors("/subscribe")
    assert cursors[1:] == [str(1000 + 7 * place) for place in (0, 1, 6, 6, 8)]
    whole = Desk(tmp_path / "whole", town())
    whole.folder.mkdir()
    assert keys_of(one.post for one in of(PostRecord, done)) == keys_of(one.post for one in of(PostRecord, whole.run()))
    assert of(CoverageRecord, done)[0].complete


def test_a_run_that_was_killed_is_taken_up_with_what_it_had_kept(tmp_path: Path) -> None:
    network = town(just_now())
    desk = Desk(tmp_path, network)
    with network.server() as server:
        process = begin(desk, server, "--for", "600", "--on")
        until(lambda: vault_holds(tmp_path, b"regret"))
        process.kill()
        process.wait()
        assert not list((tmp_path / "lake" / "staging").glob("*/manifest.json"))
        network.post("hal", "after")
        network.others(1)
        done = desk.run("--for", "3", "--on", server=server, clock=False)
        connections = server.cursors("/subscribe")
    assert done.code == 0, done.err
    assert len(list((tmp_path / "lake" / "vault").iterdir())) == 2, "two parts of one run"
    assert int(connections[-1] or 0) > 1000, "it went on, and did not begin again"
    assert keys_of(one.post for one in of(PostRecord, done)) == [
        *("call", "answer", "relay", "thanks", "call", "regret", "after"),
    ]
    vault = str(tmp_path / "lake" / "vault")
    again = crawl(tmp_path / "campaign.toml", tmp_path / "again", "--replay", vault, settings=(LAND_TOO,))
    assert again.records == done.records, again.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_is_told_to_end_lands_what_came(tmp_path: Path, number: signal.Signals) -> None:
    desk = Desk(tmp_path, town(just_now()))
    with desk.network.server() as server:
        process = begin(desk, server, "--for", "600", "--on")
        until(lambda: vault_holds(tmp_path, b"regret"))
        process.send_signal(number)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    told = json.loads(out)
    assert (process.returncode, told["outcome"], told["exit_code"]) == (130, "complete", 130), err
    [manifest] = (tmp_path / "lake" / "staging").glob("*/manifest.json")
    assert json.loads(manifest.read_text("utf-8"))["counters"]["by_class"]["post"]["landed"] == 6


def begin(desk: Desk, server: StreamServer, *words: str) -> subprocess.Popen[str]:
    """A run in a process that may be killed."""
    command = [sys.executable, "-m", "spiders.crawl", "--campaign", str(desk.campaign(server))]
    return subprocess.Popen(
        [*command, "--lake", str(desk.folder / "lake"), "--json", "--stream", "-s", QUICK, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=os.environ | {"PASSERELLE_KEY": "ab" * 32, "LANG": "C"},
    )


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for what another process does."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


def vault_holds(folder: Path, word: bytes) -> bool:
    """Whether a frame with that word is on the disk, in a file that is being written."""
    found = b""
    for path in (folder / "lake" / "vault").glob("*.warc.gz"):
        with gzip.open(path) as file:
            try:
                for line in file:
                    found += line
            except EOFError:
                pass
    return word in found


def test_a_long_way_to_the_present_is_cut_and_goes_on_where_it_was(tmp_path: Path) -> None:
    network = town()
    network.others(50)
    desk, everything = Desk(tmp_path, network), network.events
    with network.server() as server:
        network.events = everything[:12]
        first = desk.run("--clock", "2026-11-29T12:00:00Z", "--for", "5", server=server, clock=False)
        network.events = everything
        then = desk.run(server=server)
    assert (first.code, first.verdict["is_behind"], then.verdict["is_behind"]) == (0, True, False), first.err
    [before], [row] = of(CoverageRecord, first), of(CoverageRecord, then)
    assert row.covered_from == before.covered_until
    assert keys_of(one.post for one in of(PostRecord, first, then)) == [
        *("call", "answer", "relay", "thanks", "call", "regret"),
    ]


def test_a_server_that_asks_to_be_left_alone_is_and_who_we_are_is_said(tmp_path: Path) -> None:
    network, answers = town(), [No(429, {}, {"Retry-After": "1800"}), No(503, {}, {"Retry-After": "40"})]
    told = network.serve

    def busy(host: str, path: str, query: Query) -> Frames | No:
        return answers.pop(0) if answers and "xrpc" in path else told(host, path, query)

    network.serve = busy  # type: ignore[method-assign]
    with network.server() as server:
        done = Desk(tmp_path, network).run(server=server)
        agents = {headers["User-Agent"] for _, path, _, headers in server.asked}
    assert done.code == 0, done.err
    waits = [int(seconds) for seconds in re.findall(r": not connected; tried again in (\d+) s", done.err)]
    assert len(waits) == 2
    assert 1_700 < waits[0] <= 1_800
    assert 20 < waits[1] <= 40
    assert agents == {"passerelle/0.1 (research) (contact: essai@example.test)"}


def test_who_asks_for_too_long_is_not_asked_again(tmp_path: Path) -> None:
    network = town()
    network.serve = lambda host, path, query: No(429, {}, {"Retry-After": "7200"})  # type: ignore[method-assign]
    with network.server() as server:
        done = Desk(tmp_path, network).run(server=server)
        assert len(server.cursors("subscribe")) == 1
    assert (done.code, "no server of its stream answers; try again later" in done.err) == (1, True), done.err


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    network = town()
    network.serve = lambda host, path, query: No(302, {}, {"Location": "ws://10.0.0.1/"})  # type: ignore[method-assign]
    done = Desk(tmp_path, network).run()
    assert (done.code, "gives no stream (HTTP 302)" in done.err) == (1, True), done.err


def test_a_name_that_leads_inside_the_network_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    async def inside(*_: object, **__: object) -> list[Any]:
        return [(2, 1, 6, "", ("10.0.0.1", 443))]

    async def opened() -> Any:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", inside)
        run = SimpleNamespace(connect_to=None, is_here=False, now=clock.now)
        return await open_socket("https://stream.example/subscribe", run)

    attempt, connection = asyncio.run(opened())
    assert (attempt.failure, connection) == ("forbidden_address", None)
