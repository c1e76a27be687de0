"""Whole crawls, in processes of their own, against the loopback server: faults, limits, kills, replays."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from passerelle.records import CoverageRecord, EngagementRecord, MalformedRecord, PostRecord
from tests.sandbox.faults import Fault
from tests.sandbox.parameters import Parameters
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import Simulation, simulate
from tests.sandbox.stock import HASHTAG
from tests.spiders.crawling import REPOSITORY, Crawled, campaign_file, crawl

QUICK = ("PASSERELLE_BACKOFF_SECONDS=0.05", "PASSERELLE_LIMIT_BACKOFF_SECONDS=0.2")
KEEP = 'ITEM_PIPELINES={"tests.spiders.kept.KeepRecords": 1}'
NO_HISTORIES = "history_days = 0"
Ask = Callable[..., Crawled]


@pytest.fixture(scope="module")
def world() -> Simulation:
    return simulate(Parameters(num_weeks=2, prior_weeks=13, num_active=40, num_quiet=6, num_seekers=30))


@pytest.fixture
def server(world: Simulation) -> Iterator[Sandbox]:
    with Sandbox(world.world, world.parameters.as_of, limit=1_000_000) as sandbox:
        yield sandbox


@pytest.fixture
def ask(server: Sandbox, tmp_path: Path) -> Ask:
    """Crawl the server into a lake of that name."""

    def run(
        lake: str = "lake", *words: str, source: str = "", collect: str = "", settings: tuple[str, ...] = (KEEP,)
    ) -> Crawled:
        campaign = campaign_file(tmp_path, server.address, HASHTAG, source=source, collect=collect)
        clock = server.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return crawl(campaign, tmp_path / lake, "--clock", clock, *words, settings=(*QUICK, *settings))

    return run


def posts(crawled: Crawled) -> set[str]:
    return {record.post for record in crawled.records if isinstance(record, PostRecord)}


def reposts(crawled: Crawled) -> set[tuple[str, str]]:
    return {(record.account, record.post) for record in crawled.records if isinstance(record, EngagementRecord)}


def counted(server: Sandbox, part: str) -> int:
    return sum(part in target for target, _ in server.log)


def test_two_runs_replay_to_the_same_bytes_without_the_network(ask: Ask, server: Sandbox, tmp_path: Path) -> None:
    end = server.now
    server.now = end - timedelta(days=4)
    first = ask(settings=())
    assert (first.code, first.err) == (0, "")
    num_first = len(server.log)
    server.now = end
    second = ask(settings=())
    assert second.code == 0
    assert counted(server, "/timelines/tag/") <= 5
    assert len(server.log) - num_first < num_first
    server.log.clear()
    campaign = tmp_path / "campaign.toml"
    again = crawl(campaign, tmp_path / "replayed", "--replay", str(tmp_path / "lake" / "vault"), settings=())
    assert (again.code, again.err, server.log) == (0, "", [])
    for live in sorted((tmp_path / "lake" / "staging").iterdir()):
        names = sorted(path.name for path in live.iterdir() if path.name != "stats.json")
        replayed = tmp_path / "replayed" / "staging" / live.name
        assert "post_versions-00000.parquet" in names
        assert filecmp.cmpfiles(live, replayed, names, shallow=False) == (names, [], [])


def test_a_storm_of_passing_failures_changes_nothing(ask: Ask, server: Sandbox) -> None:
    calm = ask("calm")
    server.faults += [
        Fault("unavailable", match="/timelines/", times=3),
        Fault("rate_limited", match="/timelines/", retry_after="1", after=1),
        Fault("rate_limited", match="/context", retry_after="date", seconds=1),
        Fault("reset", match="/context", times=2),
        Fault("truncated", match="/reblogged_by", times=2),
        Fault("cut", match="/reblogged_by", after=3),
        Fault("html_error", match="/statuses", after=9),
        Fault("rate_limited", match="/accounts/", reset="iso", seconds=1),
        Fault("rate_limited", match="/accounts/", reset="unix", seconds=1, after=5),
    ]
    stormy = ask("stormy")
    assert (stormy.code, stormy.verdict["outcome"]) == (0, "complete")
    assert all(fault.struck for fault in server.faults)
    assert (posts(stormy), reposts(stormy)) == (posts(calm), reposts(calm))
    assert stormy.verdict["waited_seconds"] > 4
    assert "waiting" in stormy.err
    replay = crawl(
        stormy.lake.parent / "campaign.toml",
        stormy.lake.parent / "r",
        "--replay",
        str(stormy.lake / "vault"),
        settings=(KEEP,),
    )
    assert (replay.code, posts(replay)) == (0, posts(calm))


@pytest.mark.parametrize("reset", ["iso", "unix"])
def test_the_stated_limit_is_used_to_its_share_and_never_passed(world: Simulation, tmp_path: Path, reset: str) -> None:
    with Sandbox(world.world, world.parameters.as_of, limit=20, window_seconds=2.0, reset=reset) as server:
        campaign = campaign_file(tmp_path, server.address, HASHTAG, collect=f"first_days = 4000\n{NO_HISTORIES}")
        began = time.monotonic()
        done = crawl(campaign, tmp_path / "lake")  # by the system's clock: under another, waits pass at once
        took = time.monotonic() - began
        assert done.code == 0
        assert [status for _, status in server.log if status == 429] == []
        assert len(server.log) > 40
        assert took >= 2.0 * (len(server.log) // 16 - 1)


def test_a_server_lost_midway_leaves_a_partial_run_and_the_next_brings_the_rest(ask: Ask, server: Sandbox) -> None:
    whole = ask("whole", collect=NO_HISTORIES)
    server.faults.append(Fault("unavailable", match="/api/v1/", times=100_000, after=12))
    half = ask("half", collect=NO_HISTORIES)
    assert (half.code, half.verdict["outcome"]) == (4, "partial")
    assert {r.reason for r in half.records if isinstance(r, CoverageRecord)} >= {"unreachable"}
    server.faults.clear()
    server.now += timedelta(hours=1)
    rest = ask("half", collect=NO_HISTORIES)
    assert rest.code == 0
    assert posts(half) | posts(rest) >= posts(whole)
    assert reposts(half) | reposts(rest) >= reposts(whole)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("endless", "end_unknown"),
        ("repeated", "end_unknown"),  # an empty page whose cursor leads to itself
        ("gzip_bomb", "unreachable"),
        ("huge", "unreachable"),
    ],
)
def test_hostile_pages_end_the_walk_not_the_crawl(ask: Ask, server: Sandbox, kind: str, reason: str) -> None:
    server.faults.append(Fault(kind, match="/timelines/", times=100, size=50_000_000))
    done = ask(collect="max_pages = 6\nthreads = false\nreposters = false\nhistory_days = 0")
    [coverage] = [r for r in done.records if isinstance(r, CoverageRecord)]
    assert (done.code, done.verdict["outcome"]) == (4, "partial")
    assert [len(lines) for lines in done.verdict["errors"].values()] == [1, 1]
    assert "hashtag timelines not read to the end: 1" in done.err
    assert (coverage.complete, coverage.reason) == (False, reason)


def test_json_that_stays_cut_is_quarantined_with_its_place(ask: Ask, server: Sandbox) -> None:
    server.faults.append(Fault("truncated", match="/timelines/", times=100))
    done = ask(collect="threads = false\nreposters = false\nhistory_days = 0")
    assert done.code == 4
    [malformed] = [r for r in done.records if isinstance(r, MalformedRecord)]
    assert "/timelines/tag/" in malformed.where


def test_a_slow_answer_is_given_up_in_time(ask: Ask, server: Sandbox) -> None:
    server.faults.append(Fault("slow", match="/timelines/", times=1, seconds=30))
    done = ask(collect="timeout_seconds = 1\nthreads = false\nreposters = false\nhistory_days = 0")
    assert done.code == 0
    assert done.verdict["scrapy"]["passerelle/again/timeout"] == 1


def test_a_killed_run_is_taken_up_where_it_was_cut(ask: Ask, server: Sandbox, tmp_path: Path) -> None:
    whole = ask("whole", collect=NO_HISTORIES)
    num_whole = len(server.log)
    server.log.clear()
    campaign = tmp_path / "campaign.toml"
    command = [sys.executable, "-m", "spiders.crawl", "--campaign", str(campaign), "--lake", str(tmp_path / "killed")]
    command += ["--clock", server.now.strftime("%Y-%m-%dT%H:%M:%SZ"), "-s", KEEP]
    server.faults.append(Fault("slow", times=1, after=25, seconds=60))
    process = subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, "PASSERELLE_KEY": "ab" * 32})
    deadline = time.monotonic() + 60
    while len(server.log) < 26 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    [cut] = (tmp_path / "killed" / "vault").iterdir()
    before = cut.read_bytes()
    assert list((tmp_path / "killed").glob("staging/*/manifest.json")) == []
    server.faults.clear()
    done = ask("killed", collect=NO_HISTORIES)
    assert done.code == 0
    assert done.verdict["run_id"] == cut.name.removesuffix(".warc.gz")
    assert cut.read_bytes() == before
    assert len(server.log) <= num_whole + 2
    assert (posts(done), reposts(done)) == (posts(whole), reposts(whole))
    again = crawl(campaign, tmp_path / "replayed", "--replay", str(cut.parent), settings=(KEEP,))
    assert (again.code, posts(again)) == (0, posts(whole))


def test_a_host_that_does_not_answer_is_one_line_and_the_next_run_works(tmp_path: Path) -> None:
    done = crawl(campaign_file(tmp_path, "127.0.0.1:9", "i4emploi"), tmp_path / "lake", settings=(*QUICK, KEEP))
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "127.0.0.1:9 does not answer" in done.err
    assert list((tmp_path / "lake").glob("staging/*/manifest.json")) == []


def test_a_login_wall_names_the_variable_and_the_token_never_shows(
    ask: Ask, server: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults.append(Fault("unauthorised", match="/timelines/", times=9))
    bare = ask("bare")
    assert bare.code == 2
    assert "MASTODON_TOKEN" in bare.err
    monkeypatch.setenv("VILLE_TOKEN", "canary-7f3a")
    held = ask("held", source='token_variable = "VILLE_TOKEN"')
    assert held.code == 2
    assert "VILLE_TOKEN" in held.err
    kept = b"".join(path.read_bytes() for path in held.lake.rglob("*") if path.is_file())
    unpacked = subprocess.run(["gzip", "-dc", *held.lake.glob("vault/*.gz")], capture_output=True, check=True).stdout
    assert b"canary" not in kept + unpacked + held.err.encode()
    monkeypatch.delenv("VILLE_TOKEN")
    assert "VILLE_TOKEN" in ask("empty", source='token_variable = "VILLE_TOKEN"').err


def test_records_that_cannot_be_landed_stop_the_crawl_at_once(ask: Ask, server: Sandbox) -> None:
    done = ask(settings=('ITEM_PIPELINES={"tests.spiders.full_disk.FullDisk": 1}',))
    assert done.code == 1
    assert done.verdict["outcome"] == "failed"
    assert counted(server, "/accounts/") < 3


def test_a_cut_archive_stages_nothing_and_names_file_and_record(ask: Ask, tmp_path: Path) -> None:
    done = ask(collect=NO_HISTORIES)
    [archive] = (done.lake / "vault").iterdir()
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size * 2 // 3])
    again = crawl(tmp_path / "campaign.toml", tmp_path / "replayed", "--replay", str(archive.parent))
    assert again.code == 2
    assert re.search(rf"{archive.name}: the archive is cut or damaged at record \d+", again.err)
    assert len(again.err.splitlines()) == 1
    assert not (tmp_path / "replayed" / "staging").exists()


def test_a_replay_with_other_settings_fails_instead_of_making_up(ask: Ask, server: Sandbox, tmp_path: Path) -> None:
    done = ask(collect="history_days = 0")
    for collect, what in (
        ("history_days = 84", "does not hold"),
        ("history_days = 0\nreposters = false", "not asked for"),
    ):
        campaign = campaign_file(tmp_path, server.address, HASHTAG, collect=collect)
        again = crawl(campaign, tmp_path / "replayed", "--replay", str(done.lake / "vault"))
        assert again.code == 1
        assert what in again.err
        shutil.rmtree(tmp_path / "replayed")


def test_an_empty_vault_is_told(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    done = crawl(campaign_file(tmp_path, "ville.test", "x1"), tmp_path / "lake", "--replay", str(tmp_path / "vault"))
    assert done.code == 2
    assert "no recorded run" in done.err


def _self_signed(folder: Path) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(began).not_valid_after(began + timedelta(days=9))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    path = folder / "self-signed.pem"
    path.write_bytes(secret + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return path


def _asked(url: str, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.spiders.asking.asking_tls", url, str(folder)]
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=180, check=True
    ).stdout.strip()


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert _asked(f"https://localhost:{server.server_address[1]}/x", tmp_path / "vault") == "failed tls"
    finally:
        server.shutdown()
        server.server_close()


def test_scrapys_own_command_crawls_too(server: Sandbox, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, server.address, HASHTAG, collect="history_days = 0")
    command = [sys.executable, "-m", "scrapy", "crawl", "mastodon", "-s", KEEP]
    for word in (f"campaign={campaign}", f"lake={tmp_path / 'lake'}", f"source={server.address}"):
        command += ["-a", word]
    subprocess.run(command, cwd=REPOSITORY, capture_output=True, timeout=120, check=True)
    [stats] = (tmp_path / "lake" / "staging").glob("*/stats.json")
    assert json.loads(stats.read_text("utf-8"))["outcome"] == "complete"
    again = crawl(campaign, tmp_path / "replayed", "--replay", str(tmp_path / "lake" / "vault"))
    assert again.code == 0


def test_a_run_that_has_ended_is_not_collected_again_under_its_name(ask: Ask, tmp_path: Path) -> None:
    done = ask("lake", "--run", "20260101T000000Z-x", collect="history_days = 0")
    before = sorted(path.name for path in (done.lake / "vault").iterdir())
    again = ask("lake", "--run", "20260101T000000Z-x", collect="history_days = 0")
    assert again.code == 2
    assert "has ended" in again.err
    assert sorted(path.name for path in (done.lake / "vault").iterdir()) == before
