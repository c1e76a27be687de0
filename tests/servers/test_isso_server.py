"""The spider against a static blog with a real Isso, where they lie beside the repository: exact addresses."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from passerelle.hashtags import fold_hashtag
from passerelle.records import CoverageRecord, DeletionRecord, PostRecord, Record
from tests.servers.shared import HOME, started
from tests.servers.test_peers import CASES, POSTS
from tests.spiders.crawling import KEEP, Crawled, campaign_file, crawl

pytestmark = [
    pytest.mark.servers,
    pytest.mark.slow,
    pytest.mark.skipif(not HOME.is_dir(), reason="the servers are not beside the repository"),
]
TAG = "i4emploi"
CLOCK = "2026-01-07T08:00:00Z"


@dataclass(frozen=True)
class IssoBlog:
    """A running blog, its comment server, and what they gave to the corpus."""

    host: str
    comments: str
    truth: dict[str, Any]

    def uri(self, key: str) -> str:
        """The address of a post or a comment of the corpus."""
        number = self.truth["comments"].get(key)
        page = f"http://{self.host}{self.truth['posts'][root_of(key)]}"
        return page if number is None else f"{page}#isso-{number}"


@pytest.fixture(scope="module")
def blog() -> Iterator[IssoBlog]:
    with started("isso", ("PORT", "BLOG_PORT")) as (ports, truth):
        yield IssoBlog(f"127.0.0.1:{ports['BLOG_PORT']}", f"http://127.0.0.1:{ports['PORT']}", truth)


@pytest.fixture(scope="module")
def done(blog: IssoBlog, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("isso")
    return crawl(campaign_file(folder, blog.host, TAG, kind="isso"), folder / "lake", "--clock", CLOCK)


def root_of(key: str) -> str:
    while parent := POSTS[key]["parent"]:
        key = parent
    return key


def level_above(key: str) -> str:
    """What Isso says that a comment answers: it keeps one level of answers."""
    parent = POSTS[key]["parent"]
    return parent if not POSTS[parent]["parent"] else top_of(parent)


def top_of(key: str) -> str:
    while POSTS[POSTS[key]["parent"]]["parent"]:
        key = POSTS[key]["parent"]
    return key


def carries(key: str) -> bool:
    return TAG in {fold_hashtag(tag) for tag in re.findall(r"(?<![\w/])#(\w+)", POSTS[key]["text"])}


def posts(records: list[Record]) -> dict[str, PostRecord]:
    return {record.post: record for record in records if isinstance(record, PostRecord)}


def wanted(blog: IssoBlog) -> set[str]:
    """The posts of the corpus under the hashtag, and all below them."""
    named = {*blog.truth["posts"], *blog.truth["comments"]}
    return {key for key in named if root_of(key) != CASES["deleted"] and carries(root_of(key))}


def test_tagged_posts_and_their_threads_come_under_their_exact_addresses(blog: IssoBlog, done: Crawled) -> None:
    assert done.code == 0, done.err
    assert set(posts(done.records)) == {blog.uri(key) for key in wanted(blog)}
    assert len(wanted(blog)) > 90


def test_who_wrote_and_what_they_answer_is_what_was_put_in(blog: IssoBlog, done: Crawled) -> None:
    found, names = posts(done.records), {user["key"]: user["name"] for user in CORPUS["users"]}
    for key in wanted(blog):
        post, above = found[blog.uri(key)], POSTS[key]["parent"] and level_above(key)
        assert post.author == f"isso:{blog.host}/guest/{'%20'.join(names[POSTS[key]['author']].casefold().split())}"
        assert post.reply_to == (blog.uri(above) if above else None)
        assert post.root == (blog.uri(root_of(key)) if above else None)


def test_every_thread_is_whole_and_the_feed_shows_what_it_shows(done: Crawled) -> None:
    told = {(one.scope, one.reason) for one in done.records if isinstance(one, CoverageRecord)}
    assert told == {
        ("timeline", "newest_only"),
        ("thread", None),
        ("engagement", "not_offered"),
        ("history", "not_offered"),
    }
    whole = [one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "thread"]
    assert all(one.got == one.expected for one in whole)


def test_a_second_run_finds_what_is_new_and_what_is_gone(blog: IssoBlog, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, blog.host, TAG, kind="isso", collect="recheck_hours = [24, 72, 120]")
    first = crawl(campaign, tmp_path / "lake", "--clock", CLOCK, settings=())
    assert first.code == 0, first.err
    page = blog.truth["posts"]["p000"]
    number, _ = written(f"{blog.comments}/new?uri={page}", {"text": "Encore une piste à Lyon", "author": "Zoé"})
    gone, token = written(f"{blog.comments}/new?uri={page}", {"text": "à retirer", "author": "Zoé"})
    second = crawl(campaign, tmp_path / "lake", "--clock", "2026-01-08T20:00:00Z", settings=())
    assert second.code == 0, second.err
    request = urllib.request.Request(f"{blog.comments}/id/{gone}", method="DELETE", headers={"Cookie": token})  # noqa: S310
    urllib.request.urlopen(request, timeout=20).close()  # noqa: S310
    third = crawl(campaign, tmp_path / "lake", "--clock", "2026-01-12T20:00:00Z", settings=(KEEP,))
    assert third.code == 0, third.err
    address = f"http://{blog.host}{page}#isso-"
    assert f"{address}{number}" in posts(third.records)
    assert [one.post for one in third.records if isinstance(one, DeletionRecord)] == [f"{address}{gone}"]


def written(url: str, comment: dict[str, str]) -> tuple[int, str]:
    """Comment, and be told its number and the cookie that lets one take it back."""
    body = json.dumps({**comment, "parent": None}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return json.load(answer)["id"], answer.headers["Set-Cookie"].partition(";")[0]


CORPUS = json.loads((Path(__file__).parent / "corpus.json").read_text("utf-8"))
