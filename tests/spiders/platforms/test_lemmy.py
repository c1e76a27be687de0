"""Lemmy: what its two APIs mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from passerelle.records import CoverageRecord, DeletionRecord, PollRecord, PostRecord, Record
from spiders.asking.answers import Answer
from spiders.collecting.state import CrawlState, Followed
from spiders.platforms.lemmy.api import Lemmy
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.platforms import packs, replaying


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack."""
    place = urlsplit(told["author"])
    return f"acct:{packs.short(place.path)}@{place.netloc}"


def our_post(name: str) -> str:
    """A post of the pack, by its address or the server's own number."""
    return name if "://" in name else f"https://lemmy-fr.example/post/{name}"


PACK = packs.Pack("lemmy", "lemmy-fr.example", "2026-11-22T06:00:00Z", account=our_name, post=our_post)
EXCEPTIONS = {
    "deletions 999 proven": "followed before, and then not found: told, as on every platform",
    "coverage timeline i4emploi complete": "one row a hashtag, and the pack has no search of comments: refused there",
    "coverage timeline i4emploi expected": "a search does not say how much it has",
    "coverage timeline x": "another run, which meets a limit",
}
OLD = replaying.FOLDER / "lemmy-0.19.jsonl"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("lemmy"), tmp_path_factory.mktemp("new"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {packs.short(record.post): record for record in done.records if isinstance(record, PostRecord)}


def test_both_versions_come_to_the_same(done: Crawled, tmp_path: Path) -> None:
    old = replaying.collect(replaying.read("lemmy", OLD), tmp_path)
    assert {told(one) for one in old.records} == {told(one) for one in done.records}
    assert (old.code, old.verdict["counts"]) == (done.code, done.verdict["counts"])


def told(record: Record) -> str:
    """All that a record says but for the moment at which it came."""
    ended = {"ended_at": None} if isinstance(record, PollRecord) else {}
    span = {"covered_from": None, "covered_until": None} if isinstance(record, CoverageRecord) else {}
    return repr(replace(record, captured_at=datetime(2026, 1, 1, tzinfo=UTC), **ended, **span))


def test_posts_and_people_have_the_names_that_hold_everywhere(posts: dict[str, PostRecord]) -> None:
    call = posts["10"]
    assert (call.post, call.author) == ("https://lemmy.test/post/10", "acct:lise@lemmy.test")
    assert (posts["77"].post, posts["77"].author) == ("https://autre.test/post/77", "acct:mo@autre.test")
    assert [one.account for one in call.mentions] == ["acct:mo@autre.test"]
    assert (call.hashtags, call.language, call.replies) == (("Entraide",), "fr", 5)
    assert "<strong>Merci</strong> &lt;3" in call.text
    assert call.edited_at == datetime(2026, 11, 3, 7, tzinfo=UTC)


def test_answers_are_told_by_their_path_under_deleted_ones_too(done: Crawled, posts: dict[str, PostRecord]) -> None:
    ends = {number: packs.short(post.reply_to or "") for number, post in posts.items() if post.reply_to}
    assert ends == {"900": "10", "901": "22", "25": "900", "31": "902", "32": "31", "902": "90"}
    assert posts["901"].reply_to_author == "acct:lise@lemmy.test"
    assert [packs.short(one.post) for one in done.records if isinstance(one, DeletionRecord)] == ["22"]
    assert "24" not in posts, "removed by moderators: withheld, not deleted"
    threads = {packs.short(one.subject): one for one in done.records if isinstance(one, CoverageRecord)}
    assert (threads["10"].got, threads["10"].expected, threads["10"].complete) == (5, 5, True)


def test_a_cross_post_relays_where_it_says_nothing_of_its_own(done: Crawled, posts: dict[str, PostRecord]) -> None:
    repost = posts["13"]
    assert (repost.repost_of, repost.repost_of_author, repost.text) == (posts["10"].post, posts["10"].author, "")
    assert (posts["78"].quote_of, posts["78"].repost_of) == (posts["10"].post, None)
    assert "14" not in posts, "leads to the same page"
    polls = {packs.short(one.post): one.got for one in done.records if isinstance(one, PollRecord)}
    assert polls == {"10": 1, "77": 0, "78": 0}


def test_a_second_run_asks_for_what_is_new_and_notices_deletions(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("lemmy")
    key = next(key for key in recording.exchanges if key.startswith("lemmy.test/api/v4/comment?id"))
    recording.exchanges[key.replace("id=30", "id=31")] = [(404, {}, {"error": "not_found"})]

    def later(key: str, body: Any) -> Any:
        return body | {"comments": []} if "type_=comments" in key else body

    again, asked = replaying.again(done, recording, tmp_path, "2026-11-12T06:00:00Z", change=later)
    assert not [key for key in asked if "comment/list" in key], "nothing says that there are new answers"
    gone = [packs.short(one.post) for one in again.records if isinstance(one, DeletionRecord)]
    assert "31" in gone


def test_errors_are_told_by_their_name_and_a_private_server_in_one_line(tmp_path: Path) -> None:
    platform = Lemmy.__new__(Lemmy)
    at = datetime(2026, 11, 22, tzinfo=UTC)

    def outcome(error: str, status: int, before: Any) -> str:
        problem = {"error": error}
        return platform.judge(Answer(url="/", outcome=before, captured_at=at, status=status, problem=problem)).outcome

    assert outcome("couldnt_find_post", 400, "refused") == "gone"
    assert outcome("rate_limit_error", 400, "refused") == "rate_limit"
    assert outcome("instance_is_private", 400, "refused") == "refused"
    assert outcome("not_an_admin", 400, "refused") == "refused"

    def private(key: str, body: Any) -> Any:
        if key.startswith("lemmy.test/api/v4/site"):
            body["site_view"]["local_site"]["private_instance"] = True
        return body

    recording = replaying.read("lemmy")
    with recording.serve(private) as server:
        path = campaign_file(tmp_path, "lemmy.test", "Entraide", kind="lemmy")
        refused = crawl(path, tmp_path / "lake", "--connect", server.address, "--clock", recording.told["clock"])
    assert refused.code == 2
    assert "shows nothing without an account" in refused.err


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    gone = Followed("https://lemmy-fr.example/post/999", "2026-11-12T06:00:00+00:00")
    state = CrawlState(shows_posts=True, followed={"post/999": gone}, posts={"post/999": gone.uri})
    state.post_times["post/999"] = gone.created_at
    done = replaying.collect(PACK.recording(), tmp_path, state=state)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_pack_of_an_older_server_shows_the_same_post(tmp_path: Path) -> None:
    old = replace(PACK, host="ancien-lemmy.example")
    done = replaying.collect(old.recording(), tmp_path)
    [post] = [one for one in done.records if isinstance(one, PostRecord)]
    assert (post.post, post.author) == ("https://lemmy-fr.example/post/300", "acct:lise@lemmy-fr.example")
    assert post.replies == 4
