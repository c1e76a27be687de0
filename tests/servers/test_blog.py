"""The spider against a real WordPress, where it lies beside the repository: what comes equals what was put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from passerelle.hashtags import fold_hashtag
from passerelle.records import CoverageRecord, PostRecord, Record
from tests.servers.shared import HOME, started
from tests.servers.test_peers import CASES, POSTS
from tests.spiders.crawling import Crawled, campaign_file, crawl

pytestmark = [
    pytest.mark.servers,
    pytest.mark.slow,
    pytest.mark.skipif(not HOME.is_dir(), reason="the servers are not beside the repository"),
]
TAG = "i4emploi"


@dataclass(frozen=True)
class Blog:
    """A running blog, and the numbers that it gave to the corpus."""

    host: str
    truth: dict[str, Any]

    def name(self, key: str) -> str:
        """What our records call a post or a comment."""
        return f"{self.host}/{'comments' if POSTS[key]['parent'] else 'posts'}/{self.truth['posts'][key]}"

    def key(self, where: str) -> str | None:
        """The corpus key of a record."""
        return next((key for key in POSTS if self.name(key) == where), where)


@pytest.fixture(scope="module")
def blog() -> Iterator[Blog]:
    with started("wordpress", ("PORT", "DB_PORT")) as (ports, truth):
        yield Blog(f"127.0.0.1:{ports['PORT']}", truth)


@pytest.fixture(scope="module")
def done(blog: Blog, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("blog")
    return crawl(campaign_file(folder, blog.host, TAG, kind="wordpress"), folder / "lake")


def root_of(key: str) -> str:
    while parent := POSTS[key]["parent"]:
        key = parent
    return key


def carries(key: str) -> bool:
    return TAG in {fold_hashtag(tag) for tag in re.findall(r"(?<![\w/])#(\w+)", POSTS[key]["text"])}


def parent_on(blog: Blog, parent: str) -> str:
    """The parent as it was put in: where a comment has the number of its post, the seeding took it for the post."""
    root, numbers = root_of(parent), blog.truth["posts"]
    return root if numbers[parent] == numbers[root] else parent


def posts(records: list[Record]) -> list[PostRecord]:
    return [record for record in records if isinstance(record, PostRecord)]


def test_tagged_posts_their_comments_and_comments_with_the_hashtag_come(blog: Blog, done: Crawled) -> None:
    assert done.code == 0, done.err
    gone = {blog.truth["trashed"], *(key for key in POSTS if root_of(key) == CASES["deleted"])}
    wanted = {key for key in POSTS if carries(key) or carries(root_of(key))} - gone
    assert {blog.key(post.where) for post in posts(done.records)} == wanted


def test_who_wrote_and_whom_they_answer_is_what_was_put_in(blog: Blog, done: Crawled) -> None:
    names = {key: post.post for post in posts(done.records) if (key := blog.key(post.where))}
    people = {user: f"wordpress:{blog.host}/{number}" for user, number in blog.truth["users"].items()}
    guests = {user: f"wordpress:{blog.host}/guest/{user}" for user in list(people)[2::3]}
    for post in posts(done.records):
        corpus = POSTS[str(blog.key(post.where))]
        author, parent = corpus["author"], corpus["parent"] and parent_on(blog, corpus["parent"])
        assert post.author == (guests.get(author, people[author]) if parent else people[author])
        if parent and carries(root_of(parent)):
            assert post.reply_to == (
                f"wordpress:{blog.name(parent)}" if parent == blog.truth["trashed"] else names[parent]
            )


def test_coverage_says_what_is_whole_and_what_is_held_back(blog: Blog, done: Crawled) -> None:
    told = {(one.scope, one.reason) for one in done.records if isinstance(one, CoverageRecord)}
    assert told == {
        ("timeline", None),
        ("thread", None),
        ("thread", "withheld"),
        ("engagement", "not_offered"),
        ("history", "not_offered"),
    }
    [held] = [one for one in done.records if isinstance(one, CoverageRecord) and one.reason == "withheld"]
    assert held.got == held.expected


def test_nothing_of_a_mail_address_is_kept(done: Crawled) -> None:
    assert "gravatar" not in repr(done.records)
    assert "@example.test" not in repr(done.records)


def test_a_second_run_brings_nothing_new(blog: Blog, tmp_path: Path) -> None:
    campaign = campaign_file(tmp_path, blog.host, TAG, kind="wordpress")
    for _ in range(2):
        done = crawl(campaign, tmp_path / "lake", settings=())
        assert done.code == 0, done.err
