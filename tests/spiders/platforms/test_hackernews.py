"""Hacker News: what its index means, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import AccountRecord, CoverageRecord, DeletionRecord, PostRecord
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.platforms import packs, replaying

SITE = "https://news.ycombinator.com/item?id="
FEED = "hacker-news.firebaseio.com/v0/item/"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("hackernews"), tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {number(record.post): record for record in done.records if isinstance(record, PostRecord)}


def number(uri: str) -> str:
    """What names it on the site."""
    assert uri.startswith(SITE)
    return uri.removeprefix(SITE)


def coverage(done: Crawled, scope: str) -> dict[str, tuple[int, int | None, str | None]]:
    told = (one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope)
    return {one.subject.removeprefix(SITE): (one.got, one.expected, one.reason) for one in told}


def test_a_word_of_its_own_counts_whole_and_in_any_case(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert posts["1001"].hashtags == posts["900"].hashtags == ("Entraide",)
    assert posts["1005"].hashtags == ("entraide",)
    assert not {"1100", "2003"} & posts.keys(), "a look-alike, and a word in an address"
    assert coverage(done, "timeline") == {"Entraide": (5, None, "search")}, "the border second belongs to both slices"
    assert done.verdict["counts"]["not_our_hashtag"] == 2


def test_replies_of_deleted_comments_come_from_the_flat_list(done: Crawled, posts: dict[str, PostRecord]) -> None:
    ends = {name: number(post.reply_to) for name, post in posts.items() if post.reply_to}
    assert ends == {"1002": "1001", "1006": "1002", "1004": "1003", "1005": "1004", "2002": "2000", "2005": "2004"} | {
        "2006": "2000"
    }
    assert sorted(number(one.post) for one in done.records if isinstance(one, DeletionRecord)) == ["1003", "2004"]
    assert coverage(done, "thread") == {"1001": (5, 5, None), "2002": (2, None, None)}
    assert posts["1005"].root == posts["1001"].post
    assert posts["1006"].reply_to_author == posts["1002"].author


def test_names_are_told_apart_by_case_and_points_are_of_stories(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert (posts["1002"].author, posts["1005"].author) == ("hackernews:noe_ex", "hackernews:Noe_ex")
    assert (posts["1001"].favourites, posts["1001"].replies, posts["1002"].favourites) == (12, 4, None)
    assert posts["1001"].text == "<p>Ask HN: Entraide in France?</p>Has anyone used &#x2F; studied it?"
    accounts = {one.account for one in done.records if isinstance(one, AccountRecord)}
    assert {"hackernews:noe_ex", "hackernews:Noe_ex"} <= accounts


def test_a_second_look_is_of_the_sites_own_feed(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("hackernews")
    for key in [key for key in recording.exchanges if "query=Entraide" in key]:
        recording.exchanges[key] = [(200, {}, {"hits": [], "nbHits": 0, "nbPages": 0, "hitsPerPage": 1000})]
    told: dict[str, Any] = {
        "900": None,
        "1002": {"deleted": True, "id": 1002, "time": 1789373400, "type": "comment"},
        "1006": {"by": "maud_ex", "dead": True, "id": 1006, "time": 1789374000, "type": "comment", "text": "[flagged]"},
        "1004": {"by": "lin_ex", "id": 1004, "parent": 1003, "time": 1789374800, "type": "comment", "text": "Changed"},
    }
    for name, body in told.items():
        recording.exchanges[f"{FEED}{name}.json?"] = [(200, {}, body)]
    again, asked = replaying.again(done, recording, tmp_path, "2026-11-22T06:00:00Z")
    gone = {number(one.post) for one in again.records if isinstance(one, DeletionRecord)}
    assert gone == {"900", "1002"}, "what the feed does not answer for (404) is no deletion"
    seen = {number(one.post): one for one in again.records if isinstance(one, PostRecord)}
    assert (seen["1004"].text, number(seen["1004"].reply_to or "")) == ("Changed", "1003")
    assert "1006" not in seen, "killed: nobody's speech"
    assert sum("items/" in key or "story_" in key for key in asked) == 0


def test_the_site_itself_is_no_source(tmp_path: Path) -> None:
    path = campaign_file(tmp_path, "news.ycombinator.com", "Entraide", kind="hackernews")
    with replaying.read("hackernews").serve() as server:
        refused = crawl(path, tmp_path / "lake", "--connect", server.address)
    assert (refused.code, "hn.algolia.com" in refused.err) == (2, True)


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack."""
    return f"hackernews:{told['author']}"


PACK = packs.Pack(
    "hackernews", "hn.algolia.com", "2026-11-22T06:00:00Z", account=our_name, post=lambda name: SITE + name
)
EXCEPTIONS = {
    "language_note": "for people",
    "posts 48000001 root": "a root answers nothing, and names no root",
    "posts 48000001 text": "the title is part of what is said, and of the two texts that come the search's has a link",
    "posts 48000001 points": "kept as favourites",
    "coverage timeline i4emploi complete": "search: an index proves nothing about what it does not show",
    "coverage timeline i4emploi expected": "a search does not say how much there is under the word",
    "coverage thread 48000001 got": "four that live, and the deleted one",
    "coverage thread 48000001 expected": "four that live, and the deleted one",
}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    recording = PACK.recording()
    for key in [key for key in recording.exchanges if "query=" in key]:  # ours stops at a time, and asks for none
        name = re.sub(r"numericFilters=[^&]*&?", "", key)
        recording.exchanges.setdefault(name, []).extend(recording.exchanges.pop(key))
    done = replaying.collect(recording, tmp_path)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
    stories = [one for one in done.records if isinstance(one, PostRecord) and one.favourites is not None]
    assert {(number(one.post), one.favourites) for one in stories} == {("48000001", 12)}
