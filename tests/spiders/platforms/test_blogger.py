"""Blogger: what its feeds mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import AccountRecord, CoverageRecord, DeletionRecord, PostRecord
from spiders.collecting.state import CrawlState, Followed
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import packs, replaying

BLOG = "carnet-reseaux.example"
NUMBER = "tag:blogger.com,1999:blog-1000000000000000001.post-"
GONE = "2000000000000000099"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("blogger"), tmp_path_factory.mktemp("blog"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {record.post.rpartition("-")[2]: record for record in done.records if isinstance(record, PostRecord)}


def test_posts_come_with_their_title_their_labels_and_their_time(posts: dict[str, PostRecord]) -> None:
    post = posts["101"]
    assert post.text == "<p>L&#x27;appel de Maud &amp; Cie</p><p>Maud cherche un atelier à Lyon.</p>"
    assert (post.hashtags, post.author, post.replies) == (
        ("Entraide", "Lyon"),
        "blogger:profile/07000000000000000001",
        5,
    )
    assert post.created_at == datetime(2026, 11, 2, 7, tzinfo=UTC)
    assert post.edited_at == datetime(2026, 11, 3, 7, tzinfo=UTC)
    assert posts["102"].edited_at is None


def test_comments_answer_what_their_link_names_else_the_post(posts: dict[str, PostRecord]) -> None:
    ends = {number: (post.reply_to or "").rpartition("-")[2] for number, post in posts.items() if post.root}
    assert ends == {"201": "101", "202": "201", "203": "101", "205": "204", "301": "150"}
    assert posts["202"].reply_to_author == posts["201"].author
    assert posts["150"].author == "blogger:plus/107000000000000000003", "asked for: nobody had shown it"
    assert posts["202"].text == "Merci Noé !", "the title of a comment is how it begins"


def test_comments_of_other_posts_are_ours_where_they_hold_the_hashtag(posts: dict[str, PostRecord]) -> None:
    assert posts["301"].hashtags == ("Entraide",)
    assert "302" not in posts
    assert posts["205"].hashtags == ("ailleurs",), "the label is the post's"


def test_a_guest_is_a_name_on_one_blog_and_nobody_is_nobody_twice(done: Crawled, posts: dict[str, PostRecord]) -> None:
    people = {number: post.author for number, post in posts.items()}
    assert (people["203"], people["301"]) == ("blogger:carnet.test/guest/203", "blogger:carnet.test/guest/301")
    assert people["205"] == "blogger:carnet.test/guest/zoé", "who signs with an address is its bearer on this blog"
    accounts = {record.account: record.handle for record in done.records if isinstance(record, AccountRecord)}
    assert accounts["blogger:profile/07000000000000000001"] == "blogger:@Maud"
    assert people["203"] not in accounts


def test_what_was_removed_is_a_deletion_and_no_speech(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert "204" not in posts
    assert {record.post.rpartition("-")[2] for record in done.records if isinstance(record, DeletionRecord)} == {"204"}
    told = {one.subject: one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "thread"}
    thread = told[posts["101"].post]
    assert (thread.got, thread.expected, thread.complete) == (5, 5, True)


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack: a profile by its number, a guest by the comment."""
    if told["author"] is None:
        return f"blogger:{BLOG}/guest/{told['post'].rpartition('-')[2]}"
    return f"blogger:profile/{told['author'].rpartition('/')[2]}"


PACK = packs.Pack(
    "blogger", BLOG, "2026-11-22T06:00:00Z", account=our_name, post=lambda name: NUMBER + name if name == GONE else name
)
EXCEPTIONS = {
    "coverage timeline i4emploi got": "one row a hashtag: three posts of the label, and a comment of the blog",
    "coverage timeline i4emploi expected": "the label's count is not that of the comments, and the row is of both",
    "coverage timeline i4emploi complete": "the pack shows one comment of the blog, not the page after it",
    "coverage timeline i4emploi reason": "as above; of the two rows that the pack tells, the second is another run's",
}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    followed = Followed(NUMBER + GONE, "2026-11-12T06:00:00+00:00")
    state = CrawlState(shows_posts=True, followed={GONE: followed}, posts={GONE: NUMBER + GONE})
    state.post_times[GONE] = followed.created_at
    done = replaying.collect(PACK.recording(), tmp_path, state=state)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
