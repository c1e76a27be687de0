"""The spider against servers that nobody here wrote: what it brings back equals what was put in.

What a server does not serve is listed by name, so that a change on either side shows.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.records import CoverageRecord, EngagementRecord, PostRecord
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.forked import command_forked

KEY = "ab" * 32
pytestmark = [pytest.mark.servers, pytest.mark.slow]
HERE = Path(__file__).parent
CORPUS = json.loads((HERE / "corpus.json").read_text("utf-8"))
POSTS = {post["key"]: post for post in CORPUS["posts"]}
CASES = {post.get("case"): post["key"] for post in CORPUS["posts"]}
REPOSTS = {(repost["user"], repost["post"]) for repost in CORPUS["reposts"]}


@dataclass(frozen=True)
class Peer:
    """A running server and the ids that it gave to the corpus."""

    host: str
    truth: dict[str, Any]

    def key(self, uri: str | None) -> str | None:
        """The corpus key of the post that the server named by exactly this URI; the URI itself where there is none."""
        return next((key for key, named in self.truth["uris"].items() if named == uri), uri)


def _peer(name: str, host_name: str) -> Iterator[Peer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run_dir = Path(os.environ.get("RUN_DIR", Path(tempfile.gettempdir()) / "passerelle-peers"))
    env = {**os.environ, "PORT": str(port), "RUN_DIR": str(run_dir)}
    log = run_dir / f"{name}.start.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:  # no pipe: the server would keep it open
        done = subprocess.run(
            ["bash", HERE / name / "start.sh"], env=env, stdout=output, stderr=output, timeout=300, check=False
        )
    try:
        assert done.returncode == 0, log.read_text("utf-8")[-2000:]
        yield Peer(f"{host_name}:{port}", json.loads((run_dir / name / "truth.json").read_text("utf-8")))
    finally:
        subprocess.run(["bash", HERE / name / "stop.sh"], env=env, timeout=60, check=True)


@pytest.fixture(scope="module")
def snac2() -> Iterator[Peer]:
    yield from _peer("snac2", "localhost")


@pytest.fixture(scope="module")
def mock() -> Iterator[Peer]:
    yield from _peer("mastodon-mock", "127.0.0.1")


def name_of(identity: str) -> str:
    return identity.removeprefix("acct:").partition("@")[0]


def compare(peer: Peer, crawled: Crawled) -> tuple[set[str], list[str], set[tuple[str, str]], int]:
    """Posts that are missing, what is wrong in those that came, reposts that are missing, how many came too many."""
    records = crawled.records
    originals = [r for r in records if isinstance(r, PostRecord) and r.repost_of is None]
    boosts = [r for r in records if isinstance(r, PostRecord) and r.repost_of is not None]
    came = {str(peer.key(record.post)) for record in originals}
    authors = _authors(originals)
    wrong = sorted({f"{peer.key(r.post)}: {fault}" for r in originals for fault in faults(peer, r, authors)})
    reposts = {(name_of(r.account), str(peer.key(r.post))) for r in records if isinstance(r, EngagementRecord)}
    reposts |= {(name_of(r.author), str(peer.key(r.repost_of))) for r in boosts}
    return POSTS.keys() - came, wrong, REPOSTS - reposts, len(came - POSTS.keys()) + len(reposts - REPOSTS)


def _authors(records: list[PostRecord]) -> dict[str, str]:
    """The one identity of each author by name; all of them are of one server."""
    identities = {record.author for record in records}
    assert len({identity.partition("@")[2] for identity in identities}) == 1
    assert len({name_of(identity) for identity in identities}) == len(identities)
    return {name_of(identity): identity for identity in identities}


def faults(peer: Peer, record: PostRecord, authors: dict[str, str]) -> Iterator[str]:
    """Where a record differs from the corpus: URIs and identities to the letter."""
    key, uris = str(peer.key(record.post)), peer.truth["uris"]
    if key not in POSTS:
        yield f"no post of the corpus is {record.post}"
        return
    post = POSTS[key]
    parent, quotes = post["parent"], post.get("quotes")
    if record.author != authors.get(post["author"]):
        yield f"author {record.author}"
    if record.reply_to != (uris[parent] if parent else None):
        yield f"parent {record.reply_to}"
    if record.reply_to_author != (authors.get(POSTS[parent]["author"]) if parent else None):
        yield f"author of the parent {record.reply_to_author}"
    if record.quote_of != (uris[quotes] if quotes else None):
        yield f"quote {record.quote_of}"


def test_snac2_is_refused_by_its_robots_txt_unless_the_operator_agreed(snac2: Peer, tmp_path: Path) -> None:
    done = crawl(campaign_file(tmp_path, snac2.host, "i4emploi"), tmp_path / "lake")
    assert done.code == 2
    assert "robots.txt forbids" in done.err


def test_snac2_with_a_token_gives_all_posts_threads_and_reposts(snac2: Peer, tmp_path: Path) -> None:
    source = 'operator_agreed = true\ntoken_variable = "SNAC_TOKEN"'
    campaign = campaign_file(tmp_path, snac2.host, "i4emploi", source=source)
    token = snac2.truth["tokens"]["amelie"]
    done = crawl(campaign, tmp_path / "lake", env={"SNAC_TOKEN": token})
    # its lists of people's posts come whole and without links: nothing says that they are
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert "people's timelines not read to the end: 12" in done.err
    assert done.verdict["policy"] == "operator agreed despite robots.txt"
    assert done.verdict["counts"]["unresolved_parents"] == 0
    # it has no quotes: the quoted post is a link in the text. (It cannot delete: the deleted post is served.)
    assert compare(snac2, done) == (set(), [f"{CASES['quote']}: quote None"], set(), 0)
    # anonymous or not, a thread shows only what the reader's own timeline has: said, not hidden
    threads = [r for r in done.records if isinstance(r, CoverageRecord) and r.scope == "thread"]
    assert {r.reason for r in threads} == {None, "missing_replies"}


def test_snac2_anonymous_gives_posts_but_neither_contexts_nor_reposters(snac2: Peer, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, snac2.host, "i4emploi", source="operator_agreed = true")
    done = crawl(campaign, tmp_path / "lake")
    assert done.code == 0
    missing, wrong, lost, too_many = compare(snac2, done)
    assert (missing, wrong, too_many) == (set(), [f"{CASES['quote']}: quote None"], 0)
    assert 0 < len(lost) < len(REPOSTS)  # those that the tag timeline shows as wrappers do come
    reasons = {(r.scope, r.reason) for r in done.records if isinstance(r, CoverageRecord)}
    assert {("thread", "login"), ("engagement", "login"), ("timeline", None)} <= reasons
    assert "threads not read to the end" in done.err
    assert "(the server wants a token: token_variable)" in done.err


def test_mastodon_mock_gives_all_but_the_deleted_post_and_what_only_histories_show(mock: Peer, tmp_path: Path) -> None:
    done = crawl(campaign_file(tmp_path, mock.host, "i4emploi"), tmp_path / "lake")
    assert (done.code, done.err) == (0, "")
    missing, wrong, lost, too_many = compare(mock, done)
    # all its people are `indexable: false`, so that no history is asked for: neither hashtag nor thread shows these
    unshown = ("orphan_reply", "prefix_lookalike", "word_without_hash", "hash_in_url")
    assert missing == {CASES[case] for case in ("deleted", *unshown)}
    histories = [r for r in done.records if isinstance(r, CoverageRecord) and r.scope == "history"]
    assert {(r.complete, r.got, r.reason) for r in histories} == {(False, 0, "indexable")}
    assert wrong == []
    assert (lost, too_many) == (set(), 0)
    assert done.verdict["policy"] == "no robots.txt"


def test_mastodon_mock_is_crawled_again_for_what_is_new_only(mock: Peer, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, mock.host, "i4emploi", collect="first_days = 7")
    first = crawl(campaign, tmp_path / "lake", settings=())
    second = crawl(campaign, tmp_path / "lake", settings=())
    assert (first.code, second.code) == (0, 0)
    assert second.verdict["requests"] < first.verdict["requests"] / 3


def test_two_servers_of_one_conversation_are_collected_at_once(snac2: Peer, mock: Peer, tmp_path: Path) -> None:
    source = 'operator_agreed = true\ntoken_variable = "SNAC_TOKEN"'
    campaign = campaign_file(tmp_path, snac2.host, "i4emploi", source=source, collect='indexable = "history"')
    more = f'[[sources]]\nkind = "mastodon"\nhost = "{mock.host}"\n[collect]'
    campaign.write_text(campaign.read_text("utf-8").replace("[collect]", more), "utf-8")
    env = {**os.environ, "PASSERELLE_KEY": KEY, "PASSERELLE_LANG": "en", "SNAC_TOKEN": snac2.truth["tokens"]["amelie"]}
    words = ("-c", str(campaign), "--lake", str(tmp_path / "lakes"))
    done = command_forked(["collect", *words], env, timeout=600)
    assert done.returncode == 0, done.stderr
    lake, hide = Lake(tmp_path / "lakes" / "essai"), Pseudonyms(bytes.fromhex(KEY))
    there = {row["post_id"]: row["source"] for row in lake.read("posts").to_pylist()}
    for peer, lacking in ((snac2, set[str]()), (mock, {CASES["deleted"]})):
        ours = {key for key, uri in peer.truth["uris"].items() if there.get(hide.post(uri)) == peer.host}
        tagged = {key for key in POSTS if "#i4emploi" in POSTS[key]["text"].lower()}
        assert tagged - ours <= lacking | {CASES[case] for case in ("prefix_lookalike", "hash_in_url")}
    # the same name on two servers is two people, and no post of one stands under the other's name
    assert len(set(lake.read("posts")["author_id"].to_pylist())) == 2 * len(_people())
    assert {row["source"] for row in lake.read("runs").to_pylist()} == {snac2.host, mock.host}


def _people() -> set[str]:
    return {post["author"] for post in CORPUS["posts"]} | {repost["user"] for repost in CORPUS["reposts"]}
