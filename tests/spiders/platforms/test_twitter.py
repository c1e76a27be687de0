"""X: what its API means, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from passerelle.records import CoverageRecord, DeletionRecord, EngagementRecord, PostRecord
from spiders.archives import read_archives
from spiders.asking.ask import Ask
from spiders.platforms.twitter.prices import at_most, fitting
from tests.spiders.crawling import Crawled, campaign_file, crawl
from tests.spiders.kept import state_of
from tests.spiders.platforms import packs, replaying

CLOCK = datetime(2026, 11, 15, 6, tzinfo=UTC)
CALL, ANSWER, RELAY = "2121513462789046272", "2121528562283446272", "2121543661777846272"
ROOT, GONE, BELOW = "2121135975429046272", "2121151074923446272", "2121211472901046272"
FIRST, EDITED, OLD = "2121302069867446272", "2121307103032246272", "2112468865643446272"
ALL, TAG = "api.x.com/2/tweets/search/all?query=%23Entraide", "api.x.com/2/tweets/search/recent?query=%23Entraide"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("twitter"), tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return posts_of(done)


def posts_of(done: Crawled) -> dict[str, PostRecord]:
    return {number(record.post): record for record in done.records if isinstance(record, PostRecord)}


def number(name: str) -> str:
    """What names it on the site."""
    assert name.startswith("twitter:")
    return name.removeprefix("twitter:")


def coverage(done: Crawled, scope: str) -> dict[str, tuple[int, int | None, str | None]]:
    told = (one for one in done.records if isinstance(one, CoverageRecord) and one.scope == scope)
    return {one.subject.removeprefix("twitter:"): (one.got, one.expected, one.reason) for one in told}


def test_the_archive_follows_the_last_days(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert coverage(done, "timeline") == {"Entraide": (6, None, None)}
    assert posts[OLD].created_at < CLOCK.replace(day=8)
    assert done.verdict["errors"]["en"] == []


def test_a_token_without_the_archive_is_told_so_once(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    recording.exchanges[ALL] = [(403, {}, {"type": "https://api.x.com/2/problems/client-forbidden"})]
    first = replaying.collect(recording, tmp_path / "first")
    (line,) = first.verdict["errors"]["en"]
    assert (first.code, "nothing older than 7 days" in line, "console.x.com" in line) == (0, True, True)
    told = [one for one in first.records if isinstance(one, CoverageRecord) and one.scope == "timeline"]
    assert [(one.reason, one.covered_from) for one in told] == [("newest_only", datetime(2026, 11, 8, 18, tzinfo=UTC))]
    again, asked = replaying.again(first, replaying.read("twitter"), tmp_path / "again", "2026-11-16T06:00:00Z")
    assert coverage(again, "timeline")["Entraide"][2] is None
    assert (again.verdict["errors"]["en"], ALL in asked) == ([], False), "what is new is within its reach"


def test_a_post_is_known_by_its_first_version(posts: dict[str, PostRecord]) -> None:
    assert EDITED not in posts
    times = (posts[FIRST].created_at, posts[FIRST].edited_at)
    assert times == (datetime(2026, 11, 13, 18, tzinfo=UTC), datetime(2026, 11, 13, 18, 20, tzinfo=UTC))


def test_a_repost_has_no_words_or_counts_and_brings_its_original(posts: dict[str, PostRecord]) -> None:
    relay, call = posts[RELAY], posts[CALL]
    assert (relay.text, relay.hashtags, relay.mentions, relay.reposts) == ("", (), (), None)
    assert (relay.repost_of, relay.repost_of_author) == (call.post, call.author)
    assert (call.hashtags, call.reposts, call.text[-5:]) == (("Entraide", "Metz"), 2, "#Metz"), "a long post is whole"


def test_who_reposted_comes_without_times_where_these_are_not_for_us(done: Crawled, tmp_path: Path) -> None:
    acts = [(one.account, number(one.post)) for one in done.records if isinstance(one, EngagementRecord)]
    assert acts == [("twitter:1202", CALL), ("twitter:1203", CALL)]
    recording = replaying.read("twitter")
    (page,) = (body for _, _, body in recording.exchanges[TAG])
    open_now = {"data": page["data"][:1], "includes": {"users": page["includes"]["users"]}, "meta": {"result_count": 1}}
    recording.exchanges[f"api.x.com/2/tweets/{CALL}/retweets?"] = [(200, {}, open_now)]
    timed = replaying.collect(recording, tmp_path)
    assert not [one for one in timed.records if isinstance(one, EngagementRecord)]
    assert posts_of(timed)[RELAY].created_at == datetime(2026, 11, 14, 10, tzinfo=UTC)


def test_the_first_post_of_a_conversation_is_asked_for_by_its_id(done: Crawled, posts: dict[str, PostRecord]) -> None:
    assert (number(posts[BELOW].reply_to or ""), number(posts[BELOW].root or "")) == (GONE, ROOT)
    assert posts[ROOT].text == "Qui embauche en Moselle ?"
    assert [number(one.post) for one in done.records if isinstance(one, DeletionRecord)] == [GONE]


def test_a_person_who_is_not_for_us_is_no_deletion(done: Crawled) -> None:
    assert {name: reason for name, (_, _, reason) in coverage(done, "history").items()} == {
        "1201": None,
        "1202": "nobot",
        "1203": "withheld",
    }


def test_what_is_deleted_is_told_at_the_next_look(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    for key in [key for key in recording.exchanges if "search" in key or "users" in key]:
        recording.exchanges[key] = [(200, {}, {"meta": {"result_count": 0}})]
    problem = "https://api.x.com/2/problems/"
    for name, why in ((CALL, "resource-not-found"), (ANSWER, "not-authorized-for-resource")):
        error = {"type": problem + why, "resource_id": name, "resource_type": "tweet", "parameter": "id", "value": name}
        recording.exchanges[f"api.x.com/2/tweets/{name}?"] = [(200, {}, {"errors": [error]})]
    again, _ = replaying.again(done, recording, tmp_path, "2026-11-16T06:00:00Z")
    gone = {number(one.post) for one in again.records if isinstance(one, DeletionRecord)}
    assert (CALL in gone, ANSWER in gone) == (True, False)


def test_what_is_known_is_asked_for_together_for_as_long_as_it_is_kept(done: Crawled, tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    known = [body["data"] for _, _, body in recording.exchanges[f"api.x.com/2/tweets/{ROOT}?"]]
    known += [one for _, _, body in recording.exchanges[TAG] for one in body["data"]]
    for key in [key for key in recording.exchanges if "search" in key or "users" in key]:
        recording.exchanges[key] = [(200, {}, {"meta": {"result_count": 0}})]
    asked: list[str] = []
    gone = {"type": "https://api.x.com/2/problems/resource-not-found", "resource_id": CALL}
    recording.exchanges[f"api.x.com/2/tweets/{CALL}?"] = [(200, {}, {"errors": [gone]})]

    def some(key: str) -> bytes:
        """Those that live on of the posts that are asked for."""
        named = dict(parse_qsl(key.partition("?")[2]))["ids"].split(",")
        shown = [one for one in known if one["id"] in named and one["id"] != CALL]
        return json.dumps({"data": shown, "errors": [gone]}).encode()

    state = state_of(done.lake, done.verdict["run_id"])
    names = sorted(state.posts)
    recording.exchanges[replaying.key_of(f"https://api.x.com/2/tweets?ids={','.join(names)}")] = [(200, {}, {})]
    recording.told["clock"] = "2026-12-15T06:00:00Z"  # nobody follows them any more
    state.followed.clear()

    def noted(key: str, body: Any) -> Any:
        asked.append(key)
        return some(key) if "ids=" in key else body

    again = replaying.collect(recording, tmp_path, state=state, change=noted)
    assert sum("ids=" in key for key in asked) == 1
    deleted = {number(one.post) for one in again.records if isinstance(one, DeletionRecord)}
    assert (CALL in deleted, ANSWER in deleted, ANSWER in posts_of(again)) == (True, False, True)
    assert money(again) == 5, "one post, without who wrote it"


def test_both_spellings_and_an_archive_of_them_come_to_the_same_posts(done: Crawled, tmp_path: Path) -> None:
    """A page that is kept in a file is imported as the very posts that a crawl collects."""
    pages = [body for given in replaying.read("twitter").exchanges.values() for _, _, body in given if "data" in body]
    file = tmp_path / "pages.jsonl"
    file.write_text("".join(json.dumps(page) + "\n" for page in pages if "author_id" in str(page)), "utf-8")
    imported = {one.post: one for one in read_archives([file], clock=CLOCK) if isinstance(one, PostRecord)}
    collected = {one.post: one for one in done.records if isinstance(one, PostRecord)}
    assert imported.keys() == collected.keys()
    assert {name: facts(one) for name, one in imported.items()} == {name: facts(one) for name, one in collected.items()}


def facts(post: PostRecord) -> tuple[Any, ...]:
    about = (post.reply_to, post.reply_to_author, post.root, post.repost_of, post.repost_of_author, post.quote_of)
    said = (post.created_at, post.edited_at, post.text, post.hashtags, post.mentions)
    return (post.platform, post.author, *said, *about)


def money(done: Crawled) -> int:
    """Thousandths of a dollar that were spent up to now."""
    return sum(state_of(done.lake, done.verdict["run_id"]).spent.get("usd", {}).values())


def test_each_post_and_person_is_paid_for_once_a_day(done: Crawled) -> None:
    bodies = [body for given in replaying.read("twitter").exchanges.values() for _, _, body in given]
    ids = set(re.findall(r"'id': '(\d+)', '(author_id|username)'", str(bodies)))
    assert len(ids) == 14
    assert money(done) == sum(5 if kind == "author_id" else 10 for _, kind in ids)


@pytest.mark.parametrize("usd", [0.05, 0.46, 0.48, 0.5])
def test_a_run_stays_within_its_budget_and_the_next_goes_on(usd: float, tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    recording.told["source"] = f"budget = {{usd = {usd}}}"
    first = replaying.collect(recording, tmp_path / "first")
    assert (first.code, money(first) <= usd * 1000) == (4, True)
    assert "USD are spent; collect again after 2026-12-01T00:00+00:00" in first.verdict["errors"]["en"][-1]
    replayed = replaying.replay(recording, tmp_path / "first", "replayed")
    assert (replayed.code, replayed.records) == (4, first.records)
    later = replaying.read("twitter")
    later.told["source"] = "budget = {usd = 100}"
    again, _ = replaying.again(first, later, tmp_path / "again", "2026-12-01T06:00:00Z")
    both = posts_of(first) | posts_of(again)
    assert {CALL, ANSWER, BELOW, FIRST, OLD, ROOT, RELAY} <= both.keys()


def test_pages_get_smaller_with_what_is_left() -> None:
    ask = Ask("/2/tweets/search/recent?query=x&max_results=100")
    assert at_most(ask) == 4500
    assert [at_most(fitting(ask, left)) for left in (100_000, 1000, 10)] == [4500, 990, 450], "at least ten"
    assert at_most(fitting(Ask("/2/tweets/1?expansions=author_id"), 10)) == 45


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (402, "credits-depleted", "no credit is left (HTTP 402); buy some at console.x.com"),
        (429, "usage-capped", "your project has reached its usage cap; raise it at console.x.com"),
    ],
)
def test_what_no_wait_heals_ends_the_source_at_once(status: int, kind: str, says: str, tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    refused = {"title": "No", "type": f"https://api.x.com/2/problems/{kind}", "detail": "no"}
    limits = {"x-rate-limit-limit": "75", "x-rate-limit-remaining": "9", "x-rate-limit-reset": "1794729600"}
    name = f"api.x.com/2/tweets/{CALL}/quote_tweets?"
    recording.exchanges[name] = [(status, limits, refused)]
    asked: list[str] = []
    ended = replaying.collect(recording, tmp_path, change=lambda key, body: (asked.append(key), body)[1])
    assert (ended.code, asked[-1]) == (4, name)
    assert ended.verdict["waited_seconds"] < 10, "for the archive only, a second between two questions"
    assert [line for line in ended.verdict["errors"]["en"] if says in line and "it goes on from there" in line]
    again, _ = replaying.again(ended, replaying.read("twitter"), tmp_path / "again", "2026-11-16T06:00:00Z")
    assert BELOW in posts_of(again)
    assert coverage(again, "thread")


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, {"title": "Unauthorized", "status": 401}, "put the bearer token of an app in the environment variable"),
        (403, {"type": "https://api.x.com/2/problems/client-forbidden"}, "attach the app to a project"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, body: Any, says: str, tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    recording.exchanges[TAG] = [(status, {}, body)]
    refused = replaying.collect(recording, tmp_path)
    assert (refused.code, len(refused.verdict["errors"]["en"])) == (2, 1)
    assert says in refused.verdict["errors"]["en"][0]
    assert replaying.TOKEN not in refused.err + str(refused.verdict)


def test_each_kind_of_question_has_a_limit_of_its_own(tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    spent = {"x-rate-limit-limit": "75", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "32503680000"}
    for key, given in recording.exchanges.items():
        if "quote_tweets" in key:
            recording.exchanges[key] = [(given[0][0], spent, given[0][2])]
    assert replaying.collect(recording, tmp_path).verdict["waited_seconds"] < 10, "a second for the archive"


def test_nothing_is_spent_that_nobody_allowed(tmp_path: Path) -> None:
    recording = replaying.read("twitter")
    recording.told["source"] = ""
    refused = replaying.collect(recording, tmp_path)
    assert (refused.code, "budget = { usd = 20 }" in refused.verdict["errors"]["en"][0]) == (2, True)


def test_the_site_itself_is_no_source(tmp_path: Path) -> None:
    path = campaign_file(tmp_path, "x.com", "Entraide", kind="x")
    with replaying.read("twitter").serve() as server:
        refused = crawl(path, tmp_path / "lake", "--connect", server.address)
    assert (refused.code, 'host = "api.x.com"' in refused.err) == (2, True)


def our_name(told: Mapping[str, Any]) -> str:
    """A person of the pack."""
    return f"twitter:{told['author']}"


PACK = packs.Pack(
    "twitter",
    "api.x.com",
    "2026-09-15T06:00:00Z",
    account=our_name,
    post=lambda name: f"twitter:{name}",
    folder="x",
    source="budget = {usd = 100}",
)
EXCEPTIONS = {
    "posts 1960000000000000050 reply_to_author": "the person came, as the pack does not say for others",
    "posts 1960000000000000060 text_from": "for people: the text is the long one",
    "coverage thread 1960000000000000010 got": "ours counts all below the root, the pack those that answer it",
    "coverage timeline all": "told of the hashtag: newest_only, with a line",
    "coverage timeline i4emploi complete": "more than 7 days are asked for here",
}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    done = replaying.collect(PACK.recording(), tmp_path / "long")
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
    assert posts_of(done)["1960000000000000050"].reply_to_author == "twitter:1100000000000000005"
    assert posts_of(done)["1960000000000000060"].text.endswith("#I4Emploi")
    short = replaying.collect(PACK.recording(), tmp_path / "short", first_days=6)
    assert coverage(short, "timeline") == {"i4emploi": (6, None, None)}, "complete, for the days that a search reaches"
