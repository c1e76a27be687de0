"""Discourse: what its topics mean, on our recording and, where it is present, on the invented pack beside us."""

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

FORUM = "forum-entraide.example"
TOPICS = ("490", "491", "501", "502")


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack."""
    return f"discourse:{FORUM}/{told['author']}"


def our_post(name: str) -> str:
    """A topic, or a post."""
    return f"https://{FORUM}/{'t' if name in TOPICS else 'p'}/{name}"


PACK = packs.Pack("discourse", FORUM, "2026-11-22T06:00:00Z", account=our_name, post=our_post)
EXCEPTIONS = {
    "engagement yves favourite": "likes are counted on the post, nobody's are collected",
    "engagement anis favourite": "likes are counted on the post, nobody's are collected",
    "polls favourite": "likes are counted on the post, nobody's are collected",
    "deletions 9022 proven": "told by the absence of a deletion, below",
    "deletions 9022": "asked for and not given: no deletion is proven, as the pack says; the thread lacks it",
    "coverage timeline i4emploi complete": "one row a hashtag: the tag's list was read whole, a search proves nothing",
    "coverage timeline i4emploi expected": "the list does not say how many there are",
    "coverage thread 502 reason": "rate_limit: the server's; limit, here, is where we cut a list ourselves",
    "coverage timeline forum-ferme.example": "another run, which is refused all: it fails, with one line (below)",
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("discourse"), tmp_path_factory.mktemp("forum"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {packs.short(record.post): record for record in done.records if isinstance(record, PostRecord)}


def coverage(done: Crawled, scope: str) -> dict[str, tuple[int, int | None, str | None]]:
    told = (one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope)
    return {packs.short(one.subject): (one.got, one.expected, one.reason) for one in told}


def test_the_first_post_carries_title_and_tags_and_answers_do_not(posts: dict[str, PostRecord]) -> None:
    call = posts["201"]
    assert call.text.startswith("<p>L&#x27;appel de Maud &amp; Cie</p><p>Maud cherche")
    assert (call.hashtags, call.favourites, call.replies) == (("entraide", "lyon"), 3, 2)
    assert [one.account for one in call.mentions] == [posts["202"].author] == ["discourse:forum.test/noe"]
    assert call.edited_at == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert posts["202"].hashtags == ("ailleurs",)
    assert posts["202"].edited_at is None


def test_who_answers_whom_is_told_by_places_in_the_topic(posts: dict[str, PostRecord]) -> None:
    ends = {number: packs.short(post.reply_to or "") for number, post in posts.items() if post.reply_to}
    assert ends == {"202": "201", "206": "201", "208": "202", "401": "404", "403": "401", "404": "1", "501": "1"}
    assert posts["208"].reply_to_author == posts["202"].author
    assert packs.short(posts["206"].quote_of or "") == "202"
    assert (posts["206"].quote_of_author, posts["206"].hashtags) == (posts["202"].author, ())
    assert posts["206"].text == "<p>Moi aussi\xa0!</p>", "what it quotes is not what it says"


def test_what_is_deleted_hidden_or_said_by_the_forum_is_no_speech(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert not {"203", "204", "205", "207"} & posts.keys()
    assert [packs.short(one.post) for one in done.records if isinstance(one, DeletionRecord)] == ["204"]
    threads = coverage(done, "thread")
    assert threads["101"] == (7, 8, "missing_replies")
    assert threads["103"] == (0, 2, "refused")
    assert coverage(done, "history")["noe"] == (0, None, "gone"), "a hidden profile is no deletion"


def test_words_in_other_topics_are_found_look_alikes_left(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert "402" not in posts
    assert done.verdict["counts"]["not_our_hashtag"] == 1
    assert coverage(done, "timeline") == {"Entraide": (4, None, "search")}
    assert posts["401"].hashtags == ("Entraide",)
    assert posts["501"].left_out == ("text: cut short",)


def test_a_second_run_asks_for_what_is_new_and_a_rename_makes_nobody_else(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("discourse")
    [(status, headers, new)] = recording.exchanges.pop(next(key for key in recording.exchanges if "posts.json" in key))
    new["post_stream"]["posts"][-1] |= {"id": 209, "post_number": 9, "username": "maud2", "cooked": "<p>Voilà</p>"}
    new["post_stream"]["posts"] = new["post_stream"]["posts"][-1:]
    recording.exchanges["forum.test/t/101/posts.json?post_ids%5B%5D=207&post_ids%5B%5D=209"] = [(status, headers, new)]

    def later(key: str, body: Any) -> Any:
        if key.startswith("forum.test/tag/Entraide.json"):
            body["topic_list"]["topics"][0] |= {"highest_post_number": 9, "bumped_at": "2026-11-22T12:00:00.000Z"}
        if key.startswith("forum.test/t/101.json"):
            body["post_stream"]["stream"].append(209)
        return body

    again, asked = replaying.again(done, recording, tmp_path, "2026-11-23T06:00:00Z", change=later)
    assert [
        key.removeprefix("forum.test") for key in asked if key.startswith(("forum.test/t/", "forum.test/tag/"))
    ] == [
        "/tag/Entraide.json?",
        "/tag/entraide/60.json?",
        "/t/101.json?",
        "/t/101/posts.json?post_ids%5B%5D=207&post_ids%5B%5D=209",
    ]
    fresh = {packs.short(one.post): one for one in again.records if isinstance(one, PostRecord)}["209"]
    assert (fresh.author, packs.short(fresh.reply_to or "")) == ("discourse:forum.test/maud", "202")
    assert coverage(again, "thread")["101"] == (6, 7, "missing_replies"), "five shown first, two asked for"


def test_a_look_at_a_topic_is_one_at_its_first_posts_and_what_is_broken_costs_itself(tmp_path: Path) -> None:
    recording = replaying.read("discourse")
    recording.told["clock"] = "2026-11-11T06:00:00Z"
    done = replaying.collect(recording, tmp_path / "first")

    def later(key: str, body: Any) -> Any:
        if key.startswith("forum.test/tag/"):
            body["topic_list"]["topics"] = []
        if key.startswith("forum.test/t/101.json"):
            body["post_stream"]["posts"][1] |= {"cooked": "<p>Corrigé</p>", "version": 2}
            body["post_stream"]["posts"] += [None, {"id": 7, "post_number": 77}]
        return body

    again, asked = replaying.again(done, recording, tmp_path / "again", "2026-11-18T06:00:00Z", change=later)
    seen = {packs.short(one.post): one for one in again.records if isinstance(one, PostRecord)}
    assert seen["202"].text == "<p>Corrigé</p>"
    assert "208" in {packs.short(one.post) for one in again.records if isinstance(one, DeletionRecord)}
    assert not [key for key in asked if key.startswith(("forum.test/posts/201", "forum.test/posts/202"))]
    assert [one.reason for one in again.records if isinstance(one, MalformedRecord)] == [
        "not the fields that a post has",
        "not the fields that a post has",
    ]


def test_a_closed_forum_is_refused_in_one_line_and_an_unused_tag_is_none(tmp_path: Path) -> None:
    closed = {"errors": ["Vous devez être connecté pour faire cela."], "error_type": "not_logged_in"}
    recording = replaying.read("discourse")
    recording.exchanges["forum.test/tag/Entraide.json?"] = [(403, {}, closed)]
    assert replaying.collect(recording, tmp_path / "closed").code == 2
    recording = replaying.read("discourse")
    recording.exchanges = {
        "forum.test/tag/Entraide.json?": [(404, {}, {"errors": ["introuvable"], "error_type": "not_found"})]
    }
    unused = replaying.collect(recording, tmp_path / "unused")
    assert (unused.code, coverage(unused, "timeline")) == (4, {"Entraide": (0, None, "gone")}), "the search is refused"


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    recording = PACK.recording()
    for key in [key for key in recording.exchanges if "/search.json?" in key]:  # ours asks for the word: "#" is the tag
        recording.exchanges[key.replace("q=%23i4emploi", "q=i4emploi+order%3Alatest")] = recording.exchanges.pop(key)
    gone = {name: Followed(our_post(name), "2026-11-12T06:00:00+00:00") for name in ("490", "491")}
    state = CrawlState(shows_posts=True, followed=gone, posts={name: one.uri for name, one in gone.items()})
    state.post_times |= {name: one.created_at for name, one in gone.items()}
    done = replaying.collect(recording, tmp_path, state=state)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
    assert coverage(done, "thread")["502"] == (0, 1, "rate_limit")
    assert "9022" not in {packs.short(one.post) for one in done.records if isinstance(one, PostRecord)}
