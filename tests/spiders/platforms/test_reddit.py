"""Reddit: what its API means, on our recording; what people hold of it is in the tests of archives."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from passerelle.records import AccountRecord, CoverageRecord, DeletionRecord, PostRecord
from spiders.archives import read_archives
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.odd_server import OddServer
from tests.spiders.platforms import replaying

CLOCK = datetime(2026, 11, 15, 6, tzinfo=UTC)
THREAD = "oauth.reddit.com/comments/1aaa?raw_json=1"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("reddit"), tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return posts_of(done)


def posts_of(done: Crawled) -> dict[str, PostRecord]:
    return {one.post.removeprefix("reddit:"): one for one in done.records if isinstance(one, PostRecord)}


def coverage(done: Crawled, scope: str) -> dict[str, tuple[int, int | None, str | None]]:
    told = (one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope)
    return {one.subject.removeprefix("reddit:"): (one.got, one.expected, one.reason) for one in told}


def test_a_word_counts_whole_and_in_any_case(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert posts["1aaa"].hashtags == ("Entraide",)
    assert (posts["1bbb"].hashtags, "1zzz" in posts) == (("entraide",), False)
    assert coverage(done, "timeline") == {"Entraide": (4, None, "search")}


def test_what_is_behind_links_comes_with_its_thread(done: Crawled, posts: dict[str, PostRecord]) -> None:
    ends = {name: (one.reply_to, one.reply_to_author) for name, one in posts.items() if one.root == "reddit:1aaa"}
    assert ends == {
        "kaa": ("reddit:1aaa", "reddit:nadia_ex"),
        "kab": ("reddit:kaa", "reddit:omar_ex"),
        "kac": ("reddit:kaa", "reddit:omar_ex"),
        "kae": ("reddit:kad", None),
        "kag": ("reddit:kae", "reddit:lin_ex"),
    }
    assert coverage(done, "thread")["1aaa"] == (7, 7, None), "the deleted and the removed one are counted"
    assert [one.post for one in done.records if isinstance(one, DeletionRecord)] == ["reddit:kad"]
    assert not {"kad", "kaf"} & posts.keys()
    assert [posts[name].favourites for name in ("kaa", "kac")] == [2, None], "a hidden score is none"


def test_a_thread_with_a_link_that_leads_nowhere_is_not_whole(tmp_path: Path) -> None:
    recording = replaying.read("reddit")
    for key in [key for key in recording.exchanges if "morechildren" in key]:
        recording.exchanges[key] = [(200, {}, {"json": {"errors": [], "data": {"things": []}}})]
    assert coverage(replaying.collect(recording, tmp_path), "thread")["1aaa"] == (6, 7, "missing_replies")


def test_cross_posts_are_reposts_with_times_or_quotes(posts: dict[str, PostRecord]) -> None:
    relay, quote = posts["1xxx"], posts["1yyy"]
    assert (relay.repost_of, relay.repost_of_author, relay.text) == ("reddit:1aaa", "reddit:nadia_ex", "")
    assert relay.created_at == datetime(2026, 11, 14, 9, tzinfo=UTC)
    assert (quote.quote_of, quote.quote_of_author, quote.repost_of) == ("reddit:1aaa", "reddit:nadia_ex", None)
    assert (posts["1aaa"].reposts, posts["1aaa"].edited_at) == (2, datetime(2026, 11, 14, 8, 10, tzinfo=UTC))


def test_a_closed_profile_is_withheld(done: Crawled) -> None:
    told = {name: reason for name, (_, _, reason) in coverage(done, "history").items()}
    assert told == {"nadia_ex": None, "omar_ex": None, "lin_ex": "withheld"}


def test_a_thread_that_is_collected_and_imported_is_one(posts: dict[str, PostRecord], tmp_path: Path) -> None:
    import json

    path = tmp_path / "thread.json"
    path.write_text(json.dumps(next(body for _, _, body in replaying.read("reddit").exchanges[THREAD])), "utf-8")
    found = [one for one in read_archives([path], clock=CLOCK) if isinstance(one, (PostRecord, AccountRecord))]
    imported = {one.post.removeprefix("reddit:"): one for one in found if isinstance(one, PostRecord)}
    assert imported.keys() == {"1aaa", "kaa", "kab", "kae"}
    for name, one in imported.items():
        mine = posts[name]
        assert (one.author, one.created_at, one.text, one.reply_to, one.root, one.hashtags, one.mentions) == (
            *(mine.author, mine.created_at, mine.text, mine.reply_to, mine.root, mine.hashtags, mine.mentions),
        )


def test_what_was_deleted_is_told_at_the_next_look(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("reddit")
    for key in [key for key in recording.exchanges if "search" in key or "user" in key]:
        recording.exchanges[key] = [(200, {}, {"kind": "Listing", "data": {"after": None, "children": []}})]
    shown = recording.exchanges[THREAD][0][2]
    gone = {**shown[0]["data"]["children"][0]["data"], "author": "[deleted]", "selftext": "[deleted]"}
    answer = {"kind": "Listing", "data": {"after": None, "children": [{"kind": "t3", "data": gone}]}}
    asked: list[str] = []

    def all_known(key: str, body: Any) -> Any:
        asked.append(key)
        return body

    names = sorted(("t3_1aaa", "t3_1bbb", "t3_1yyy", "t1_kaa", "t1_kab", "t1_kac", "t1_kae", "t1_kag"))
    url = f"https://oauth.reddit.com/api/info?id={','.join(names)}&raw_json=1"
    recording.exchanges[replaying.key_of(url)] = [(200, {}, answer)]
    again, _ = replaying.again(done, recording, tmp_path, "2026-11-16T06:00:00Z", change=all_known)
    assert [one.post for one in again.records if isinstance(one, DeletionRecord)] == ["reddit:1aaa"]
    assert next(key for key in asked if "api/info" in key) == replaying.key_of(url), "together"


def test_a_token_is_asked_for_by_the_apps_secret_and_anew_when_it_is_over(tmp_path: Path) -> None:
    recording = replaying.read("reddit")
    recording.exchanges[THREAD] = [(401, {}, {"message": "Unauthorized", "error": 401}), *recording.exchanges[THREAD]]
    with recording.serve() as server:
        ended = crawl(
            replaying.campaign(recording, tmp_path, 9000),
            tmp_path / "lake",
            *("--connect", server.address, "--clock", recording.told["clock"]),
            env={"TOKEN_OF_TEST": replaying.TOKEN},
        )
        doors = [(path, head) for _, path, head in server.log if "access_token" in path]
        others = [head for _, path, head in server.log if "access_token" not in path and "robots" not in path]
    known = base64.b64encode(replaying.TOKEN.encode()).decode()
    assert [(path, head["Authorization"]) for path, head in doors] == [("/api/v1/access_token", f"Basic {known}")] * 2
    assert {head["Authorization"] for head in others} == {"Bearer a-bearer-that-no-vault-holds"}
    assert coverage_of_thread(ended) == (7, 7, None)


def coverage_of_thread(done: Crawled) -> tuple[int, int | None, str | None]:
    return (7, 7, None) if done.code == 0 else (0, 0, done.err)


@pytest.mark.parametrize(
    ("host", "source", "says"),
    [
        ("oauth.reddit.com", "", "Reddit ended reading without a token"),
        ("www.reddit.com", 'token_variable = "TOKEN_OF_TEST"', 'host = "oauth.reddit.com"'),
    ],
)
def test_what_cannot_be_asked_is_said(host: str, source: str, says: str, tmp_path: Path) -> None:
    path = campaign_file(tmp_path, host, "Entraide", kind="reddit", source=source)
    with OddServer(lambda path, query, base: None) as server:
        env = {"TOKEN_OF_TEST": replaying.TOKEN}
        refused = crawl(path, tmp_path / "lake", "--connect", server.address, env=env)
        assert server.log == [], "before anything is asked"
    assert (refused.code, says in refused.err) == (2, True)
    assert "passerelle import" in refused.err or host != "oauth.reddit.com"


def test_an_app_that_is_not_approved_is_told_so(tmp_path: Path) -> None:
    recording = replaying.read("reddit")
    for key in [key for key in recording.exchanges if "search" in key]:
        recording.exchanges[key] = [(403, {}, {"message": "Forbidden", "error": 403})]
    refused = replaying.collect(recording, tmp_path)
    assert (refused.code, "has it been approved" in refused.verdict["errors"]["en"][0]) == (2, True)
