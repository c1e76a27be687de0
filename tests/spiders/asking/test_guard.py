"""What is refused whatever a name server, a server or a campaign file says."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from passerelle.errors import UsageError
from spiders.asking.guard import ForbiddenAddressError, hashtag_path, home_url, may_be_asked, public
from tests.spiders.crawling import campaign_file

INSIDE = ("10.1.2.3", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fd00::1", "fe80::1",
          "::ffff:10.0.0.1", "2002:a00:1::1", "64:ff9b::a00:1", "2001:0:a00:1::1", "ff02::1", "fe80::1%lo",
          "nonsense")  # fmt: skip
# a crawl whose names lead where the test says, answer after answer; nothing but this machine is ever connected to
CRAWL = """
import json, os, socket, sys
answers, asked, connected = json.loads(os.environ["ANSWERS"]), [], []
def address(name):
    asked.append(name)
    told = answers.get(name, ["127.0.0.1"])
    return told.pop(0) if len(told) > 1 else told[0]
socket.gethostbyname = address
socket.getaddrinfo = lambda host, port, *rest, **more: [
    (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address(host), int(port or 0)))]
import asyncio
from twisted.internet import asyncioreactor, error, defer
asyncioreactor.install()
from twisted.internet import reactor
def connect(host, port, *rest, **more):
    connected.append([host, port])
    raise OSError("not from here")
if os.environ.get("CUT"):
    reactor.connectTCP = connect
from spiders.crawl import main
try:
    main()
finally:
    print("CONNECTED", json.dumps(connected), file=sys.stderr)
