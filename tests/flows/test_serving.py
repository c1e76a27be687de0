"""`passerelle serve` shows the public edition to this machine, and nothing else to anybody."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli import run
from flows.serving import site
from passerelle.errors import UsageError
from passerelle.lake import Lake
from tests.flows.campaigns import CAMPAIGN
from tests.spiders.forked import hears_ctrl_c


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with one issue in two languages, a draft, a restricted edition, and a way out of the tree."""
    lake = Lake(tmp_path / "data" / "essai")
    release = lake.release("2026-W12") / "r1"
    for place in (
        release / "fr",
        release / "en",
        release / "data",
        release.with_name("draft"),
        lake.restricted_of(release),
    ):
        place.mkdir(parents=True)
        (place / "index.html").write_text(f"page of {place.name}")
    (release / "data" / "cells.csv").write_text("people\n5\n")
    (release / "way-out").symlink_to(lake.restricted)
    (lake.restricted_of(release) / "people.csv").write_text("lea\n")
    lake.point_latest(release)
    (lake.notice / "fr").mkdir(parents=True)
    (lake.notice / "fr" / "notice.html").write_text("the notice")
    return lake


@pytest.fixture
def port(lake: Lake) -> Iterator[int]:
    with site(lake, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def asked(port: int, path: str, host: str | None = None, method: str = "GET") -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host=host is not None)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), dict(answer.getheaders())


def test_it_leads_to_the_latest_issue(port: int) -> None:
    status, _, headers = asked(port, "/")
    assert (status, headers["Location"]) == (302, "/latest/fr/")
    assert asked(port, "/latest/fr/")[:2] == (200, "page of fr")
    assert asked(port, "/2026/W12/r1/en/index.html")[1] == "page of en"
    assert asked(port, "/latest/data/cells.csv")[:2] == (200, "people\n5\n")
    assert asked(port, "/notice/fr/notice.html")[:2] == (200, "the notice")
    assert "default-src 'self'" in asked(port, "/latest/fr/")[2]["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/latest/",
        "/latest/data",
        "/2026/",
        "/2026/W12/draft/index.html",
        "/latest/../draft/index.html",
        "/latest/%2e%2e/draft/index.html",
        "/latest/way-out/2026/W12/r1/people.csv",
        "/../restricted/2026/W12/r1/people.csv",
        "/latest/../../../restricted/2026/W12/r1/people.csv",
        "/latest/%2e%2e/%2e%2e/%2e%2e/restricted/2026/W12/r1/people.csv",
        "/latest/..%2f..%2f..%2frestricted/2026/W12/r1/people.csv",
        "//etc/passwd",
        "/latest/%00",
        "/latest/fr/nothing.html",
    ],
)
def test_nothing_else_is_shown(port: int, path: str) -> None:
    status, text, _ = asked(port, path)
    assert status in (301, 404)
    assert "lea" not in text
    assert "draft" not in text


def test_a_page_elsewhere_whose_name_leads_here_is_refused(port: int) -> None:
    assert asked(port, "/latest/fr/", host="rebound.example")[0] == 421
    assert asked(port, "/latest/fr/", host=f"localhost:{port}")[0] == 200
    assert asked(port, "/latest/fr/", method="POST")[0] == 501


def test_without_a_release_or_a_port_there_is_a_line_to_act_on(lake: Lake, tmp_path: Path, port: int) -> None:
    with pytest.raises(UsageError, match=f"port {port} cannot be used"):
        site(lake, port)
    with pytest.raises(UsageError, match="nothing was published yet"):
        site(Lake(tmp_path / "other"), 0)


@pytest.mark.slow
def test_the_command_says_where_and_ends_when_told(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text(CAMPAIGN)
    words = [sys.executable, "-m", "flows.cli", "serve", "--port", "0", "--json"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c
    ) as server:
        assert server.stdout is not None
        told = json.loads("".join(iter(server.stdout.readline, "}\n")) + "}")
        assert asked(int(told["url"].rsplit(":")[-1].strip("/")), "/latest/en/")[0] == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0


def test_no_release_is_a_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "campaign.toml").write_text(CAMPAIGN)
    monkeypatch.chdir(tmp_path)
    assert run(["serve"]) == 2
    assert run(["query", "--public", "SELECT 1"]) == 2
