"""The spider against Bluesky's own servers (directory, personal server, index), where they lie beside the repository.

What was put in is `corpus.json`; the index's search is none of production's: it finds the letters as they are written.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from passerelle.records import CoverageRecord, PostRecord, Record
from tests.servers.shared import HOME, started
from tests.servers.test_peers import CASES, CORPUS, POSTS, REPOSTS
from tests.spiders.crawling import campaign_file, crawl
from tests.spiders.forked import command_forked
from tests.spiders.odd_server import Given, OddServer

PORTS = ("PLC_PORT", "PDS_PORT", "APPVIEW_PORT", "OZONE_PORT", "PG_PORT", "REDIS_PORT")
pytestmark = [
    pytest.mark.servers,
    pytest.mark.slow,
    pytest.mark.skipif(not HOME.is_dir(), reason="the network's servers are not beside the repository"),
]


@dataclass(frozen=True)
class Network:
    """A running network: the ports of its servers, and what it named people and posts."""

    ports: dict[str, int]
    people: dict[str, str]
    posts: dict[str, str]

    def key(self, uri: str | None) -> str | None:
        """The corpus key of a post; the URI itself where there is none."""
        return next((key for key, named in self.posts.items() if named == uri), uri)

    def person(self, identity: str | None) -> str | None:
        """The corpus key of a person."""
        return next((key for key, did in self.people.items() if f"bluesky:{did}" == identity), identity)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with started("atproto", PORTS) as (ports, truth):
        yield Network(ports, truth["users"], truth["posts"])


def faults(network: Network, records: list[Record]) -> list[str]:
    """Where posts differ from the corpus: authors, parents, quotes."""
    found = []
    for record in records:
        if not isinstance(record, PostRecord) or record.repost_of is not None:
            continue
        post = POSTS[str(network.key(record.post))]
        for name, wanted, have in (
            ("author", post["author"], network.person(record.author)),
            ("parent", post["parent"], network.key(record.reply_to)),
            ("quote", post.get("quotes"), network.key(record.quote_of)),
            ("tags", tags_of(post), {tag.lower() for tag in record.hashtags}),
        ):
            if wanted != have:
                found.append(f"{post['key']} {name}: {have}, not {wanted}")
    return sorted(set(found))


def tags_of(post: dict[str, Any]) -> set[str]:
    """The hashtags that the network's own client sees in a text."""
    return {tag.lower() for tag in re.findall(r"(?:^|\s)#([^\s#.,;:!?)]+)", post["text"])}


def reposts(network: Network, records: list[Record]) -> set[tuple[str | None, str | None]]:
    """Who reposted what, with a time."""
    acts = (one for one in records if isinstance(one, PostRecord) and one.repost_of)
    return {(network.person(one.author), network.key(one.repost_of)) for one in acts}


def shown(network: Network, records: list[Record]) -> set[str | None]:
    """The corpus keys of the posts that came."""
    return {network.key(one.post) for one in records if isinstance(one, PostRecord) and one.repost_of is None}


def test_the_index_gives_all_posts_threads_quotes_and_reposts(network: Network, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, f"localhost:{network.ports['APPVIEW_PORT']}", "i4emploi", kind="bluesky")
    done = crawl(campaign, tmp_path / "lake")
    assert (done.code, done.err) == (0, "")
    assert POSTS.keys() - shown(network, done.records) == {CASES["deleted"]}
    assert faults(network, done.records) == []
    gone = {(user, post) for user, post in REPOSTS if post == CASES["deleted"]}
    assert reposts(network, done.records) == REPOSTS - gone
    lists = {(one.scope, one.reason) for one in done.records if isinstance(one, CoverageRecord)}
    assert {("timeline", "search"), ("thread", None), ("history", None)} <= lists


def test_the_public_command_collects_and_cleans_it(network: Network, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, f"localhost:{network.ports['APPVIEW_PORT']}", "i4emploi", kind="bluesky")
    env = {**os.environ, "PASSERELLE_KEY": "ab" * 32, "LANG": "C"}
    words = ("--campaign", str(campaign), "--lake", str(tmp_path / "lake"))
    for command in ("collect", "clean"):
        done = command_forked([command, *words], env, timeout=600)
        assert done.returncode == 0, done.stderr
    again = command_forked(["collect", *words], env, timeout=600)
    assert (again.returncode, " 0 new posts" in again.stdout + again.stderr) == (0, True), again.stdout + again.stderr


def test_a_session_of_a_personal_server_reads_the_same_and_leaves_no_secret(network: Network, tmp_path: Path) -> None:
    host, user = f"localhost:{network.ports['PDS_PORT']}", CORPUS["users"][0]["key"]
    campaign = campaign_file(tmp_path, host, "i4emploi", kind="bluesky", source='token_variable = "BLUESKY_LOGIN"')
    anonymous = crawl(campaign_file(tmp_path, host, "i4emploi", kind="bluesky"), tmp_path / "none")
    assert (anonymous.code, "wants a token" in anonymous.err) == (2, True)
    campaign = campaign_file(tmp_path, host, "i4emploi", kind="bluesky", source='token_variable = "BLUESKY_LOGIN"')
    done = crawl(campaign, tmp_path / "lake", env={"BLUESKY_LOGIN": f"{user}.test:motdepasse-{user}"})
    assert (done.code, done.err) == (0, "")
    assert POSTS.keys() - shown(network, done.records) == {CASES["deleted"]}
    [file] = (tmp_path / "lake" / "vault").rglob("*.warc.gz")
    kept = gzip.decompress(file.read_bytes())
    assert not [secret for secret in (b"motdepasse", b"accessJwt", b"refreshJwt", b"eyJ") if secret in kept]


def test_times_of_reposts_come_from_the_servers_of_those_who_reposted(network: Network, tmp_path: Path) -> None:
    """The directory is asked by its public name; all names lead to this machine, as a recording's do."""

    def given(path: str, query: dict[str, str], base: str) -> Given:
        target, host = server.log[-1][1], server.log[-1][2]["Host"]
        name = {"plc.directory": "PLC_PORT", "pds.test": "PDS_PORT", "index.test": "APPVIEW_PORT"}[host]
        answer = httpx.get(f"http://localhost:{network.ports[name]}{target}", timeout=60)
        body = answer.content.replace(f"http://localhost:{network.ports['PDS_PORT']}".encode(), b"https://pds.test")
        return answer.status_code, {"Content-Type": answer.headers.get("content-type", "")}, body

    server = OddServer(given)
    campaign = campaign_file(tmp_path, "index.test", "i4emploi", kind="bluesky", collect="history_days = 0")
    with server:
        done = crawl(campaign, tmp_path / "lake", "--connect", server.address)
    assert (done.code, done.err) == (0, "")
    campaign_posts = shown(network, done.records)
    wanted = {(user, post) for user, post in REPOSTS if post in campaign_posts}
    assert reposts(network, done.records) == wanted
    assert len(wanted) > 30
    assert len(server.asked("/did:plc:")) <= len(CORPUS["users"])
