"""Bluesky: what its answers mean, on our recording and, where it is present, on the invented pack beside us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from passerelle.records import AccountRecord, DeletionRecord, EngagementRecord, MentionRecord, PostRecord
from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import Page
from spiders.platforms.bluesky import api, records, search, trees
from tests.spiders.crawling import CLOCK, KEEP, Crawled, campaign_file, crawl
from tests.spiders.odd_server import OddServer
from tests.spiders.platforms import packs, replaying

ADA, BOB, CLEO, DAN = (f"did:plc:{name * 6}" for name in ("adaa", "bobb", "cleo", "dann"))
SESSIONS = {"/xrpc/com.atproto.server.createSession": {"accessJwt": "one", "refreshJwt": "two"}}
PACK = packs.Pack(
    "bluesky",
    "bsky.social",
    "2026-09-15T06:00:00Z",
    account=lambda told: f"bluesky:{told['author']}",
    sessions=SESSIONS,
)
EXCEPTIONS = {
    "posts 3mvfdkqum222b": "a bridge's copy must not be counted, and no column can say so: refused, as not public",
    "posts 3mvfdkqum222b bridged_of": "as above",
    "posts 3mvfdkqum222b counted": "as above",
    "posts 3mvhknendq22b trusted_at": "one time is kept: what the author says, unless it cannot be",
    "posts 3mvcmfaxc222b trusted_at": "it is the time kept, in the place of the claim",
    "posts 3mvcmfaxc222b claimed_at": "it is the time left out",
    "posts 3mvhxexkn222b detached": "a quote that the quoted author withdrew is a quote; no column says so",
    "posts 3mvhrs5j6222b hidden_by_owner": "a reply hidden by the thread's owner is kept; no column says so",
    "engagement fxejtshftqkq4pwlwrgcwljv repost not_before": "bounds are made of polls, when the tables are",
    "engagement fxejtshftqkq4pwlwrgcwljv repost not_after": "bounds are made of polls, when the tables are",
    "engagement x2dz65kjzsamaqsb3t6zgpdc favourite": "likes are counted on the post, nobody's are collected",
    "engagement tzlnxy7lnyztrjn5hktcetfa favourite": "likes are counted on the post, nobody's are collected",
    "polls favourite": "likes are counted on the post, nobody's are collected",
    "coverage timeline at public.api.bsky.app": "another run, which is refused all: it fails, with one line (below)",
    "coverage timeline i4emploi reason": "search: our one word for it",
    "coverage timeline i4emploi got": "what came: one of the seven asks not to be shown and is refused after",
    "coverage thread 3mvhknendq22b expected": "replies at every level: three to the root, one below",
    "coverage thread 3mvhknendq22b got": "replies at every level: two to the root, one below",
    "coverage thread 3mvga2pcik22b": "nobody answered it by its own count, so that it is not asked for",
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return replaying.collect(replaying.read("bluesky"), tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def posts(done: Crawled) -> dict[str, PostRecord]:
    return {record.text: record for record in done.records if isinstance(record, PostRecord) and not record.embedded}


@pytest.mark.skipif(not packs.FOLDER.is_dir(), reason="the packs of platforms are not beside the repository")
def test_the_invented_pack_comes_out_as_it_must(tmp_path: Path) -> None:
    done = replaying.collect(PACK.recording(), tmp_path, first_days=30)
    assert PACK.differences(done.records).keys() == EXCEPTIONS.keys()
    copy = next(one for one in done.records if isinstance(one, PostRecord) and one.post.endswith("3mvfdkqum222b"))
    assert copy.visibility == "bridged"


def test_tags_and_mentions_are_those_that_the_author_set(posts: dict[str, PostRecord]) -> None:
    call = posts["🚀 Qui connaît un atelier à Lyon ? #Entraide @bob.test"]
    assert (call.hashtags, call.language) == (("Entraide",), "fr")
    assert call.mentions == (MentionRecord(account=f"bluesky:{BOB}", handle="bluesky:@bob.test"),)
    assert posts["Un voisin cherche un vélo, faites passer"].hashtags == ("entraide",)
    assert (call.replies, call.reposts, call.quotes, call.favourites) == (2, 2, 1, 3)


def test_an_impossible_time_gives_way_to_that_of_the_index(posts: dict[str, PostRecord]) -> None:
    assert posts["#entraide recopié"].created_at == datetime(2026, 11, 18, 10, tzinfo=UTC)


def test_threads_quotes_and_reposts_name_what_they_act_upon(done: Crawled, posts: dict[str, PostRecord]) -> None:
    call = posts["🚀 Qui connaît un atelier à Lyon ? #Entraide @bob.test"].post
    assert (posts["Oui, le mien"].reply_to, posts["Oui, le mien"].reply_to_author) == (call, f"bluesky:{ADA}")
    assert (posts["Merci !"].reply_to, posts["Merci !"].root) == (posts["Oui, le mien"].post, call)
    assert (posts["À lire"].quote_of, posts["À lire"].quote_of_author) == (call, f"bluesky:{ADA}")
    [repost] = [one for one in done.records if isinstance(one, PostRecord) and one.repost_of]
    assert (repost.repost_of, repost.author) == (call, f"bluesky:{CLEO}")
    assert repost.created_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert [one.account for one in done.records if isinstance(one, EngagementRecord)] == [f"bluesky:{CLEO}"]


def test_gone_is_deleted_blocked_is_unknown_and_who_shuns_strangers_is_left_alone(done: Crawled) -> None:
    assert [one.post.split("/")[2] for one in done.records if isinstance(one, DeletionRecord)] == [CLEO]
    wishes = {one.account: one.evidence.noindex for one in done.records if isinstance(one, AccountRecord)}
    assert {account for account, is_left in wishes.items() if is_left} == {f"bluesky:{DAN}"}


def test_only_the_search_carries_the_session_and_a_token_that_is_over_is_renewed(tmp_path: Path) -> None:
    with replaying.read("bluesky").serve() as server:
        campaign = replaying.campaign(replaying.read("bluesky"), tmp_path, 9000)
        words = ("--connect", server.address, "--clock", "2026-11-22T06:00:00Z")
        done = crawl(campaign, tmp_path / "lake", *words, env={"TOKEN_OF_TEST": replaying.TOKEN})
        asked = [(target, headers.get("Authorization", "")) for _, target, headers in server.log]
    assert done.code == 0, done.err
    first, second = "Bearer a-token-of-the-first-hour", "Bearer a-token-of-the-second-hour"
    assert [bearer for target, bearer in asked if "searchPosts" in target] == [first, first, second]
    assert [bearer for target, bearer in asked if "refreshSession" in target] == ["Bearer a-token-that-renews"]
    assert {bearer for target, bearer in asked if "Session" not in target and "searchPosts" not in target} == {""}


@pytest.mark.parametrize(
    ("host", "source", "language", "line"),
    [
        (
            "public.api.bsky.app",
            "",
            "C",
            "wants a token (HTTP 403): put a handle and an app password",
        ),
        ("public.api.bsky.app", "", "fr", "public.api.bsky.app demande un jeton (HTTP 403) : mettez un identifiant"),
        ("public.api.bsky.app", 'token_variable = "T"', "C", 'takes no login; write host = "bsky.social"'),
        ("public.api.bsky.app", 'token_variable = "T"', "fr", "n'accepte pas de connexion ; écrivez host ="),
    ],
)
def test_where_a_search_is_refused_one_line_says_what_to_do(
    host: str, source: str, language: str, line: str, tmp_path: Path
) -> None:
    campaign = campaign_file(tmp_path, host, "Entraide", source=source, kind="bluesky")
    with OddServer(lambda path, query, base: (403, {}, b"<html>Forbidden") if "search" in path else None) as server:
        words = ("--connect", server.address)
        done = crawl(campaign, tmp_path / "lake", *words, settings=(KEEP,), env={"LANG": language, "T": "ada:b"})
    assert (done.code, line in done.err.replace("\u202f", " ").replace("\xa0", " ")) == (2, True), done.err


@pytest.mark.parametrize(
    ("status", "problem", "outcome"),
    [
        (400, {"error": "NotFound"}, "gone"),
        (400, {"error": "InvalidRequest", "message": "Could not find repo"}, "refused"),
        (400, {"error": "BlockedActor"}, "withheld"),
        (502, {"error": "UpstreamFailure"}, "unreachable"),
        (400, ["NotFound"], "refused"),
    ],
)
def test_errors_mean_what_their_names_say(status: int, problem: Any, outcome: str, network: api.Bluesky) -> None:
    came = "unreachable" if status >= 500 else "refused"
    answer = Answer(url="/xrpc/x", outcome=came, captured_at=CLOCK, status=status, problem=problem)
    assert network.judge(answer).outcome == outcome


@pytest.fixture
def network() -> api.Bluesky:
    run: Any = SimpleNamespace(source="bsky.social", server=SimpleNamespace(token_variable=None), campaign=None)
    return api.Bluesky(run, SimpleNamespace(accounts={}), {})  # type: ignore[arg-type]


def test_a_search_too_deep_for_its_cursor_goes_on_below_the_oldest_that_it_showed() -> None:
    first = Ask("https://bsky.social/search?q=x")
    posts = [{"indexedAt": "2026-09-12T08:00:02Z", "record": {"createdAt": "2026-09-12T07:00:00Z"}}]

    def following(url: str, cursor: str | None) -> list[str] | None:
        answer = Answer(url=url, outcome="ok", captured_at=CLOCK, payload={"cursor": cursor})
        found = search.older(Page(first, answer, posts))
        return found and [ask.url for ask in found]

    assert following(first.url, "100") == [f"{first.url}&cursor=100"]
    assert following(first.url, "9900") == [f"{first.url}&until=2026-09-12T07%3A00%3A01Z"]
    sliced = f"{first.url}&until=2026-09-12T07%3A00%3A01Z"
    assert following(sliced, "100") == [f"{sliced}&cursor=100"]
    assert following(sliced, None) is None


@pytest.mark.parametrize(("status", "error"), [(501, "MethodNotImplemented"), (404, "XRPCNotSupported")])
def test_where_a_search_is_there_in_its_second_version_only_that_is_asked(
    status: int, error: str, tmp_path: Path
) -> None:
    asked: list[dict[str, str]] = []

    def serve(path: str, query: dict[str, str], base: str) -> Any:
        if path.endswith("searchPosts"):
            return status, {}, {"error": error}
        if path.endswith("searchPostsV2"):
            asked.append(query)
            posts = [found(n) for n in ((1, 2) if "cursor" not in query else (3,))]
            return 200, {}, {"posts": posts, **({"cursor": "2"} if len(posts) == 2 else {})}
        return None

    with OddServer(serve) as server:
        quiet = "threads = false\nreposters = false\nhistory_days = 0"
        campaign = campaign_file(tmp_path, server.address, "Entraide", kind="bluesky", collect=quiet)
        done = crawl(campaign, tmp_path / "lake", settings=(KEEP,))
    assert done.code == 0, done.err
    assert len([one for one in done.records if isinstance(one, PostRecord)]) == 3
    first = {"hashtags": "Entraide", "sort": "recent", "allTime": "true", "limit": "100"}
    assert asked == [first, first | {"cursor": "2"}]


def found(number: int) -> dict[str, Any]:
    at = f"2026-11-{number:02}T08:00:00Z"
    record = {"$type": records.POSTS, "text": "bonjour", "tags": ["entraide"], "createdAt": at}
    author = {"did": ADA, "handle": "ada.test", "labels": []}
    uri = f"at://{ADA}/{records.POSTS}/post{number}"
    return {"uri": uri, "author": author, "record": record, "indexedAt": at, "replyCount": 0, "repostCount": 0}


def thread(depth: int, level: int = 0) -> dict[str, Any]:
    replies = [thread(depth, level + 1)] if level < depth else []
    return {"post": {"uri": f"at://{level}"}, "replies": replies}


@pytest.mark.parametrize(("depth", "edge"), [(2, []), (6, ["at://6"]), (30, ["at://30"])])
def test_a_thread_is_cut_at_its_greatest_depth_only(depth: int, edge: list[str]) -> None:
    assert list(trees.edge({"thread": thread(depth)})) == edge


@pytest.mark.parametrize(
    ("uri", "time"),
    [
        ("at://did:plc:x/app.bsky.feed.repost/3mvi63jz7222b", datetime(2026, 9, 14, 13, tzinfo=UTC)),
        ("at://did:plc:x/app.bsky.feed.repost/self", None),
        ("at://did:plc:x/app.bsky.feed.repost/2222222222222", None),  # 1970: another kind of key
    ],
)
def test_the_key_of_a_record_holds_its_time(uri: str, time: datetime | None) -> None:
    assert records.time_of_key(uri) == time


def act(claim: str) -> dict[str, Any]:
    return {"uri": "at://did:plc:x/app.bsky.feed.repost/3mvi63jz7222b", "value": {"createdAt": claim}}


@pytest.mark.parametrize("claim", ["2031-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "", "soon"])
def test_a_repost_that_claims_another_day_has_the_time_of_its_key(claim: str) -> None:
    assert records.reposted_at(act(claim)) == datetime(2026, 9, 14, 13, tzinfo=UTC)
    assert records.reposted_at(act("2026-09-14T12:59:58Z")) == datetime(2026, 9, 14, 12, 59, 58, tzinfo=UTC)


def facet(start: Any, end: Any, tag: Any = "entraide") -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": f"{TAG}#tag", "tag": tag}]}


TAG = "app.bsky.richtext.facet"
Make = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("facets", "found"),
    [
        ([facet(5, 14)], ("entraide",)),
        ([facet(5, 99)], ()),  # beyond the text
        ([facet(9, 5)], ()),
        ([facet("5", 14)], ()),
        ([facet(5, 14, 7)], ()),
        ([{"index": {"byteStart": 5, "byteEnd": 14}, "features": [{"$type": f"{TAG}#link", "tag": "entraide"}]}], ()),
        ("no list", ()),
    ],
)
def test_a_facet_counts_where_it_is_within_the_text(facets: Any, found: tuple[str, ...]) -> None:
    assert records.hashtags({"text": "🚀 #entraide", "facets": facets}) == found


def shown(**changes: Any) -> dict[str, Any]:
    """A post as the index shows it, with other values in its record."""
    made = {"text": "x", "createdAt": "2026-09-14T12:00:00Z"}
    uri = f"at://{ADA}/app.bsky.feed.post/3mvi63jz7222b"
    return {"uri": uri, "author": {"did": ADA, "handle": "ada.test"}, "record": {**made, **changes}}


OTHER = f"at://{BOB}/app.bsky.feed.post/3mvi63jz7222b"
LIST = f"at://{BOB}/app.bsky.graph.list/3mvi63jz7222b"


@pytest.mark.parametrize(
    ("embed", "quoted"),
    [
        ({"$type": "app.bsky.embed.record", "record": {"uri": OTHER}}, OTHER),
        ({"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": OTHER}}}, OTHER),
        ({"$type": "app.bsky.embed.record", "record": {"uri": LIST}}, None),
        ({"$type": "app.bsky.embed.record", "record": {"uri": "https://x.test/1"}}, None),
        ({"record": "x"}, None),
        (["x"], None),
        (7, None),
    ],
)
def test_only_posts_are_quoted_and_what_cannot_be_read_costs_itself(embed: Any, quoted: str | None) -> None:
    assert records.post_record(shown(embed=embed), "bsky.social", CLOCK).quote_of == quoted


@pytest.mark.parametrize("reply", [7, {}, {"parent": 7}, {"parent": {"uri": "x"}}, {"parent": {"uri": shown()["uri"]}}])
def test_a_parent_that_is_none_is_left(reply: Any) -> None:
    assert records.post_record(shown(reply=reply), "bsky.social", CLOCK).reply_to is None


@pytest.mark.parametrize(
    ("labels", "is_left"),
    [([], False), (None, True), ([{"val": "!no-unauthenticated"}], True), ("x", True), ([{"val": "bot"}], False)],
)
def test_a_wish_that_cannot_be_read_is_taken_for_one(labels: Any, is_left: bool) -> None:
    author = {"did": ADA, "handle": "ada.test", "labels": labels}
    assert records.account_record(author, "bsky.social", CLOCK).evidence.noindex is is_left
    taken_back = [{"val": "!no-unauthenticated"}, {"val": "!no-unauthenticated", "neg": True}]
    assert records.account_record({**author, "labels": taken_back[1:]}, "bsky.social", CLOCK).evidence.noindex is False
