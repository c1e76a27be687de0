"""WordPress: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerelle.records import AccountRecord, CoverageRecord, PostRecord
from tests.conftest import SHARED_DATA
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import replaying

PACK = SHARED_DATA.parent / "platforms" / "wordpress"
APPEL = "https://carnet.test/2026/appel/"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("wordpress"), tmp_path_factory.mktemp("blog"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {record.post: record for record in done.records if isinstance(record, PostRecord)}


def test_posts_come_with_their_title_their_tag_and_the_time_of_greenwich(posts: dict[str, PostRecord]) -> None:
    post = posts[APPEL]
    assert post.text == "<p>L&rsquo;appel de Maud</p><p>Maud cherche un atelier à Lyon.</p>"
    assert (post.hashtags, post.author) == (("Entraide",), "wordpress:carnet.test/1")
    assert post.created_at == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert post.edited_at == datetime(2026, 10, 6, 8, tzinfo=UTC)
    assert posts["https://carnet.test/2026/suite/"].hashtags == ("Entraide", "merci")


def test_a_protected_post_is_none_of_the_public(posts: dict[str, PostRecord]) -> None:
    assert posts["https://carnet.test/2026/ferme/"].visibility == "protected"


def test_comments_answer_each_other_or_the_post(posts: dict[str, PostRecord]) -> None:
    shown = {post.post.partition("#comment-")[2]: post for post in posts.values() if "#comment-" in post.post}
    assert {number: post.reply_to for number, post in shown.items()} == {
        "21": APPEL,
        "22": f"{APPEL}#comment-21",
        "23": APPEL,
        "25": "wordpress:carnet.test/comments/24",  # in the trash
        "26": f"{APPEL}#comment-22",
        "31": "https://carnet.test/2026/divers/",
        "41": "https://carnet.test/2026/suite/",
    }
    assert shown["26"].reply_to_author == shown["22"].author == posts[APPEL].author
    assert {shown[number].root for number in ("21", "25", "26")} == {APPEL}


def test_a_guest_is_a_name_on_one_blog_and_nobody_is_nobody_twice(done: Crawled, posts: dict[str, PostRecord]) -> None:
    people = {post.post.partition("#comment-")[2]: post.author for post in posts.values()}
    assert people["21"] == people["25"] == "wordpress:carnet.test/guest/noé"
    assert people["23"] == "wordpress:carnet.test/guest/23"
    accounts = {record.account: record.handle for record in done.records if isinstance(record, AccountRecord)}
    assert accounts["wordpress:carnet.test/guest/noé"] == "wordpress:@Noé"
    assert accounts["wordpress:carnet.test/3"] == "wordpress:@Lise"


def test_look_alikes_and_comments_of_other_posts_are_left(posts: dict[str, PostRecord]) -> None:
    assert not any(post.endswith("#comment-32") for post in posts)
    assert sum(post.endswith("#comment-21") for post in posts) == 1


def test_what_is_held_back_is_neither_deleted_nor_a_login_wall(done: Crawled) -> None:
    told = {one.subject: one for one in done.records if isinstance(one, CoverageRecord) and one.scope == "thread"}
    assert (told[APPEL].got, told[APPEL].expected, told[APPEL].reason) == (5, 5, "missing_replies")
    assert told["https://carnet.test/2026/ferme/"].reason == "refused"
    assert told["https://carnet.test/2026/suite/"].complete
    assert done.verdict["counts"]["unresolved_parents"] == 1


@pytest.mark.skipif(not PACK.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    expected = json.loads((PACK / "expected.json").read_text("utf-8"))
    told = {"host": "carnet-emploi.example", "hashtag": expected["hashtag"], "clock": "2026-11-22T06:00:00Z"}
    done = replaying.collect(replaying.read("wordpress", PACK / "exchanges.jsonl", told), tmp_path)
    posts = {record.post: record for record in done.records if isinstance(record, PostRecord)}
    for wanted in expected["posts"]:
        post = posts[wanted["post"]]
        assert post.created_at.isoformat().replace("+00:00", "Z") == wanted["created_at"]
        assert post.visibility == wanted.get("visibility", "public")
        if wanted.get("reply_to"):
            assert post.reply_to == wanted["reply_to"]
        assert post.root == wanted.get("root", post.root)
        assert ("guest" in post.author) == wanted.get("guest", False)
    assert not {post for post in posts if post.rpartition("-")[2] in {refused["id"] for refused in expected["refused"]}}
