"""Isso: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import CoverageRecord, DeletionRecord, MalformedRecord, PostRecord
from spiders.collecting.state import CrawlState, Followed
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import packs, replaying

APPEL = "https://carnet.test/2026/appel/"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("isso"), tmp_path_factory.mktemp("blog"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {record.post: record for record in done.records if isinstance(record, PostRecord)}


def threads(done: Crawled) -> dict[str, CoverageRecord]:
    return {one.subject: one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "thread"}


def test_the_whole_thread_comes_page_by_page_and_answers_what_it_answers(
    done: Crawled, posts: dict[str, PostRecord]
) -> None:
    ends = {one.rpartition("#isso-")[2]: post.reply_to for one, post in posts.items() if "#" in one}
    one, four = f"{APPEL}#isso-1", f"{APPEL}#isso-4"
    assert ends == {"1": APPEL, "2": one, "3": one, "5": four, "6": APPEL, "7": one}
    told = threads(done)[APPEL]
    assert (told.got, told.expected, told.complete) == (7, 7, True)
    assert [record.post for record in done.records if isinstance(record, DeletionRecord)] == [four]


def test_times_are_to_the_microsecond_and_votes_are_counted(posts: dict[str, PostRecord]) -> None:
    post = posts[f"{APPEL}#isso-1"]
    assert post.created_at == datetime(2026, 11, 3, 10, 13, 20, 250_000, tzinfo=UTC)
    assert post.edited_at == datetime(2026, 11, 3, 10, 15, tzinfo=UTC)
    assert post.favourites == 2


def test_a_commenter_is_a_name_and_never_what_isso_makes_of_an_address(
    done: Crawled, posts: dict[str, PostRecord]
) -> None:
    people = {one.rpartition("#isso-")[2]: post.author for one, post in posts.items()}
    assert people["1"] == people["3"] == "isso:carnet.test/guest/noé", "whatever the hash"
    assert people["2"] == "isso:carnet.test/guest/isso-2", "nobody"
    assert people["5"] == posts[APPEL].author == "isso:carnet.test/guest/maud%20lenoir"
    assert "cafe" not in repr(done.records)


def test_what_waits_for_approval_is_not_public(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert f"{APPEL}#isso-8" not in posts
    assert [one.reason for one in done.records if isinstance(one, MalformedRecord)] == [
        "comment that is not public yet"
    ]


def test_no_comments_no_isso_and_a_server_of_old_are_three_complete_threads(done: Crawled) -> None:
    told = threads(done)
    for path in ("suite", "ancien", "sans"):
        thread = told[f"https://carnet.test/2026/{path}/"]
        assert (thread.got, thread.complete) == (0, True)


BLOG = "billets.example"
PAGE, OLD = f"https://{BLOG}/2026/09/appel/", f"https://{BLOG}/2026/09/vieux/"


def our_post(name: str) -> str:
    """A post of the pack: an address, the path of one, or a comment by its number."""
    if name.isdigit():
        return f"{PAGE}#isso-{name}"
    return f"https://{BLOG}{name}" if name.startswith("/") else name


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack: a name on the blog, nobody by the comment."""
    author = told["author"]
    return f"isso:{BLOG}/guest/{author.casefold() if author else 'isso-' + told['post']}"


PACK = packs.Pack("isso", BLOG, "2026-09-09T06:00:00Z", account=our_name, post=our_post)
EXCEPTIONS = {"coverage thread vieux": "the pack shows the answer and no page that leads to it; as 'ancien' above"}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    state, at = CrawlState(shows_posts=True), datetime(2026, 9, 7, 6, tzinfo=UTC)
    state.followed[PAGE] = Followed(PAGE, at.isoformat())
    state.remember_post(PAGE, PAGE, at)
    done = replaying.collect(PACK.recording(), tmp_path, state=state)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
    assert "77cc88bb99aa" not in repr(done.records)
    assert threads(done)[PAGE].complete
