"""WordPress: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import AccountRecord, CoverageRecord, PostRecord
from spiders.collecting.state import CrawlState, Followed
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import packs, replaying

BLOG = "carnet-emploi.example"
OTHER = {"99": f"https://{BLOG}/2012/perdu/"}  # what the pack tells of by number only
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
    assert (told[APPEL].got, told[APPEL].expected, told[APPEL].reason) == (5, 5, "withheld")
    assert told["https://carnet.test/2026/ferme/"].reason == "refused"
    assert told["https://carnet.test/2026/suite/"].complete
    assert done.verdict["counts"]["unresolved_parents"] == 1


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack: an account by its number, a guest by the name, "Anonyme" by the comment."""
    author = told["author"]
    if not told.get("guest", False):
        return f"wordpress:{BLOG}/{author}"
    return f"wordpress:{BLOG}/guest/{told['id'] if author == 'Anonyme' else author.casefold()}"


PACK = packs.Pack("wordpress", BLOG, "2026-11-22T06:00:00Z", account=our_name, post=lambda name: OTHER.get(name, name))
EXCEPTIONS = {
    "posts 505 reply_to": "504 is held back, but it has a number: 505 stays an answer, siblings of it too",
    "posts reserve": "a protected post is none of the public: it comes with its title alone, and policy refuses it",
    "mentions_of_sites": "the API shows nobody a pingback; pages and feeds do, which are not asked",
    "never_stored": "see below",
    "accounts 1 handle": "people write @Éric, the name shown; the slug would cost a request and nobody writes it",
    "accounts 3 handle": "as of 1: the name shown, Josiane; a slug in a class of the page is no API's",
    "coverage timeline i4emploi got": "one row a hashtag: three posts of the tag and the comment that a search finds",
    "coverage timeline i4emploi expected": "the tag's count is not that of the search, and the row is of both",
    "coverage thread appel-de-sonia reason": "rate_limit: the server's; limit, here, is where we cut a list ourselves",
}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    followed = Followed(OTHER["99"], "2026-11-12T06:00:00+00:00")
    state = CrawlState(shows_posts=True, followed={"posts/99": followed}, posts={"posts/99": OTHER["99"]})
    state.post_times["posts/99"] = followed.created_at
    done = replaying.collect(PACK.recording(), tmp_path, state=state)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
    told = {(one.scope, one.subject): one.reason for one in done.records if isinstance(one, CoverageRecord)}
    assert told["thread", f"https://{BLOG}/2017/11/appel-de-sonia/"] == "rate_limit"
    posts = {packs.short(one.post): one for one in done.records if isinstance(one, PostRecord)}
    assert posts["505"].reply_to == f"wordpress:{BLOG}/comments/504"
    assert posts["reserve"].text == "<p>Protégé : suivi</p>"
    assert "gravatar" not in repr(done.records)