"""


@pytest.mark.parametrize("address", INSIDE)
def test_a_public_name_may_not_lead_inside(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match=f"^ville.test leads to {address}, [a-z]"):
        public(address, "ville.test")


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_a_public_address_passes(address: str) -> None:
    assert public(address, "ville.test") == address


@pytest.mark.parametrize("url", ["https://ville.test/", "https://8.8.8.8/", "https://[2606:4700::1]/x"])
def test_a_public_server_may_be_asked_but_by_no_proxy(url: str) -> None:
    may_be_asked(url, None, is_here=False)
    with pytest.raises(ForbiddenAddressError, match=r"^no proxy is used \(proxy\.test\)$"):
        may_be_asked(url, "http://user:secret@proxy.test:3128", is_here=False)


@pytest.mark.parametrize(
    "url",
    ["http://localhost/", "http://127.0.0.1:9200/", "http://[::1]/", "https://127.1/", "https://2130706433/",
     "https://0x7f.1/", "https://10.0.0.8/", "https://[64:ff9b::a00:1]/", "https://[fe80::1%25eth0]/",
     "https://１２７.0.0.1/", "https://169.254.169.254/latest/meta-data/"],
)  # fmt: skip
def test_no_request_of_a_public_source_leaves_for_the_inside(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        may_be_asked(url, None, is_here=False)


def test_this_machine_is_asked_where_the_source_is_on_it() -> None:
    may_be_asked("http://127.0.0.1:8000/", None, is_here=True)
    with pytest.raises(UsageError, match="network"):
        home_url("localhost", "mastodon.social")


@pytest.fixture
def listener() -> Iterator[tuple[str, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield f"ville.example:{server.getsockname()[1]}", server


def crawl(
    folder: Path, host: str, answers: dict[str, list[str]], *words: str, kind: str = "mastodon", **env: str
) -> subprocess.CompletedProcess[str]:
    """A crawl in a process whose names lead to `answers`."""
    path = campaign_file(folder, host, "essai", kind=kind)
    command = [sys.executable, "-c", CRAWL, "--campaign", str(path), "--lake", str(folder / "lake"), *words]
    command += ["-s", "PASSERELLE_MAX_ATTEMPTS=1", "-s", "PASSERELLE_BACKOFF_SECONDS=0"]
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    env = {"PASSERELLE_KEY": "ab" * 32, "PASSERELLE_LANG": "en", "ANSWERS": json.dumps(answers), **env}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env={**clean, **env})


def was_asked(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("words", [(), ("--stream", "--for", "1")], ids=["asked", "heard"])
def test_a_name_that_leads_here_is_refused_by_name_before_anything_is_sent(
    tmp_path: Path, listener: tuple[str, socket.socket], words: tuple[str, ...]
) -> None:
    host, server = listener
    kind = "bluesky" if words else "mastodon"
    done = crawl(tmp_path, host, {}, *words, kind=kind)
    assert done.returncode not in (0, 4), (done.stdout, done.stderr)
    assert not was_asked(server)
    assert "leads to 127.0.0.1, this machine" in done.stderr
    told = crawl(tmp_path, host, {}, *words, kind=kind, PASSERELLE_LANG="fr").stderr
    assert "mène à 127.0.0.1, cette machine" in told


def test_the_address_that_was_checked_is_the_one_that_is_connected_to(tmp_path: Path) -> None:
    """A name server that says something else the second time (rebinding) is not asked a second time."""
    done = crawl(tmp_path, "ville.example", {"ville.example": ["93.184.216.34", "127.0.0.1"]}, CUT="1")
    connected = json.loads(done.stderr.rpartition("CONNECTED ")[2])
    assert connected == [["93.184.216.34", 443]], done.stderr


@pytest.mark.parametrize(
    "place", ["http://{0}.example/x", "http://2130706433:{0}/x", "http://127.1:{0}/x", "http://0x7f.1:{0}/x",
              "http://[::ffff:127.0.0.1]:{0}/x", "//ville.example:{0}/x", "http://169.254.169.254/latest/meta-data/"]
)  # fmt: skip
def test_a_redirect_leads_nowhere_inside(tmp_path: Path, listener: tuple[str, socket.socket], place: str) -> None:
    name, server = listener

    class Moved(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", place.format(name.rpartition(":")[2]))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Moved) as moved:
        Thread(target=moved.serve_forever, daemon=True).start()
        done = crawl(tmp_path, f"127.0.0.1:{moved.server_port}", {})
        moved.shutdown()
    assert done.returncode == 2, done.stderr
    assert "sends us to" in done.stderr or "refuse" in done.stderr or "answer" in done.stderr
    assert not was_asked(server)


@pytest.mark.parametrize("word", ["https_proxy", "HTTPS_PROXY", "all_proxy", "http_proxy"])
def test_the_proxies_of_the_environment_are_not_used_and_it_is_said(
    tmp_path: Path, listener: tuple[str, socket.socket], word: str
) -> None:
    _, proxy = listener
    env = {word: f"http://127.0.0.1:{proxy.getsockname()[1]}"}
    done = crawl(tmp_path, "ville.example", {"ville.example": ["10.0.0.8"]}, **env)
    assert not was_asked(proxy)
    assert "ville.example: asked without the proxy that the environment names" in done.stderr
    assert "ville.example leads to 10.0.0.8, a private address" in done.stderr


def test_a_proxy_that_a_setting_brings_back_is_refused_by_name(
    tmp_path: Path, listener: tuple[str, socket.socket]
) -> None:
    _, proxy = listener
    env = {"https_proxy": f"http://127.0.0.1:{proxy.getsockname()[1]}"}
    done = crawl(tmp_path, "ville.example", {"ville.example": ["10.0.0.8"]}, "-s", "HTTPPROXY_ENABLED=True", **env)
    assert not was_asked(proxy)
    assert "no proxy is used (127.0.0.1)" in done.stderr


@pytest.mark.parametrize("tag", ["x" * 300, "../../admin", "a/b", "a?b", "a b", "", "a\x00b", "a%2e"])
def test_what_is_no_hashtag_is_refused(tag: str) -> None:
    with pytest.raises(UsageError, match="no hashtag"):
        hashtag_path(tag)


def test_a_hashtag_in_any_script_is_quoted() -> None:
    assert hashtag_path("Emploi_été") == "Emploi_%C3%A9t%C3%A9"
